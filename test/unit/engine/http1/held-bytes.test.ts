// What is held of a client, however it was cut into pieces.
import { describe, expect, it } from 'vitest';
import { HeldBytes } from '../../../../src/main/engine/http1/held-bytes.ts';

const HEAD = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';

function unused({ bytes, from }: HeldBytes): string {
  return bytes === null ? '' : bytes.toString('latin1', from);
}

describe('held bytes', () => {
  it.each([1, 2, 3, 5, 7, 1000])('F19 give two heads and the rest from pieces of %i', (size) => {
    const text = `${HEAD}${HEAD.replace('a', 'bcd')}rest`;
    const held = new HeldBytes();
    const heads: string[] = [];
    for (let at = 0; at < text.length; at += size) {
      held.append(Buffer.from(text.slice(at, at + size), 'latin1'));
      for (let end = held.findHeadEnd(); end !== -1; end = held.findHeadEnd()) {
        heads.push(held.bytes!.toString('latin1', held.from, end));
        held.keep(held.bytes!, end);
      }
    }
    expect(heads).toEqual([HEAD, HEAD.replace('a', 'bcd')]);
    expect([unused(held), held.length]).toEqual(['rest', 4]);
    expect(held.take()?.toString('latin1')).toBe('rest');
    expect([held.bytes, held.length]).toEqual([null, 0]);
  });

  it('leave what was handed over as it is', () => {
    const held = new HeldBytes();
    held.append(Buffer.from('ab'));
    held.append(Buffer.from('cd'));
    const taken = held.take();
    held.append(Buffer.from('xy'));
    held.append(Buffer.from('z'));
    expect([taken?.toString('latin1'), unused(held)]).toEqual(['abcd', 'xyz']);
  });

  it.each([
    ['a whole head is gone from', 'GET', 3, ''],
    ['a part is left of', 'GETrest', 3, 'rest'],
    ['nothing is used of', 'GET', 0, 'GET'],
  ])('are their own once %s borrowed bytes', (_, text, used, left) => {
    const chunk = Buffer.from(text);
    const held = new HeldBytes();
    held.append(chunk, true);
    held.keep(held.bytes!, used);
    held.own();
    chunk.fill('#');
    expect(unused(held)).toBe(left);
  });

  it('hand over a copy of borrowed bytes', () => {
    const chunk = Buffer.from('0123');
    const held = new HeldBytes();
    held.append(chunk, true);
    const taken = held.take();
    chunk.fill('#');
    expect(taken?.toString()).toBe('0123');
  });

  it('do not write into a chunk that is not theirs', () => {
    const chunk = Buffer.from('0123456789');
    const held = new HeldBytes();
    held.keep(chunk.subarray(0, 4), 2);
    held.append(Buffer.from('ab'));
    expect([unused(held), chunk.toString('latin1')]).toEqual(['23ab', '0123456789']);
  });

  it('Z1 take a long head byte by byte without copying it each time', () => {
    const held = new HeldBytes();
    const byte = Buffer.from('x');
    let storages = 0;
    let last: ArrayBufferLike | undefined;
    for (let i = 0; i < 100_000; i++) {
      held.append(byte);
      if (held.findHeadEnd() !== -1) throw new Error('there is no end');
      if (held.bytes!.buffer !== last) storages++;
      last = held.bytes!.buffer;
    }
    expect(held.length).toBe(100_000);
    expect(storages).toBeLessThan(24);
  });
});
