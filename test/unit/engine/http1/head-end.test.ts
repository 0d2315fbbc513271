// findHeadEnd: the index after the empty line, wherever the bytes were cut; bare LF ends a head too.
import { describe, expect, it } from 'vitest';
import { findHeadEnd } from '../../../../src/main/engine/http1/head-end.ts';
import { isHeadError, parseRequestHead } from '../../../../src/main/engine/http1/head-request.ts';

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');

/** Feeds ever longer prefixes, searching again from three bytes back, as a connection does. */
function endByteByByte(buffer: Buffer): number {
  let searched = 0;
  for (let end = 1; end <= buffer.length; end++) {
    const found = findHeadEnd(buffer, Math.max(0, searched - 3), end);
    if (found !== -1) return found;
    searched = end;
  }
  return -1;
}

describe('the end of a head', () => {
  it.each([
    ['after the empty line', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', 27],
    ['before body bytes', 'GET / HTTP/1.1\r\nHost: a\r\n\r\nbody\r\n\r\n', 27],
    ['after a head of one line', 'HTTP/1.1 200 OK\r\n\r\nX', 19],
    ['after an empty line alone', '\r\n\r\n', 4],
    ['nowhere without an empty line', 'GET / HTTP/1.1\r\nHost: a\r\n', -1],
    ['nowhere while the last LF is missing', 'GET / HTTP/1.1\r\nHost: a\r\n\r', -1],
    ['nowhere in nothing', '', -1],
    ['not at CR CR LF LF of which no line is empty', 'a\r\r\nb\r\r\n', -1],
    ['after two bare LF', 'GET / HTTP/1.1\n\n', 16],
    ['after LF CRLF', 'GET / HTTP/1.1\n\r\n', 17],
    ['after CRLF LF', 'GET / HTTP/1.1\r\n\n', 17],
  ])('is found %s', (_, text, expected) => {
    const buffer = bytes(text);
    expect([findHeadEnd(buffer, 0, buffer.length), endByteByByte(buffer)]).toEqual([expected, expected]);
  });

  it('is found at every alignment', () => {
    for (let lead = 0; lead < 40; lead++) {
      const buffer = bytes(`${'x'.repeat(lead)}\r\n\r\nrest`);
      expect(findHeadEnd(buffer, 0, buffer.length)).toBe(lead + 4);
    }
  });

  it('is looked for between the given bounds only', () => {
    const buffer = bytes('old\r\n\r\nnew\r\n\r\nstale');
    expect(findHeadEnd(buffer, 7, buffer.length)).toBe(14);
    expect(findHeadEnd(buffer, 7, 13)).toBe(-1);
  });

  it('F15 ends a request of bare LF lines, which the parser then refuses', () => {
    const buffer = bytes('GET / HTTP/1.1\nHost: a\n\n');
    const head = parseRequestHead(buffer.toString('latin1', 0, findHeadEnd(buffer, 0, buffer.length)), {
      headerLines: 10,
      urlBytes: 100,
    });
    expect(isHeadError(head) && head.status).toBe(400);
  });
});
