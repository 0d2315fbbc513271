// parseRequestHead: what is refused, with which status, and what an accepted head means. Names start
// with the id of the conformance vector they cover.
import { describe, expect, it } from 'vitest';
import { BODY, type RequestHead } from '../../../../src/main/engine/exchange/message.ts';
import { isHeadError, parseRequestHead } from '../../../../src/main/engine/http1/head-request.ts';

const LIMITS = { headerLines: 20, urlBytes: 200 };

/** A head of the given request line and field lines. */
const head = (...lines: string[]): string => `${lines.join('\r\n')}\r\n\r\n`;
const get = (...fields: string[]): string => head('GET / HTTP/1.1', 'Host: a', ...fields);
const post = (...fields: string[]): string => head('POST / HTTP/1.1', 'Host: a', ...fields);

function statusOf(text: string): number {
  const parsed = parseRequestHead(text, LIMITS);
  return isHeadError(parsed) ? parsed.status : 0;
}

function accepted(text: string): RequestHead {
  const parsed = parseRequestHead(text, LIMITS);
  if (isHeadError(parsed)) throw new Error(`refused: ${parsed.reason}`);
  return parsed;
}

describe('a request head is refused', () => {
  it.each<[string, string, number]>([
    [
      'F1 with Content-Length and Transfer-Encoding',
      post('Content-Length: 5', 'Transfer-Encoding: chunked'),
      400,
    ],
    [
      'F1 with Transfer-Encoding before Content-Length',
      post('Transfer-Encoding: chunked', 'Content-Length: 5'),
      400,
    ],
    ['F2 with two different Content-Length', post('Content-Length: 5', 'Content-Length: 6'), 400],
    ['F2 with two equal Content-Length', post('Content-Length: 5', 'Content-Length: 5'), 400],
    ['F2 with a Content-Length list', post('Content-Length: 5, 5'), 400],
    ['F2 with a second Content-Length of 0', post('Content-Length: 0', 'Content-Length: 7'), 400],
    ['F3 with Content-Length +5', post('Content-Length: +5'), 400],
    ['F3 with Content-Length 0x5', post('Content-Length: 0x5'), 400],
    ['F3 with Content-Length "5 5"', post('Content-Length: 5 5'), 400],
    ['F3 with Content-Length -0', post('Content-Length: -0'), 400],
    ['F3 with Content-Length -1', post('Content-Length: -1'), 400],
    ['F3 with Content-Length 1_0', post('Content-Length: 1_0'), 400],
    ['F3 with Content-Length 1e3', post('Content-Length: 1e3'), 400],
    ['F3 with an empty Content-Length', post('Content-Length:'), 400],
    ['F3 with Content-Length 2^64+1', post('Content-Length: 18446744073709551617'), 400],
    ['F3 with Content-Length 2^53', post('Content-Length: 9007199254740992'), 400],
    ['F4 with Transfer-Encoding xchunked', post('Transfer-Encoding: xchunked'), 501],
    ['F4 with Transfer-Encoding identity', post('Transfer-Encoding: identity'), 501],
    ['F4 with Transfer-Encoding "chunked, gzip"', post('Transfer-Encoding: chunked, gzip'), 501],
    ['F4 with Transfer-Encoding "gzip, chunked"', post('Transfer-Encoding: gzip, chunked'), 501],
    ['F4 with Transfer-Encoding "chunked,"', post('Transfer-Encoding:  chunked,'), 501],
    ['F4 with Transfer-Encoding "chunked, chunked"', post('Transfer-Encoding: chunked, chunked'), 501],
    ['F4 with Transfer-Encoding chunked;a=b', post('Transfer-Encoding: chunked;a=b'), 501],
    ['F4 with two Transfer-Encoding', post('Transfer-Encoding: chunked', 'Transfer-Encoding: chunked'), 400],
    [
      'F4 with Transfer-Encoding chunked, then identity',
      post('Transfer-Encoding: chunked', 'Transfer-Encoding: identity'),
      400,
    ],
    [
      'F4 with an empty Transfer-Encoding and Content-Length',
      post('Transfer-Encoding:', 'Content-Length: 5'),
      400,
    ],
    [
      'F4 with Transfer-Encoding in HTTP/1.0',
      head('POST / HTTP/1.0', 'Host: a', 'Transfer-Encoding: chunked'),
      400,
    ],
    ['F5 with Transfer-Encoding on a folded line', post('Transfer-Encoding:\r\n chunked'), 400],
    ['F5 with a vertical tab before chunked', post('Transfer-Encoding: \x0bchunked'), 400],
    ['F5 with a space before the colon', post('Transfer-Encoding : chunked'), 400],
    ['F5 with a tab before the colon', post('Transfer-Encoding\t: chunked'), 400],
    ['F5 with NUL in Transfer-Encoding', post('Transfer-Encoding: chun\0ked'), 400],
    ['F5 with a tab after chunked', post('Transfer-Encoding: chunked\t'), 400],
    ['F5 with a space and a tab after chunked', post('Transfer-Encoding: chunked \t '), 400],
    ['F5 with a no-break space before chunked', post('Transfer-Encoding: \xa0chunked'), 501],
    ['F11 with two different Host', get('Host: b'), 400],
    ['F11 with two equal Host', get('Host: a'), 400],
    ['F11 with a Host list', head('GET / HTTP/1.1', 'Host: a, b'), 400],
    ['F11 with a Host list without space', head('GET / HTTP/1.1', 'Host: a,b'), 400],
    ['F11 with an empty Host', head('GET / HTTP/1.1', 'Host:'), 400],
    ['F11 with a path in Host', head('GET / HTTP/1.1', 'Host: a/b'), 400],
    ['F11 with user information in Host', head('GET / HTTP/1.1', 'Host: u@a'), 400],
    ['F11 with a port that is no number', head('GET / HTTP/1.1', 'Host: a:8x'), 400],
    ['F11 with port 65536', head('GET / HTTP/1.1', 'Host: a:65536'), 400],
    ['F11 with only a port', head('GET / HTTP/1.1', 'Host: :80'), 400],
    ['F11 with an unclosed bracket in Host', head('GET / HTTP/1.1', 'Host: [::1'), 400],
    ['F11 with text after the bracket', head('GET / HTTP/1.1', 'Host: [::1]x'), 400],
    ['F11 with empty brackets', head('GET / HTTP/1.1', 'Host: []'), 400],
    ['F11 with obs-text in Host', head('GET / HTTP/1.1', 'Host: \xe4'), 400],
    ['F11 without Host', head('GET / HTTP/1.1', 'Accept: */*'), 400],
    ['F11 without any field', 'GET / HTTP/1.1\r\n\r\n', 400],
    ['F12 with an absolute target of another host', head('GET http://x/ HTTP/1.1', 'Host: a'), 400],
    ['F12 with an absolute target of another port', head('GET http://a:81/ HTTP/1.1', 'Host: a'), 400],
    ['F12 with https and port 80 in Host', head('GET https://a/ HTTP/1.1', 'Host: a:80'), 400],
    ['F12 with an absolute target and no Host', head('GET http://a/ HTTP/1.1', 'Accept: */*'), 400],
    ['F12 with user information in an absolute target', head('GET http://u@a/ HTTP/1.1', 'Host: a'), 400],
    ['F12 with an absolute target without host', head('GET http:///p HTTP/1.1', 'Host: a'), 400],
    ['F13 with GET *', head('GET * HTTP/1.1', 'Host: a'), 400],
    ['F13 with OPTIONS */x', head('OPTIONS */x HTTP/1.1', 'Host: a'), 400],
    ['F13 with GET admin', head('GET admin HTTP/1.1', 'Host: a'), 400],
    ['F13 with GET a:80', head('GET a:80 HTTP/1.1', 'Host: a'), 400],
    ['F13 with GET ftp://a/', head('GET ftp://a/ HTTP/1.1', 'Host: a'), 400],
    ['F13 with a fragment', head('GET /#frag HTTP/1.1', 'Host: a'), 400],
    ['F13 with CONNECT /', head('CONNECT / HTTP/1.1', 'Host: a'), 400],
    ['F13 with CONNECT a:80', head('CONNECT a:80 HTTP/1.1', 'Host: a'), 501],
    ['F14 with an HTTP/0.9 request', 'GET /\r\n\r\n', 400],
    ['F14 with HTTP/2.0', head('GET / HTTP/2.0', 'Host: a'), 505],
    ['F14 with HTTP/9.9', head('GET / HTTP/9.9', 'Host: a'), 505],
    ['F14 with HTTP/0.9 spelled out', head('GET / HTTP/0.9', 'Host: a'), 505],
    ['F14 with the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\n', 505],
    ['F14 with HTTP/1.2', head('GET / HTTP/1.2', 'Host: a'), 400],
    ['F14 with http/1.1', head('GET / http/1.1', 'Host: a'), 400],
    ['F14 with HTTP/1.10', head('GET / HTTP/1.10', 'Host: a'), 400],
    ['F14 with HTTP/1', head('GET / HTTP/1', 'Host: a'), 400],
    ['F14 with a space after the version', head('GET / HTTP/1.1 ', 'Host: a'), 400],
    ['F14 with two spaces before the version', head('GET /  HTTP/1.1', 'Host: a'), 400],
    ['F14 with a tab before the target', head('GET\t/ HTTP/1.1', 'Host: a'), 400],
    ['F14 with a space in the target', head('GET /a b HTTP/1.1', 'Host: a'), 400],
    ['F14 with an empty method', head(' / HTTP/1.1', 'Host: a'), 400],
    ['F14 with a method that is no token', head('G{T / HTTP/1.1', 'Host: a'), 400],
    ['F14 with two empty lines before it', `\r\n\r\n${get()}`, 400],
    ['F14 that is empty', '', 400],
    ['F15 with a bare CR in a value', get('X: a\rb'), 400],
    ['F15 with NUL in a value', get('X: a\0b'), 400],
    ['F15 with BEL in a value', get('X: a\x07b'), 400],
    ['F15 with DEL in a value', get('X: a\x7fb'), 400],
    ['F15 with a bare LF in a value', get('X: a\nY: b'), 400],
    ['F15 with CR CR LF', get('X: a\r'), 400],
    ['F15 with CR before a field', 'GET / HTTP/1.1\r\nHost: a\r\n\rX: b\r\n\r\n', 400],
    ['F15 with LF after the request line', 'GET / HTTP/1.1\nHost: a\r\n\r\n', 400],
    ['F15 with NUL in the target', head('GET /\0 HTTP/1.1', 'Host: a'), 400],
    ['F15 with obs-text in the target', head('GET /\xe4 HTTP/1.1', 'Host: a'), 400],
    ['F16 with a folded field', get('X: a', ' b'), 400],
    ['F16 with a field folded by a tab', get('X: a', '\tb'), 400],
    ['F16 with a blank first field line', head('GET / HTTP/1.1', ' Host: a'), 400],
    ['F17 with brackets in a name', get('X[]: a'), 400],
    ['F17 with an empty name', get(': a'), 400],
    ['F17 without a colon', get('X'), 400],
    ['F17 with obs-text in a name', get('X\xe4: a'), 400],
    ['F18 with more lines than the limit', get(...Array.from({ length: 20 }, (_, n) => `X-${n}: a`)), 431],
    ['F18 with a target longer than the limit', head(`GET /${'a'.repeat(200)} HTTP/1.1`, 'Host: a'), 414],
    ['F22 with an expectation nobody knows', post('Expect: 200-maybe', 'Content-Length: 1'), 417],
    ['H2 with a Connection that names Host', get('Connection: close, Host'), 400],
    [
      'H2 with a Connection that names Content-Length',
      post('Content-Length: 1', 'Connection: content-length'),
      400,
    ],
    ['H2 with a Connection that names X-Forwarded-For', get('Connection: X-Forwarded-For'), 400],
    [
      'H2 with a Connection that names Forwarded',
      get('Connection: keep-alive', 'Connection: Forwarded'),
      400,
    ],
    ['H2 with a Connection that names Cookie', get('Connection: Cookie'), 400],
    ['H2 with a Connection that names Authorization', get('Connection: Authorization'), 400],
    ['H2 with a Connection that is no list of tokens', get('Connection: a b'), 400],
    ['without its empty line', 'GET / HTTP/1.1\r\nHost: a\r\n', 400],
  ])('%s', (_, text, status) => {
    expect(statusOf(text)).toBe(status);
  });
});

