// The kept part of a request body: the same bytes again, or nothing at all.
import { describe, expect, it } from 'vitest';
import { ReplayBody } from '../../../../src/main/engine/resilience/replay-body.ts';

function bodyOf(limitBytes: number, ...pieces: string[]): ReplayBody {
  const body = new ReplayBody();
  body.start(limitBytes);
  for (const piece of pieces) body.sending(Buffer.from(piece));
  return body;
}

describe('a body that is kept while it is sent', () => {
  it.each([
    ['nothing', 8, [], true, ''],
    ['nothing, though nothing may be kept', -1, [], true, ''],
    ['one piece', 8, ['abc'], true, 'abc'],
    ['several pieces', 8, ['abc', 'de', 'f'], true, 'abcdef'],
    ['as much as the limit', 6, ['abc', 'def'], true, 'abcdef'],
    ['one byte more', 5, ['abc', 'def'], false, ''],
    ['a first piece over the limit', 2, ['abc'], false, ''],
    ['more after it was given up', 2, ['abc', 'd'], false, ''],
    ['anything where nothing may be kept', -1, ['a'], false, ''],
    ['anything where the limit is 0', 0, ['a'], false, ''],
  ])('%s', (_, limitBytes, pieces, whole, kept) => {
    const body = bodyOf(limitBytes, ...pieces);
    expect([body.whole, body.kept.toString()]).toEqual([whole, kept]);
  });

  it('is the same whatever the pieces were', () => {
    const bytes = Buffer.from(Array.from({ length: 20_000 }, (_, i) => (i * 7) % 256));
    for (const size of [1, 13, 4096, 19_999, 20_000]) {
      const body = new ReplayBody();
      body.start(bytes.length);
      for (let at = 0; at < bytes.length; at += size) body.sending(bytes.subarray(at, at + size));
      expect([size, body.whole, body.kept.equals(bytes)]).toEqual([size, true, true]);
    }
  });

  it('leaves what it handed out as it was when more arrives', () => {
    const body = bodyOf(100, 'abc', 'def');
    const sent = body.kept;
    for (let i = 0; i < 10; i++) body.sending(Buffer.from('ghi'));
    expect(sent.toString()).toBe('abcdef');
    expect(body.kept.length).toBe(36);
  });

  it('never writes into a piece', () => {
    const chunk = Buffer.from('abcdefgh');
    const body = new ReplayBody();
    body.start(100);
    body.sending(chunk.subarray(0, 3));
    body.sending(Buffer.from('XYZ'));
    expect([chunk.toString(), body.kept.toString()]).toEqual(['abcdefgh', 'abcXYZ']);
  });
});

describe('a body nobody can take at the moment', () => {
  it('is held whatever its size, and given up once that has been sent', () => {
    const body = bodyOf(4, 'abc');
    body.holding(Buffer.from('defgh'));
    expect([body.whole, body.kept.toString()]).toEqual([true, 'abcdefgh']);
    body.sent();
    expect([body.whole, body.kept.length]).toEqual([false, 0]);
  });

  it('is kept on when it fits', () => {
    const body = bodyOf(8, 'abc');
    body.holding(Buffer.from('def'));
    body.sent();
    body.sending(Buffer.from('gh'));
    expect([body.whole, body.kept.toString()]).toEqual([true, 'abcdefgh']);
  });
});

describe('the next body', () => {
  it('begins empty', () => {
    const body = bodyOf(2, 'abc');
    body.start(4);
    body.sending(Buffer.from('x'));
    expect([body.whole, body.kept.toString()]).toEqual([true, 'x']);
    body.start(4);
    expect([body.whole, body.kept.length]).toEqual([true, 0]);
  });
});
