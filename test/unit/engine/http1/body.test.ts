// BodyReader: what is forwarded, where the body ends and what breaks it, the same however the input
// is cut. Every chunked case runs whole, cut in two at every place, and byte by byte (F19).
import { describe, expect, it } from 'vitest';
import { BODY, type BodyKind } from '../../../../src/main/engine/exchange/message.ts';
import { BodyReader } from '../../../../src/main/engine/http1/body.ts';

interface Reading {
  forwarded: string;
  consumed: number;
  bytes: number;
  done: boolean;
  error: string;
}

function readInParts(kind: BodyKind, length: number, decode: boolean, parts: Buffer[]): Reading {
  const reader = new BodyReader();
  const out: Buffer[] = [];
  reader.start(kind, length, decode);
  let consumed = 0;
  for (const part of parts) {
    const until = reader.read(part, 0, part.length, out);
    consumed += until;
    if (until < part.length) break;
  }
  const { bytes, done, error } = reader;
  return { forwarded: Buffer.concat(out).toString('latin1'), consumed, bytes, done, error };
}

/** Reads `text` in every way of cutting it once and byte by byte; all must agree. */
function read(kind: BodyKind, length: number, decode: boolean, text: string): Reading {
  const buffer = Buffer.from(text, 'latin1');
  const whole = readInParts(kind, length, decode, [buffer]);
  const single = Array.from(buffer, (_, at) => buffer.subarray(at, at + 1));
  expect(readInParts(kind, length, decode, single)).toEqual(whole);
  // Long inputs are cut at some places only, to keep the table quick.
  const step = Math.ceil(buffer.length / 200);
  for (let cut = 1; cut < buffer.length; cut += step) {
    expect(readInParts(kind, length, decode, [buffer.subarray(0, cut), buffer.subarray(cut)])).toEqual(whole);
  }
  return whole;
}

const chunked = (text: string): Reading => read(BODY.chunked, -1, false, text);
const decoded = (text: string): Reading => read(BODY.chunked, -1, true, text);