describe('an accepted request head', () => {
  it('holds everything a route, a serialiser and a reader need', () => {
    expect(
      accepted(head('POST /api/x?q=1 HTTP/1.1', 'Host: Shop.test:8080', 'Content-Length: 005', 'X-A:  b \t')),
    ).toEqual({
      minor: 1,
      names: ['Host', 'Content-Length', 'X-A'],
      values: ['Shop.test:8080', '005', 'b'],
      body: BODY.length,
      contentLength: 5,
      keepAlive: true,
      connectionTokens: null,
      upgrade: '',
      method: 'POST',
      target: '/api/x?q=1',
      path: '/api/x',
      host: 'Shop.test:8080',
      hostname: 'shop.test',
      expectContinue: false,
      teTrailers: false,
    });
  });

  it.each<[string, string, Partial<RequestHead>]>([
    ['F1 may start after one empty line', `\r\n${get()}`, { method: 'GET', target: '/' }],
    [
      'F3 may give the largest safe length',
      post('Content-Length: 9007199254740991'),
      { contentLength: 2 ** 53 - 1 },
    ],
    [
      'F3 of length 0 has no body but keeps the length',
      post('Content-Length: 0'),
      { body: BODY.none, contentLength: 0 },
    ],
    [
      'F4 may spell chunked in any case',
      post('Transfer-Encoding: Chunked'),
      { body: BODY.chunked, contentLength: -1 },
    ],
    [
      'F11 may name an IPv6 host',
      head('GET / HTTP/1.1', 'Host: [2001:DB8::1]:80'),
      { hostname: '[2001:db8::1]' },
    ],
    ['F11 may have an empty port', head('GET / HTTP/1.1', 'Host: a:'), { host: 'a:', hostname: 'a' }],
    [
      'F11 may have no Host in HTTP/1.0',
      'GET / HTTP/1.0\r\n\r\n',
      { minor: 0, host: '', hostname: '', keepAlive: false },
    ],
    [
      'F12 with an absolute target is for its authority',
      head('GET http://A:80/p?q HTTP/1.1', 'Host: a'),
      { target: '/p?q', path: '/p', host: 'A:80', hostname: 'a' },
    ],
    [
      'F12 takes the default port as equal to none',
      head('GET HTTPS://a/ HTTP/1.1', 'Host: a:443'),
      { target: '/', host: 'a' },
    ],
    [
      'F12 with an absolute target without path asks for /',
      head('GET http://a HTTP/1.1', 'Host: a'),
      { target: '/' },
    ],
    [
      'F12 with an absolute target with only a query asks for /?',
      head('GET http://a?q HTTP/1.1', 'Host: a'),
      { target: '/?q', path: '/' },
    ],
    [
      'F12 in HTTP/1.0 takes the host of an absolute target',
      'GET http://a/ HTTP/1.0\r\n\r\n',
      { host: 'a', hostname: 'a' },
    ],
    ['F13 with OPTIONS * keeps it', head('OPTIONS * HTTP/1.1', 'Host: a'), { target: '*', path: '*' }],
    [
      'F13 with OPTIONS of a URL without path means *',
      head('OPTIONS http://a HTTP/1.1', 'Host: a'),
      { target: '*' },
    ],
    [
      'F17 takes Transfer_Encoding for any other field',
      get('Transfer_Encoding: chunked'),
      { body: BODY.none, names: ['Host', 'Transfer_Encoding'] },
    ],
    ['F21 may be a GET with a body', get('Content-Length: 3'), { body: BODY.length, contentLength: 3 }],
    ['F22 may wait for 100', post('Expect: 100-Continue', 'Content-Length: 3'), { expectContinue: true }],
    ['F22 without a body waits for nothing', post('Expect: 100-continue'), { expectContinue: false }],
    [
      'F22 of HTTP/1.0 waits for nothing',
      head('POST / HTTP/1.0', 'Expect: x', 'Content-Length: 3'),
      { expectContinue: false },
    ],
    [
      'F27 keeps escapes and dots byte-exact',
      head('GET //x/%2e%2e/%0d%0a%00/..\\|? HTTP/1.1', 'Host: a'),
      { target: '//x/%2e%2e/%0d%0a%00/..\\|?', path: '//x/%2e%2e/%0d%0a%00/..\\|' },
    ],
    [
      'H1 lists its connection options in lower case',
      get('Connection: Close, ,X-Foo', 'Connection:\tX-Bar'),
      { connectionTokens: ['close', 'x-foo', 'x-bar'], keepAlive: false },
    ],
    ['H1 that closes says so', get('Connection: close'), { keepAlive: false, connectionTokens: ['close'] }],
    [
      'H1 of HTTP/1.0 may be kept alive',
      'GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n',
      { keepAlive: true },
    ],
    ['H1 that keeps and closes closes', get('Connection: keep-alive, close'), { keepAlive: false }],
    ['H3 may accept trailers', get('TE: trailers, gzip'), { teTrailers: true }],
    ['H3 with TE gzip accepts none', get('TE: gzip'), { teTrailers: false }],
    ['H3 with weighted trailers accepts none', get('TE: trailers;q=.5'), { teTrailers: false }],
    ['H3 may list trailers second', get('TE: gzip,\tTrailers'), { teTrailers: true }],
    ['H4 without the Connection option asks for no upgrade', get('Upgrade: websocket'), { upgrade: '' }],
    [
      'U1 may ask for an upgrade',
      get(
        'Upgrade: WebSocket',
        'Connection: keep-alive, Upgrade',
        'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==',
      ),
      { upgrade: 'websocket' },
    ],
    [
      'U1 may ask for a protocol with version',
      get('Upgrade: TLS/1.0', 'Connection: Upgrade'),
      { upgrade: 'tls/1.0' },
    ],
    ['U1 never upgrades to h2c', get('Upgrade: h2c', 'Connection: Upgrade, HTTP2-Settings'), { upgrade: '' }],
    [
      'U1 offering several protocols asks for none',
      get('Upgrade: websocket, x', 'Connection: Upgrade'),
      { upgrade: '' },
    ],
    [
      'U1 with two Upgrade asks for none',
      get('Upgrade: x', 'Upgrade: x', 'Connection: Upgrade'),
      { upgrade: '' },
    ],
    ['U1 of a POST asks for none', post('Upgrade: websocket', 'Connection: Upgrade'), { upgrade: '' }],
    [
      'U1 with a body asks for none',
      get('Upgrade: websocket', 'Connection: Upgrade', 'Content-Length: 1'),
      { upgrade: '' },
    ],
    [
      'U1 of HTTP/1.0 asks for none',
      head('GET / HTTP/1.0', 'Upgrade: x', 'Connection: Upgrade'),
      { upgrade: '' },
    ],
    [
      'H7 keeps order, case and repeats',
      get('__proto__: 1', 'constructor: 2', 'x-A: 3', 'X-a: 4'),
      { names: ['Host', '__proto__', 'constructor', 'x-A', 'X-a'], values: ['a', '1', '2', '3', '4'] },
    ],
    ['H8 keeps obs-text', get('X: \x80\xff'), { values: ['a', '\x80\xff'] }],
    ['H8 keeps tabs within a value', get('X: a\tb'), { values: ['a', 'a\tb'] }],
    ['may have empty values', get('X:', 'Y: \t '), { values: ['a', '', ''] }],
    ['may use a method of its own', head('BREW / HTTP/1.1', 'Host: a'), { method: 'BREW' }],
    [
      'may have as many lines as the limit',
      get(...Array.from({ length: 19 }, () => 'X: a')),
      { hostname: 'a' },
    ],
    [
      'may have a target as long as the limit',
      head(`GET /${'a'.repeat(199)} HTTP/1.1`, 'Host: a'),
      { hostname: 'a' },
    ],
  ])('%s', (_, text, expected) => {
    expect(accepted(text)).toMatchObject(expected);
  });
});
