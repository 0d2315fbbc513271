// Streams that an HTTP/2 backend resets: what may go to another backend is what would have gone there
// from a connection that an HTTP/1.1 backend closed at the same moment.
import { describe, expect, it, vi } from 'vitest';
import { EngineHarness, type PoolWords } from '../../support/engine-harness.ts';
import { H2Backend, H2RawBackend, respond } from '../../support/h2-backends.ts';
import { END_HEADERS, frame, headers, TYPE, uint32 } from '../../support/h2-frames.ts';
import { disposedAfterEach } from '../../support/opened.ts';
import { ask, GET, POST } from '../../support/single-requests.ts';

const OK = [[':status', '200']] as const;
const PUT = POST.replace('POST', 'PUT');
const CODES = [
  ['NO_ERROR', 0],
  ['INTERNAL_ERROR', 2],
  ['ENHANCE_YOUR_CALM', 11],
  ['HTTP_1_1_REQUIRED', 13],
] as const;
const CANCEL = 8;
const opened = disposedAfterEach();

function reset(code: number, stream = 1): Buffer {
  return frame(TYPE.reset, 0, stream, uint32(code));
}

/** A pool whose first choice is a backend that the test speaks for; the other one answers. */
async function withSpare(pool: Partial<PoolWords> = {}) {
  const bad = opened(await H2RawBackend.listen());
  const bodies: string[] = [];
  const good = opened(
    await H2Backend.listen(async (request) => {
      bodies.push(await request.body());
      respond(request, 'good');
    }),
  );
  const backends = { bad: bad.port, good: good.port };
  const engine = opened(await EngineHarness.serving(backends, { protocol: 'http2', ...pool }));
  return { bad, bodies, engine };
}

/** Sends `request` to the first choice, which says `answer` once it has all of it. */
async function answered(pool: Partial<PoolWords>, request: string, answer: Buffer) {
  const { bad, bodies, engine } = await withSpare(pool);
  const message = ask(engine, request);
  const connection = await bad.connection();
  await connection.until(() => connection.isComplete(1), 'the request');
  connection.send(answer);
  const { status, body } = await message;
  return { engine, bodies, status, body };
}

describe('an HTTP/2 backend that resets a stream', () => {
  it.each(CODES)('R2 with %s before it answers: a GET goes elsewhere', async (_, code) => {
    const { engine, body } = await answered({}, GET, reset(code));
    expect(body).toBe('good');
    expect([engine.count('api/bad', 'errors'), engine.count('api/bad', 'retries')]).toEqual([1, 1]);
  });

  it.each(CODES)('R2 with %s before it answers: a POST goes nowhere else', async (name, code) => {
    const { bodies, status, body } = await answered({}, POST, reset(code));
    const told = code === 0 ? 'broke the request off' : `broke the request off: ${name}`;
    expect([status, body.trim().endsWith(told), bodies]).toEqual([502, true, []]);
  });

  it('R6 before it answers: the next one gets the same body, unless that was too large to keep', async () => {
    const kept = await answered({}, PUT, reset(2));
    expect([kept.body, kept.bodies]).toEqual(['good', ['hello']]);
    const large = await answered({ retries: { bodyBytes: 4 } }, PUT, reset(2));
    expect([large.status, large.bodies]).toEqual([502, []]);
  });

  it('R6 in the middle of a body: the next one gets all of it', async () => {
    const { bad, bodies, engine } = await withSpare();
    await using client = await engine.client();
    client.send(PUT.slice(0, -2));
    const connection = await bad.connection();
    await connection.until(() => connection.data(1) === 'hel', 'the first part');
    connection.send(reset(2));
    await vi.waitFor(() => expect(engine.count('api/bad', 'retries')).toBe(1));
    client.send('lo');
    expect((await client.message()).body).toBe('good');
    expect(bodies).toEqual(['hello']);
  });

  it('R8 before it answers: what goes elsewhere is in the budget and among the attempts', async () => {
    const broke = await answered({ retries: { budgetPct: 0, budgetMin: 0 } }, GET, reset(2));
    expect([broke.status, broke.bodies]).toEqual([502, []]);
    const once = await answered({ retries: { attempts: 1 } }, GET, reset(2));
    expect([once.status, once.bodies]).toEqual([502, []]);
  });

  it('R9 before it answers: all is over at the deadline', async () => {
    const bad = opened(await H2RawBackend.listen());
    const silent = opened(await H2RawBackend.listen());
    const backends = { bad: bad.port, silent: silent.port };
    const words = { protocol: 'http2', retries: { deadlineMs: 300 } } as const;
    const engine = opened(await EngineHarness.serving(backends, words));
    const message = ask(engine);
    const connection = await bad.connection();
    await connection.frame(TYPE.headers, 1);
    connection.send(reset(2));
    expect((await message).status).toBe(504);
    expect(engine.count('api/silent', 'requests')).toBe(1);
  });

  it.each([
    ['GET', GET],
    ['POST', POST],
  ])('R10 with CANCEL: a %s goes nowhere else', async (_, request) => {
    const { engine, bodies, status, body } = await answered({}, request, reset(CANCEL));
    expect([status, body]).toEqual([502, expect.stringContaining('broke the request off: CANCEL')]);
    expect([bodies, engine.count('api/bad', 'retries')]).toEqual([[], 0]);
  });

  it('R7 behind an interim answer: nothing goes elsewhere', async () => {
    const { bad, bodies, engine } = await withSpare();
    await using client = await engine.client();
    client.send(GET);
    const connection = await bad.connection();
    await connection.frame(TYPE.headers, 1);
    connection.send(headers(1, [[':status', '103']], END_HEADERS));
    expect((await client.message()).status).toBe(103);
    connection.send(reset(2));
    expect((await client.message()).status).toBe(502);
    expect(bodies).toEqual([]);
  });

  it('with NO_ERROR behind a whole answer to an unfinished request: the answer stands', async () => {
    const { bad, bodies, engine } = await withSpare();
    await using client = await engine.client();
    client.send(PUT.slice(0, -2));
    const connection = await bad.connection();
    await connection.until(() => connection.data(1) === 'hel', 'the first part');
    connection.send(Buffer.concat([headers(1, OK), reset(0)]));
    expect((await client.message()).status).toBe(200);
    await vi.waitFor(() => expect(engine.records.map(({ failure }) => failure)).toEqual(['']));
    expect([bodies, engine.count('api/bad', 'errors')]).toEqual([[], 0]);
  });
});
