// serialize: what a backend and a client get to see of the other side's head. Heads come from the real
// parsers, so each case is a head in and a head out. Names start with the conformance vector's id.
import { describe, expect, it } from 'vitest';
import type { Forwarding } from '../../../../src/main/engine/exchange/forwarded.ts';
import { BODY } from '../../../../src/main/engine/exchange/message.ts';
import { isHeadError, parseRequestHead } from '../../../../src/main/engine/http1/head-request.ts';
import { parseResponseHead } from '../../../../src/main/engine/http1/head-response.ts';
import {
  plainResponse,
  type ResponseTarget,
  reasonPhrase,
  requestHeadText,
  responseHeadText,
} from '../../../../src/main/engine/http1/serialize.ts';

const FORWARDING: Forwarding = {
  clientAddress: '10.0.0.9',
  proto: 'http',
  trusted: false,
  forwarded: false,
  via: '',
  major: 1,
};
const OWN = ['X-Forwarded-For: 10.0.0.9', 'X-Forwarded-Proto: http', 'X-Forwarded-Host: a'];

function lines(text: string): string[] {
  expect(text.endsWith('\r\n\r\n')).toBe(true);
  return text.slice(0, -4).split('\r\n');
}

function toBackend(received: string[], via: Partial<Forwarding> = {}): string[] {
  const head = parseRequestHead(`${received.join('\r\n')}\r\n\r\n`, { headerLines: 100, urlBytes: 1000 });
  if (isHeadError(head)) throw new Error(head.reason);
  return lines(requestHeadText(head, { ...FORWARDING, ...via }));
}

/** A GET with these fields, and what of them the backend sees: without request line, Host and our own. */
function fieldsToBackend(fields: string[], via: Partial<Forwarding> = {}): string[] {
  const seen = toBackend(['GET / HTTP/1.1', 'Host: a', ...fields], via);
  return seen.slice(2).filter((line) => !OWN.includes(line));
}

function toClient(received: string[], to: Partial<ResponseTarget> = {}, method = 'GET'): string[] {
  const head = parseResponseHead(`${received.join('\r\n')}\r\n\r\n`, method);
  if (isHeadError(head)) throw new Error(head.reason);
  return lines(responseHeadText(head, { minor: 1, keepAlive: true, body: head.body, via: '', ...to }));
}

