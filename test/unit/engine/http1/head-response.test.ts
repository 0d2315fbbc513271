// parseResponseHead: what a backend may answer, how its body ends, and what becomes a 502. Names start
// with the id of the conformance vector they cover.
import { describe, expect, it } from 'vitest';
import { BODY, type ResponseHead } from '../../../../src/main/engine/exchange/message.ts';
import { isHeadError } from '../../../../src/main/engine/http1/head-request.ts';
import { parseResponseHead } from '../../../../src/main/engine/http1/head-response.ts';

const head = (...lines: string[]): string => `${lines.join('\r\n')}\r\n\r\n`;
const ok = (...fields: string[]): string => head('HTTP/1.1 200 OK', ...fields);

describe('a response head is refused', () => {
  it.each<[string, string]>([
    ['F1 with Content-Length and Transfer-Encoding', ok('Content-Length: 5', 'Transfer-Encoding: chunked')],
    ['F2 with two different Content-Length', ok('Content-Length: 5', 'Content-Length: 6')],
    ['F2 with two equal Content-Length', ok('Content-Length: 5', 'Content-Length: 5')],
    ['F3 with Content-Length +5', ok('Content-Length: +5')],
    ['F16 with a folded field', ok('X: a', ' b')],
    ['F17 with a space before the colon', ok('X : a')],
    ['F23 with Transfer-Encoding "chunked, chunked"', ok('Transfer-Encoding: chunked, chunked')],
    ['F23 with Transfer-Encoding gzip', ok('Transfer-Encoding: gzip')],
    ['F23 with two Transfer-Encoding', ok('Transfer-Encoding: chunked', 'Transfer-Encoding: chunked')],
    ['F23 with Transfer-Encoding in HTTP/1.0', head('HTTP/1.0 200 OK', 'Transfer-Encoding: chunked')],
    ['F23 with HTTP/2.0', head('HTTP/2.0 200 OK')],
    ['F23 with a status of two digits', head('HTTP/1.1 20 OK')],
    ['F23 with a status of four digits', head('HTTP/1.1 2000 OK')],
    ['F23 with status 099', head('HTTP/1.1 099 OK')],
    ['F23 with a status that is no number', head('HTTP/1.1 2x0 OK')],
    ['F23 with junk for a status line', head('hello')],
    ['F23 with an empty status line', '\r\n\r\n'],
    ['F23 with bare LF after the status line', 'HTTP/1.1 200 OK\nX: a\r\n\r\n'],
    ['F23 with a bare CR in the reason', head('HTTP/1.1 200 O\rK')],
    ['F23 with NUL in a value', ok('X: \0')],
  ])('%s', (_, text) => {
    const parsed = parseResponseHead(text, 'GET');
    expect(isHeadError(parsed) && parsed.status).toBe(502);
  });
});

describe('an accepted response head', () => {
  it('holds everything a serialiser and a reader need', () => {
    expect(parseResponseHead(ok('Server: x', 'Content-Length: 5'), 'GET')).toEqual({
      minor: 1,
      names: ['Server', 'Content-Length'],
      values: ['x', '5'],
      body: BODY.length,
      contentLength: 5,
      keepAlive: true,
      connectionTokens: null,
      upgrade: '',
      status: 200,
      reason: 'OK',
    });
  });

  it.each<[string, string, string, Partial<ResponseHead>]>([
    ['may be chunked', 'GET', ok('transfer-encoding: CHUNKED'), { body: BODY.chunked, keepAlive: true }],
    [
      'without framing ends with its connection',
      'GET',
      ok(),
      { body: BODY.close, contentLength: -1, keepAlive: false },
    ],
    [
      'of length 0 has no body',
      'GET',
      ok('Content-Length: 0'),
      { body: BODY.none, contentLength: 0, keepAlive: true },
    ],
    ['may lack a reason', 'GET', head('HTTP/1.1 200 ', 'Content-Length: 1'), { status: 200, reason: '' }],
    [
      'may lack the space before the reason too',
      'GET',
      head('HTTP/1.1 404', 'Content-Length: 1'),
      { status: 404, reason: '' },
    ],
    ['keeps obs-text in the reason', 'GET', head('HTTP/1.1 200 \xe4 b'), { reason: '\xe4 b' }],
    [
      'of HTTP/1.0 closes',
      'GET',
      head('HTTP/1.0 200 OK', 'Content-Length: 1'),
      { minor: 0, keepAlive: false },
    ],
    [
      'of HTTP/1.0 may keep its connection',
      'GET',
      head('HTTP/1.0 200 OK', 'Content-Length: 1', 'Connection: keep-alive'),
      { keepAlive: true },
    ],
    ['H1 that closes says so', 'GET', ok('Content-Length: 1', 'Connection: close'), { keepAlive: false }],
    [
      'H10 to HEAD has no body and keeps its length',
      'HEAD',
      ok('Content-Length: 5'),
      { body: BODY.none, contentLength: 5, keepAlive: true },
    ],
    [
      'H10 to HEAD may be marked chunked',
      'HEAD',
      ok('Transfer-Encoding: chunked'),
      { body: BODY.none, contentLength: -1, keepAlive: true },
    ],
    ['H10 to HEAD without framing keeps its connection', 'HEAD', ok(), { body: BODY.none, keepAlive: true }],
    [
      'H10 of 204 has neither body nor length',
      'GET',
      head('HTTP/1.1 204 No Content', 'Content-Length: 5'),
      { body: BODY.none, contentLength: -1 },
    ],
    [
      'H10 of 204 is never chunked',
      'GET',
      head('HTTP/1.1 204 No Content', 'Transfer-Encoding: chunked'),
      { body: BODY.none },
    ],
    [
      'H11 of 304 keeps its length without a body',
      'GET',
      head('HTTP/1.1 304 Not Modified', 'Content-Length: 5'),
      { body: BODY.none, contentLength: 5, keepAlive: true },
    ],
    [
      'H12 of 103 is a head of its own',
      'GET',
      head('HTTP/1.1 103 Early Hints', 'Link: </a>', 'Content-Length: 5'),
      { status: 103, body: BODY.none, contentLength: -1, keepAlive: true },
    ],
    [
      'H12 of 100 is a head of its own',
      'GET',
      'HTTP/1.1 100 Continue\r\n\r\n',
      { status: 100, body: BODY.none },
    ],
    [
      'U1 of 101 grants an upgrade',
      'GET',
      head('HTTP/1.1 101 Switching Protocols', 'Upgrade: WebSocket', 'Connection: upgrade'),
      { status: 101, upgrade: 'websocket', body: BODY.none },
    ],
    [
      'U3 of 101 without Connection grants none',
      'GET',
      head('HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket'),
      { upgrade: '' },
    ],
    [
      'U4 of 426 grants none',
      'GET',
      head('HTTP/1.1 426 Upgrade Required', 'Upgrade: x', 'Connection: upgrade'),
      { upgrade: '' },
    ],
  ])('%s', (_, method, text, expected) => {
    expect(parseResponseHead(text, method)).toMatchObject(expected);
  });

  it('may have hundreds of fields', () => {
    const parsed = parseResponseHead(ok(...Array.from({ length: 500 }, (_, n) => `X-${n}: ${n}`)), 'GET');
    expect(isHeadError(parsed) ? parsed : parsed.names.length).toBe(500);
  });
});