describe('a chunked body', () => {
  it.each<[string, string, string, number]>([
    [
      'passes unchanged',
      '5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n',
      '5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n',
      11,
    ],
    ['may be empty', '0\r\n\r\n', '0\r\n\r\n', 0],
    [
      'may hold CRLF and what looks like chunks',
      '9\r\n0\r\n\r\n\r\n5\r\r\n0\r\n\r\n',
      '9\r\n0\r\n\r\n\r\n5\r\r\n0\r\n\r\n',
      9,
    ],
    [
      'may use digits of either case and leading zeros',
      '0a\r\n0123456789\r\nB\r\n0123456789A\r\n00\r\n\r\n',
      '0a\r\n0123456789\r\nB\r\n0123456789A\r\n00\r\n\r\n',
      21,
    ],
    [
      'F8 loses its extensions',
      '5;a=b\r\nhello\r\n5;c="d;\\"e";f\r\nworld\r\n0;f\r\n\r\n',
      '5\r\nhello\r\n5\r\nworld\r\n0\r\n\r\n',
      10,
    ],
    [
      'F10 loses trailers that would frame, route or authenticate',
      '1\r\nx\r\n0\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\nHost: b\r\nAuthorization: x\r\nCookie: a\r\nSet-Cookie: a\r\nContent-Type: a\r\nConnection: a\r\nTrailer: a\r\nTE: a\r\nUpgrade: a\r\nX-Forwarded-For: a\r\nForwarded: a\r\n\r\n',
      '1\r\nx\r\n0\r\n\r\n',
      1,
    ],
    [
      'F10 loses them when they are written with underscores, too',
      '1\r\nx\r\n0\r\nContent_Length: 5\r\ntransfer_encoding: chunked\r\nSet_Cookie: a\r\nX_Forwarded_For: a\r\nX-Real_IP: a\r\nif_match: a\r\nX_Sum: a\r\n\r\n',
      '1\r\nx\r\n0\r\nX_Sum: a\r\n\r\n',
      1,
    ],
    [
      'F10 keeps other trailers',
      '1\r\nx\r\n0\r\nX-Sum:  abc \r\nhost: b\r\nGrpc-Status: 0\r\n\r\n',
      '1\r\nx\r\n0\r\nX-Sum: abc\r\nGrpc-Status: 0\r\n\r\n',
      1,
    ],
    [
      'F10 keeps trailers named like properties',
      '0\r\n__proto__: a\r\nconstructor: b\r\n\r\n',
      '0\r\n__proto__: a\r\nconstructor: b\r\n\r\n',
      0,
    ],
  ])('%s', (_, input, output, bytes) => {
    expect(chunked(input)).toEqual({
      forwarded: output,
      consumed: input.length,
      bytes,
      done: true,
      error: '',
    });
  });

  it.each<[string, string]>([
    ['F6 with size 0x5', '0x5\r\nhello\r\n0\r\n\r\n'],
    ['F6 with size +5', '+5\r\nhello\r\n0\r\n\r\n'],
    ['F6 with a space after the size', '5 \r\nhello\r\n0\r\n\r\n'],
    ['F6 with a space before the size', ' 5\r\nhello\r\n0\r\n\r\n'],
    ['F6 with a space before the extension', '5 ;a\r\nhello\r\n0\r\n\r\n'],
    ['F6 with LF in the extension', '5;\nhello\r\n0\r\n\r\n'],
    ['F6 with NUL in the extension', '5;\0\r\nhello\r\n0\r\n\r\n'],
    ['F6 with an empty extension', '5;\r\nhello\r\n0\r\n\r\n'],
    ['F6 with an extension value that is missing', '5;a=\r\nhello\r\n0\r\n\r\n'],
    ['F6 with a space in the extension', '5; a\r\nhello\r\n0\r\n\r\n'],
    ['F6 with text after a quoted extension value', '5;a="b"c\r\nhello\r\n0\r\n\r\n'],
    ['F6 with CRLF in a quoted extension value', '5;a="\r\n\r\nhello\r\n0\r\n\r\n'],
    ['F6 with 17 digits', '00000000000000005\r\nhello\r\n0\r\n\r\n'],
    ['F6 with a size of 2^64-1', 'ffffffffffffffff\r\nhello'],
    ['F6 with more data than the size', '5\r\nhello!!\r\n0\r\n\r\n'],
    ['F6 with less data than the size', '6\r\nhello\r\n0\r\n\r\n'],
    ['F6 without a size', '\r\nhello\r\n0\r\n\r\n'],
    ['F6 without a size for its second chunk', '5\r\nhello\r\n\r\n0\r\n\r\n'],
    ['F6 with only an extension', ';a\r\nhello\r\n0\r\n\r\n'],
    ['F6 with a negative size', '-1\r\nhello\r\n0\r\n\r\n'],
    ['F7 with a size ended by LF', '5\nhello\r\n0\r\n\r\n'],
    ['F7 with a size ended by CR', '5\rhello\r\n0\r\n\r\n'],
    ['F7 with a last chunk ended by LF', '5\r\nhello\r\n0\n\r\n'],
    ['F7 with an empty line of LF', '5\r\nhello\r\n0\r\n\n'],
    ['F7 with an empty line of CR', '5\r\nhello\r\n0\r\n\rX'],
    ['F7 with data ended by LF', '5\r\nhello\n0\r\n\r\n'],
    ['F7 with data ended by CR CR', '5\r\nhello\r\r0\r\n\r\n'],
    ['F10 with a trailer ended by LF', '0\r\nX: a\n\r\n'],
    ['F10 with trailers ended by LF', '0\r\nX: a\r\n\n'],
    ['F10 with a folded trailer', '0\r\nX: a\r\n b\r\n\r\n'],
    ['F10 with a trailer without a colon', '0\r\nX\r\n\r\n'],
    ['F10 with a space before the colon of a trailer', '0\r\nX : a\r\n\r\n'],
    ['F10 with NUL in a trailer', '0\r\nX: \0\r\n\r\n'],
    ['F10 with a trailer that starts with a space', '0\r\n X: a\r\n\r\n'],
    ['F10 with more than 100 trailers', `0\r\n${'X: a\r\n'.repeat(101)}\r\n`],
    ['F10 with more than 16 KB of trailers', `0\r\nX: ${'a'.repeat(16_384)}\r\n\r\n`],
    ['F9 with 64 KB of extension', `5;${'a'.repeat(65_536)}\r\nhello\r\n0\r\n\r\n`],
    ['F9 with 16 KB of extensions in all', `${`1;${'a'.repeat(4000)}\r\nx\r\n`.repeat(5)}0\r\n\r\n`],
  ])('is broken %s', (_, input) => {
    const reading = chunked(input);
    expect({ done: reading.done, broken: reading.error !== '' }).toEqual({ done: false, broken: true });
    expect(decoded(input)).toMatchObject({ done: false, error: reading.error });
  });

  it('may have any number of chunks', () => {
    const input = `${'001\r\nx\r\n'.repeat(50)}0\r\n\r\n`;
    expect(chunked(input)).toEqual({
      forwarded: input,
      consumed: input.length,
      bytes: 50,
      done: true,
      error: '',
    });
  });

  it('F9 stops reading an endless extension after 4 KB', () => {
    expect(chunked(`5;${'a'.repeat(65_536)}`).consumed).toBeLessThan(4200);
  });

  it('reads nothing more once broken', () => {
    const reader = new BodyReader();
    const out: Buffer[] = [];
    reader.start(BODY.chunked, -1, false);
    reader.read(Buffer.from('x'), 0, 1, out);
    expect([reader.read(Buffer.from('0\r\n\r\n'), 0, 5, out), out.length, reader.eof()]).toEqual([
      0,
      0,
      false,
    ]);
  });

  it('F20 leaves the next message alone', () => {
    const input = '1\r\nx\r\n0\r\nA: b\r\n\r\nGET / HTTP/1.1\r\n\r\n';
    expect(chunked(input).consumed).toBe(input.indexOf('GET'));
    const plain = '1\r\nx\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n';
    expect(chunked(plain).consumed).toBe(plain.indexOf('GET'));
  });

  it('is one view of the input when nothing has to change', () => {
    const reader = new BodyReader();
    const input = Buffer.from('5\r\nhello\r\n5\r\nworld\r\n0\r\n\r\n');
    const out: Buffer[] = [];
    reader.start(BODY.chunked, -1, false);
    reader.read(input, 0, input.length, out);
    expect(out).toHaveLength(1);
    expect(out[0]).toBe(input);
  });

  it('is not complete when its sender closes early', () => {
    const reader = new BodyReader();
    reader.start(BODY.chunked, -1, false);
    reader.read(Buffer.from('5\r\nhello\r\n0\r\n'), 0, 13, []);
    expect([reader.eof(), reader.done]).toEqual([false, false]);
  });

  it('decoded is its payload alone', () => {
    const input = '5;a\r\nhello\r\n6\r\n world\r\n0\r\nX: a\r\n\r\n';
    expect(decoded(input)).toEqual({
      forwarded: 'hello world',
      consumed: input.length,
      bytes: 11,
      done: true,
      error: '',
    });
  });
});

