// Which status a head that is too long gets, and when a request is complete.
import { describe, expect, it } from 'vitest';
import { ListenerLimits } from '#shared/config/listener.ts';
import { isHeadError } from '../../../../src/main/engine/http1/head-request.ts';
import { HeldBytes } from '../../../../src/main/engine/http1/held-bytes.ts';
import { nextRequest } from '../../../../src/main/engine/http1/next-request.ts';

const LIMITS = ListenerLimits.parse({ headerBytes: 1024, urlBytes: 100, headerLines: 5 });

/** Status of the refusal, target of a request, null while incomplete. */
function outcome(text: string, redirectPort = 0): number | string | null {
  const held = new HeldBytes();
  held.append(Buffer.from(text, 'latin1'));
  const head = nextRequest(held, { limits: LIMITS, redirectPort });
  if (head === null) return null;
  return isHeadError(head) ? head.status : head.target;
}

const LONG = 'x'.repeat(2000);

describe('the next request', () => {
  it.each<[string, string, number | string | null]>([
    ['is complete', 'GET /a HTTP/1.1\r\nHost: a\r\n\r\nmore', '/a'],
    ['is not complete', 'GET /a HTTP/1.1\r\nHost: a\r\n', null],
    ['F14 names no version', 'GET /a\r\n', 400],
    ['F14 names no version behind an empty line', '\r\nGET /a\r\n', 400],
    ['F14 names no version, in a short line', 'X\r\n', 400],
    ['F14 names no version, in a line not finished', 'GET /a', null],
    ['F14 is an empty line so far', '\r\n', null],
    ['F14 is a line feed left over behind a body', '\n', null],
    ['F14 is a request line of HTTP/1.1 so far', '\r\nGET /a HTTP/1.1\r\n', null],
    ['F18 has a target over the limit', `GET /${LONG.slice(0, 100)} HTTP/1.1\r\nHost: a\r\n\r\n`, 414],
    ['F18 has a target over both limits', `GET /${LONG} HTTP/1.1\r\nHost: a\r\n\r\n`, 414],
    ['F18 has a target over both limits, unfinished', `GET /${LONG}`, 414],
    ['F18 has a target over both limits behind an empty line', `\r\nGET /${LONG}`, 414],
    ['F18 has a header over the limit', `GET / HTTP/1.1\r\nX: ${LONG}\r\n\r\n`, 431],
    ['F18 has a header over the limit, unfinished', `GET / HTTP/1.1\r\nX: ${LONG}`, 431],
    ['F18 has a method over the limit', LONG, 431],
    ['F18 has too many lines', `GET / HTTP/1.1\r\nHost: a\r\n${'X: 1\r\n'.repeat(5)}\r\n`, 431],
    ['F18 has just enough lines', `GET /a HTTP/1.1\r\nHost: a\r\n${'X: 1\r\n'.repeat(4)}\r\n`, '/a'],
  ])('%s', (_, text, expected) => {
    expect(outcome(text)).toBe(expected);
  });

  it('needs a host only where it is to be redirected', () => {
    expect(outcome('GET /a HTTP/1.0\r\n\r\n')).toBe('/a');
    expect(outcome('GET /a HTTP/1.0\r\n\r\n', 443)).toBe(400);
  });
});
