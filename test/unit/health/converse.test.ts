// When the answer to an HTTP probe has ended, and that its connection is closed then. The conversations
// themselves are tried over real connections in test/integration/health.
import { beforeEach, expect, it } from 'vitest';
import { MAX_BODY_BYTES } from '../../../src/main/health/assertions.ts';
import { collectAnswer } from '../../../src/main/health/converse.ts';

let closed: number;
const close = () => closed++;

beforeEach(() => {
  closed = 0;
});

it('keeps the first end and closes the connection once', async () => {
  const answer = collectAnswer(new AbortController().signal, close);
  answer.status = 200;
  answer.addBody(Buffer.from('he'));
  answer.addBody(Buffer.from('llo'));
  expect(closed).toBe(0);
  answer.end(undefined);
  answer.end(new Error('closed by us'));
  expect(closed).toBe(1);
  expect(await answer.answered).toEqual({
    status: 200,
    body: Buffer.from('hello'),
    truncated: false,
    error: undefined,
  });
});

it('ends well with more body than is judged', async () => {
  const answer = collectAnswer(new AbortController().signal, close);
  answer.status = 200;
  answer.addBody(Buffer.alloc(MAX_BODY_BYTES));
  expect(closed).toBe(0);
  answer.addBody(Buffer.alloc(1));
  expect(closed).toBe(1);
  const { body, truncated, error } = await answer.answered;
  expect([body.length, truncated, error]).toEqual([MAX_BODY_BYTES, true, undefined]);
});

it('ends at the deadline with what came until then', async () => {
  const deadline = new AbortController();
  const answer = collectAnswer(deadline.signal, close);
  answer.status = 200;
  answer.addBody(Buffer.from('he'));
  deadline.abort('late');
  expect(closed).toBe(1);
  expect(await answer.answered).toEqual({
    status: 200,
    body: Buffer.from('he'),
    truncated: false,
    error: 'late',
  });
});

it('has ended at once where the deadline has passed', async () => {
  const answer = collectAnswer(AbortSignal.abort('late'), close);
  expect(closed).toBe(1);
  expect((await answer.answered).error).toBe('late');
});
