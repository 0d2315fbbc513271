// A decoded chunked body hands its trailers over by name instead of by line.
import { describe, expect, it } from 'vitest';
import { BODY } from '../../../../src/main/engine/exchange/message.ts';
import { BodyReader } from '../../../../src/main/engine/http1/body.ts';

function read(text: string, decode: boolean, cut = text.length): { reader: BodyReader; text: string } {
  const reader = new BodyReader();
  const out: Buffer[] = [];
  const bytes = Buffer.from(text, 'latin1');
  reader.start(BODY.chunked, -1, decode);
  for (let at = 0; at < bytes.length; at += cut) {
    const piece = bytes.subarray(at, at + cut);
    reader.read(piece, 0, piece.length, out);
  }
  return { reader, text: Buffer.concat(out).toString('latin1') };
}

const BODY_TEXT = '3\r\nabc\r\n0\r\nX-Sum: 7\r\nContent-Type: x\r\nx-sum: 8\r\n\r\n';

describe('trailers of a chunked body', () => {
  it.each([1, 7, 1000])('are handed over when it is decoded, read %i bytes at a time', (cut) => {
    const { reader, text } = read(BODY_TEXT, true, cut);
    expect([text, reader.done, reader.trailerFields]).toEqual(['abc', true, ['X-Sum', '7', 'x-sum', '8']]);
  });

  it('stay in the body otherwise', () => {
    const { reader, text } = read(BODY_TEXT, false);
    expect([text, reader.trailerFields]).toEqual(['3\r\nabc\r\n0\r\nX-Sum: 7\r\nx-sum: 8\r\n\r\n', []]);
  });

  it('are forgotten for the next body', () => {
    const { reader } = read(BODY_TEXT, true);
    reader.start(BODY.none, -1, true);
    expect(reader.trailerFields).toEqual([]);
  });
});