describe('a body of known length', () => {
  it('ends after its bytes and leaves the rest', () => {
    expect(read(BODY.length, 5, false, 'helloGET /')).toEqual({
      forwarded: 'hello',
      consumed: 5,
      bytes: 5,
      done: true,
      error: '',
    });
  });

  it('is not complete when its sender closes early', () => {
    const reader = new BodyReader();
    reader.start(BODY.length, 5, false);
    reader.read(Buffer.from('hell'), 0, 4, []);
    expect([reader.eof(), reader.bytes]).toEqual([false, 4]);
  });

  it('of 0 bytes is complete at once', () => {
    const reader = new BodyReader();
    reader.start(BODY.length, 0, false);
    expect(reader.done).toBe(true);
  });

  it('is read between the given bounds only', () => {
    const reader = new BodyReader();
    const out: Buffer[] = [];
    reader.start(BODY.length, 3, true);
    expect(reader.read(Buffer.from('..abcdef'), 2, 7, out)).toBe(5);
    expect(Buffer.concat(out).toString()).toBe('abc');
  });
});

describe('a close-delimited body', () => {
  it('is complete when its sender closes', () => {
    const reader = new BodyReader();
    const out: Buffer[] = [];
    reader.start(BODY.close, -1, false);
    reader.read(Buffer.from('hello'), 0, 5, out);
    expect([reader.done, reader.eof(), reader.done, reader.bytes, Buffer.concat(out).toString()]).toEqual([
      false,
      true,
      true,
      5,
      'hello',
    ]);
  });
});

describe('a reader', () => {
  it('without a body takes no bytes', () => {
    expect(read(BODY.none, -1, false, 'GET /')).toEqual({
      forwarded: '',
      consumed: 0,
      bytes: 0,
      done: true,
      error: '',
    });
  });

  it('starts afresh after a broken body', () => {
    const reader = new BodyReader();
    const out: Buffer[] = [];
    reader.start(BODY.chunked, -1, false);
    reader.read(Buffer.from('5;aaa'), 0, 5, []);
    reader.read(Buffer.from('\0'), 0, 1, []);
    reader.start(BODY.chunked, -1, false);
    reader.read(Buffer.from('1\r\nx\r\n0\r\n\r\n'), 0, 11, out);
    expect([reader.done, reader.error, reader.bytes, Buffer.concat(out).toString()]).toEqual([
      true,
      '',
      1,
      '1\r\nx\r\n0\r\n\r\n',
    ]);
  });
});