describe('a request towards a backend', () => {
  it('is HTTP/1.1 with Host first, its fields as they were, then ours', () => {
    expect(toBackend(['POST /x?y HTTP/1.0', 'X-b: 1', 'Host: a', 'Content-Length: 007', 'x-B: 2'])).toEqual([
      'POST /x?y HTTP/1.1',
      'Host: a',
      'X-b: 1',
      'x-B: 2',
      ...OWN,
      'Content-Length: 7',
    ]);
  });

  it.each<[string, string[], string[]]>([
    [
      'H1 loses the fields its Connection names',
      ['Connection: close, X-Foo', 'x-foo: 1', 'X-Foo-Bar: 2'],
      ['X-Foo-Bar: 2'],
    ],
    ['H3 keeps the trailers it accepts', ['TE: trailers, gzip'], ['TE: trailers', 'Connection: TE']],
    ['H3 loses TE gzip', ['TE: gzip'], []],
    ['H3 loses weighted trailers', ['TE: trailers;q=.5'], []],
    [
      'H4 loses hop-by-hop fields',
      [
        'Keep-Alive: timeout=5',
        'Proxy-Connection: keep-alive',
        'Proxy-Authorization: x',
        'Proxy-Authenticate: x',
        'Upgrade: websocket',
        'Trailer: X',
        'Connection: keep-alive',
      ],
      [],
    ],
    [
      'H5 loses what an untrusted client says of others',
      [
        'X-Forwarded-For: 1.1.1.1',
        'x-forwarded-proto: https',
        'X-FORWARDED-HOST: evil',
        'Forwarded: for=1.1.1.1',
        'X-Real-IP: 1.1.1.1',
      ],
      [],
    ],
    [
      'H7 keeps order, case and repeats',
      ['__proto__: 1', 'constructor: 2', 'Cookie: a', 'cookie: b'],
      ['__proto__: 1', 'constructor: 2', 'Cookie: a', 'cookie: b'],
    ],
    ['H8 keeps obs-text', ['X: \x80\xff'], ['X: \x80\xff']],
    [
      'F17 keeps Transfer_Encoding as any other field',
      ['Transfer_Encoding: chunked'],
      ['Transfer_Encoding: chunked'],
    ],
    ['F21 keeps the length of a GET', ['Content-Length: 3'], ['Content-Length: 3']],
    ['F22 waits for nothing', ['Expect: 100-continue', 'Content-Length: 1'], ['Content-Length: 1']],
    [
      'U1 asks for the upgrade',
      ['Upgrade: WebSocket', 'Connection: Upgrade', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='],
      ['Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', 'Connection: Upgrade', 'Upgrade: websocket'],
    ],
    [
      'U1 never asks for h2c',
      ['Upgrade: h2c', 'HTTP2-Settings: x', 'Connection: Upgrade, HTTP2-Settings'],
      [],
    ],
  ])('%s', (_, received, seen) => {
    expect(fieldsToBackend(received)).toEqual(seen);
  });

  it('F4 is chunked in one spelling', () => {
    expect(toBackend(['POST / HTTP/1.1', 'Host: a', 'transfer-encoding: CHUNKED']).at(-1)).toBe(
      'Transfer-Encoding: chunked',
    );
  });

  it('F12 names the host of an absolute target', () => {
    expect(toBackend(['GET http://A:80/p HTTP/1.1', 'Host: a']).slice(0, 2)).toEqual([
      'GET /p HTTP/1.1',
      'Host: A:80',
    ]);
  });

  it('F13 passes OPTIONS *', () => {
    expect(toBackend(['OPTIONS * HTTP/1.1', 'Host: a'])[0]).toBe('OPTIONS * HTTP/1.1');
  });

  it('F27 passes the target byte-exact', () => {
    const target = '//x/%2e%2e/%0d%0a%00/..\\';
    expect(toBackend([`GET ${target} HTTP/1.1`, 'Host: a'])[0]).toBe(`GET ${target} HTTP/1.1`);
  });

  it('H2 keeps our own X-Forwarded-For beside a Connection list', () => {
    expect(toBackend(['GET / HTTP/1.1', 'Host: a', 'Connection: X-Foo', 'X-Foo: 1'])).toEqual([
      'GET / HTTP/1.1',
      'Host: a',
      ...OWN,
    ]);
  });

  it('H5 extends what a trusted client says', () => {
    const received = [
      'X-Forwarded-For: 1.1.1.1',
      'X-Forwarded-For: 2.2.2.2',
      'X-Forwarded-Proto: https',
      'X-Forwarded-Host: b',
      'X-Real-IP: 1.1.1.1',
      'Forwarded: for=1.1.1.1',
    ];
    expect(fieldsToBackend(received, { trusted: true })).toEqual([
      'X-Forwarded-Proto: https',
      'X-Forwarded-Host: b',
      'X-Real-IP: 1.1.1.1',
      'X-Forwarded-For: 1.1.1.1, 2.2.2.2, 10.0.0.9',
      'Forwarded: for=1.1.1.1, for=10.0.0.9;host=a;proto=http',
    ]);
  });

  it('H5 drops every other field of that family unless a trusted client sends it', () => {
    const received = ['X-Forwarded-Port: 1', 'x_forwarded_for: 6.6.6.6', 'X_Real_IP: 6.6.6.6'];
    expect(fieldsToBackend([...received, 'X-Forwarding: a'])).toEqual(['X-Forwarding: a']);
    expect(fieldsToBackend(received, { trusted: true })).toEqual(received);
  });

  it('H9 adds itself to Via when it has a name', () => {
    expect(fieldsToBackend(['Via: 1.0 first'], { via: 'sluice' })).toEqual([
      'Via: 1.0 first',
      'Via: 1.1 sluice',
    ]);
    expect(fieldsToBackend([], { via: 'sluice', major: 2 })).toEqual(['Via: 2 sluice']);
  });

  it('of HTTP/1.0 without Host has an empty one', () => {
    expect(toBackend(['GET / HTTP/1.0'])).toEqual(['GET / HTTP/1.1', 'Host: ', ...OWN.slice(0, 2)]);
  });

  it('says nothing of a client without address', () => {
    expect(toBackend(['GET / HTTP/1.1', 'Host: a'], { clientAddress: '' })).toEqual([
      'GET / HTTP/1.1',
      'Host: a',
      ...OWN.slice(1),
    ]);
  });
});

describe('a response towards a client', () => {
  it.each<[string, string[], Partial<ResponseTarget>, string[]]>([
    [
      'keeps its fields and length',
      ['HTTP/1.1 200 Fine', 'x-A: 1', 'Content-Length: 05', 'X-a: 2'],
      {},
      ['HTTP/1.1 200 Fine', 'x-A: 1', 'X-a: 2', 'Content-Length: 5'],
    ],
    [
      'keeps a length of 0',
      ['HTTP/1.1 200 OK', 'Content-Length: 0'],
      {},
      ['HTTP/1.1 200 OK', 'Content-Length: 0'],
    ],
    [
      'stays chunked for HTTP/1.1',
      ['HTTP/1.1 200 OK', 'Transfer-Encoding: chunked'],
      {},
      ['HTTP/1.1 200 OK', 'Transfer-Encoding: chunked'],
    ],
    [
      'is never chunked for HTTP/1.0',
      ['HTTP/1.1 200 OK', 'Transfer-Encoding: chunked'],
      { minor: 0 },
      ['HTTP/1.1 200 OK', 'Connection: close'],
    ],
    [
      'may turn from close-delimited to chunked',
      ['HTTP/1.0 200 OK'],
      { body: BODY.chunked },
      ['HTTP/1.1 200 OK', 'Transfer-Encoding: chunked'],
    ],
    [
      'that ends with the connection closes it',
      ['HTTP/1.0 200 OK'],
      {},
      ['HTTP/1.1 200 OK', 'Connection: close'],
    ],
    [
      'closes when told to',
      ['HTTP/1.1 200 OK', 'Content-Length: 1', 'Connection: keep-alive'],
      { keepAlive: false },
      ['HTTP/1.1 200 OK', 'Content-Length: 1', 'Connection: close'],
    ],
    [
      'tells HTTP/1.0 that it keeps the connection',
      ['HTTP/1.1 200 OK', 'Content-Length: 1'],
      { minor: 0 },
      ['HTTP/1.1 200 OK', 'Content-Length: 1', 'Connection: keep-alive'],
    ],
    [
      'H1 loses the fields its Connection names',
      ['HTTP/1.1 200 OK', 'Content-Length: 1', 'Connection: close, X-Foo', 'X-foo: 1'],
      {},
      ['HTTP/1.1 200 OK', 'Content-Length: 1'],
    ],
    [
      'H4 loses hop-by-hop fields',
      [
        'HTTP/1.1 200 OK',
        'Content-Length: 1',
        'Keep-Alive: timeout=5',
        'Proxy-Connection: x',
        'Proxy-Authenticate: x',
        'Upgrade: h2c',
        'Trailer: X',
        'TE: x',
      ],
      {},
      ['HTTP/1.1 200 OK', 'Content-Length: 1'],
    ],
    [
      'H7 keeps every Set-Cookie',
      ['HTTP/1.1 200 OK', 'Set-Cookie: a', 'Content-Length: 1', 'Set-Cookie: b'],
      {},
      ['HTTP/1.1 200 OK', 'Set-Cookie: a', 'Set-Cookie: b', 'Content-Length: 1'],
    ],
    [
      'H8 keeps obs-text',
      ['HTTP/1.1 200 \xe4', 'X: \xff', 'Content-Length: 1'],
      {},
      ['HTTP/1.1 200 \xe4', 'X: \xff', 'Content-Length: 1'],
    ],
    [
      'H10 of 204 has no framing',
      ['HTTP/1.1 204 No Content', 'Content-Length: 5', 'X: 1'],
      {},
      ['HTTP/1.1 204 No Content', 'X: 1'],
    ],
    [
      'H10 of 204 may still close',
      ['HTTP/1.1 204 No Content'],
      { keepAlive: false },
      ['HTTP/1.1 204 No Content', 'Connection: close'],
    ],
    [
      'H11 of 304 keeps its length',
      ['HTTP/1.1 304 Not Modified', 'Content-Length: 5'],
      {},
      ['HTTP/1.1 304 Not Modified', 'Content-Length: 5'],
    ],
    [
      'H12 of 103 has no framing and no Connection',
      ['HTTP/1.1 103 Early Hints', 'Link: </a>', 'Connection: close', 'Content-Length: 3'],
      { keepAlive: false },
      ['HTTP/1.1 103 Early Hints', 'Link: </a>'],
    ],
    ['H12 of 100 is bare', ['HTTP/1.1 100 Continue'], {}, ['HTTP/1.1 100 Continue']],
    [
      'U1 of 101 grants the upgrade',
      [
        'HTTP/1.1 101 Switching Protocols',
        'Connection: Upgrade',
        'Upgrade: websocket',
        'Sec-WebSocket-Accept: x',
      ],
      {},
      [
        'HTTP/1.1 101 Switching Protocols',
        'Sec-WebSocket-Accept: x',
        'Upgrade: websocket',
        'Connection: Upgrade',
      ],
    ],
    [
      'U4 of 426 says what to upgrade to',
      ['HTTP/1.1 426 Upgrade Required', 'Upgrade: websocket', 'Connection: upgrade', 'Content-Length: 0'],
      { keepAlive: false },
      [
        'HTTP/1.1 426 Upgrade Required',
        'Upgrade: websocket',
        'Content-Length: 0',
        'Connection: close, Upgrade',
      ],
    ],
    [
      'H9 may carry Via',
      ['HTTP/1.0 200 OK', 'Content-Length: 1'],
      { via: 'sluice' },
      ['HTTP/1.1 200 OK', 'Via: 1.0 sluice', 'Content-Length: 1'],
    ],
  ])('%s', (_, received, to, sent) => {
    expect(toClient(received, to)).toEqual(sent);
  });

  it('H10 to HEAD keeps its length', () => {
    expect(toClient(['HTTP/1.1 200 OK', 'Content-Length: 5'], {}, 'HEAD')).toEqual([
      'HTTP/1.1 200 OK',
      'Content-Length: 5',
    ]);
  });

  it('H10 to HEAD that was chunked claims no framing', () => {
    expect(toClient(['HTTP/1.1 200 OK', 'Transfer-Encoding: chunked'], {}, 'HEAD')).toEqual([
      'HTTP/1.1 200 OK',
    ]);
  });
});

describe('an answer of the proxy itself', () => {
  const TYPE = 'Content-Type: text/plain; charset=utf-8';

  it('is a complete line of text', () => {
    expect(plainResponse(503, 'no backend', { keepAlive: true, retryAfterS: 1 })).toBe(
      [
        'HTTP/1.1 503 Service Unavailable',
        TYPE,
        'Content-Length: 11',
        'Retry-After: 1',
        '',
        'no backend\n',
      ].join('\r\n'),
    );
  });

  it('closes the connection when told to', () => {
    expect(plainResponse(400, 'bad', { keepAlive: false })).toBe(
      ['HTTP/1.1 400 Bad Request', TYPE, 'Content-Length: 4', 'Connection: close', '', 'bad\n'].join('\r\n'),
    );
  });

  it('to HEAD announces a body it does not send', () => {
    expect(plainResponse(404, 'none', { keepAlive: true, head: true, minor: 0 })).toBe(
      ['HTTP/1.1 404 Not Found', TYPE, 'Content-Length: 5', 'Connection: keep-alive', '', ''].join('\r\n'),
    );
  });

  it('has a length that holds in latin1 and keeps to one line', () => {
    expect(plainResponse(502, 'b\xe4d\u2014\r\nX: y', { keepAlive: true })).toBe(
      ['HTTP/1.1 502 Bad Gateway', TYPE, 'Content-Length: 11', '', 'b?d???X: y\n'].join('\r\n'),
    );
  });

  it('has a reason for every usual status and none for others', () => {
    expect([431, 505, 417, 799].map(reasonPhrase)).toEqual([
      'Request Header Fields Too Large',
      'HTTP Version Not Supported',
      'Expectation Failed',
      '',
    ]);
  });
});
