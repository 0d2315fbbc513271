// Requests no backend may ever see whole, with the status that answers them; the connection ends with
// it. Ids and requirements: the framing vectors F1–F18 and H2. Written as short as they can be, since
// each is delivered once per byte.
export interface RefusedRequest {
  name: string;
  bytes: string;
  status: number;
}

/** Limits small enough for vectors that exceed them. */
export const VECTOR_LIMITS = { headerBytes: 1024, headerLines: 8, urlBytes: 64, bodyBytes: 64 };

function head(...lines: string[]): string {
  return `${lines.join('\r\n')}\r\n\r\n`;
}

const get = (...fields: string[]): string => head('GET / HTTP/1.1', 'Host: a', ...fields);
const post = (...fields: string[]): string => head('POST / HTTP/1.1', 'Host: a', ...fields);
const CHUNKED = 'Transfer-Encoding: chunked';
const SMUGGLED = 'GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n';

/** Refused by their head; nothing is asked of a backend. */
const HEADS: [string, string, number][] = [
  ['F1 with both framings', `${post('Content-Length: 5', CHUNKED)}0\r\n\r\n${SMUGGLED}`, 400],
  ['F1 with both framings, the other way round', `${post(CHUNKED, 'Content-Length: 5')}0\r\n\r\n`, 400],
  ['F2 with two lengths', `${post('Content-Length: 5', 'Content-Length: 6')}hello!`, 400],
  ['F2 with the same length twice', `${post('Content-Length: 5', 'Content-Length: 5')}hello`, 400],
  ['F2 with a list of lengths', `${post('Content-Length: 5, 5')}hello`, 400],
  ['F3 with length +5', post('Content-Length: +5'), 400],
  ['F3 with length 0x5', post('Content-Length: 0x5'), 400],
  ['F3 with length "5 5"', post('Content-Length: 5 5'), 400],
  ['F3 with length -0', post('Content-Length: -0'), 400],
  ['F3 with length -1', post('Content-Length: -1'), 400],
  ['F3 with length 1_0', post('Content-Length: 1_0'), 400],
  ['F3 with an empty length', post('Content-Length:'), 400],
  ['F3 with length 2^64+1', post('Content-Length: 18446744073709551617'), 400],
  ['F4 with coding xchunked', post('Transfer-Encoding: xchunked'), 501],
  ['F4 with coding identity', post('Transfer-Encoding: identity'), 501],
  ['F4 with codings chunked, gzip', post('Transfer-Encoding: chunked, gzip'), 501],
  ['F4 with codings gzip, chunked', post('Transfer-Encoding: gzip, chunked'), 501],
  ['F4 with a comma after chunked', post('Transfer-Encoding:  chunked,'), 501],
  ['F4 with chunked twice', `${post(CHUNKED, CHUNKED)}0\r\n\r\n`, 400],
  ['F4 with chunked twice in a list', post('Transfer-Encoding: chunked, chunked'), 501],
  ['F4 with an empty coding and a length', `${post('Transfer-Encoding:', 'Content-Length: 5')}hello`, 400],
  ['F4 with chunked in HTTP/1.0', `${head('POST / HTTP/1.0', 'Host: a', CHUNKED)}0\r\n\r\n`, 400],
  ['F5 with a folded coding', post('Transfer-Encoding:\r\n chunked'), 400],
  ['F5 with a vertical tab', post('Transfer-Encoding: \x0bchunked'), 400],
  ['F5 with a space before the colon', post('Transfer-Encoding : chunked'), 400],
  ['F5 with NUL', post('Transfer-Encoding: chunked\0'), 400],
  ['F5 with a no-break space', post('Transfer-Encoding: \xa0chunked'), 501],
  ['F11 with two equal Host', get('Host: a'), 400],
  ['F11 with two different Host', get('Host: b'), 400],
  ['F11 with a Host list', head('GET / HTTP/1.1', 'Host: a, b'), 400],
  ['F11 with an empty Host', head('GET / HTTP/1.1', 'Host:'), 400],
  ['F11 with a path in Host', head('GET / HTTP/1.1', 'Host: a/b'), 400],
  ['F11 with user information in Host', head('GET / HTTP/1.1', 'Host: u@a'), 400],
  ['F11 with no Host', head('GET / HTTP/1.1'), 400],
  ['F12 with a URL of another host', head('GET http://x/ HTTP/1.1', 'Host: a'), 400],
  ['F12 with a URL of another port', head('GET http://a:81/ HTTP/1.1', 'Host: a'), 400],
  ['F13 with GET *', head('GET * HTTP/1.1', 'Host: a'), 400],
  ['F13 with OPTIONS */x', head('OPTIONS */x HTTP/1.1', 'Host: a'), 400],
  ['F13 with GET admin', head('GET admin HTTP/1.1', 'Host: a'), 400],
  ['F13 with GET a:80', head('GET a:80 HTTP/1.1', 'Host: a'), 400],
  ['F13 with a fragment', head('GET /#frag HTTP/1.1', 'Host: a'), 400],
  ['F13 with another scheme', head('GET ftp://a/ HTTP/1.1', 'Host: a'), 400],
  ['F13 with CONNECT /', head('CONNECT / HTTP/1.1', 'Host: a'), 400],
  ['F14 with no version', 'GET /\r\n\r\n', 400],
  ['F14 with no version and no further line', 'GET /\r\n', 400],
  ['F14 with HTTP/2.0', head('GET / HTTP/2.0', 'Host: a'), 505],
  ['F14 with HTTP/9.9', head('GET / HTTP/9.9', 'Host: a'), 505],
  ['F14 with http/1.1', head('GET / http/1.1', 'Host: a'), 400],
  // One is skipped (RFC 9112 §2.2); a second one is no longer what a careless client leaves behind.
  ['F14 with two empty lines before it', `\r\n\r\n${get()}`, 400],
  ['F15 with a bare CR in a value', get('X: a\rb'), 400],
  ['F15 with NUL in a value', get('X: a\0b'), 400],
  ['F15 with BEL in a value', get('X: a\x07b'), 400],
  ['F15 with CR before a field', `GET / HTTP/1.1\r\nHost: a\r\n\rX: ${SMUGGLED}`, 400],
  ['F15 with lines ended by LF', 'GET / HTTP/1.1\nHost: a\n\n', 400],
  ['F16 with a folded field', get('X: a', ' b'), 400],
  ['F16 with a field folded by a tab', get('X: a', '\tb'), 400],
  ['F17 with brackets in a name', get('X[]: a'), 400],
  ['F17 with an empty name', get(': a'), 400],
  ['F17 with no colon', get('X'), 400],
  ['F18 with a header over the limit', get(`X: ${'x'.repeat(1024)}`), 431],
  ['F18 with an endless header', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(1024)}`, 431],
  ['F18 with more lines than the limit', get(...Array.from({ length: 8 }, () => 'X: a')), 431],
  ['F18 with a target over the limit', head(`GET /${'x'.repeat(64)} HTTP/1.1`, 'Host: a'), 414],
  ['F18 with a body over the limit', `${post('Content-Length: 65')}hello`, 413],
  ['F22 with an expectation nobody knows', `${post('Expect: maybe', 'Content-Length: 1')}a`, 417],
  ['H2 with a Connection that names X-Forwarded-For', get('Connection: X-Forwarded-For'), 400],
  ['H2 with a Connection that names Host', get('Connection: close, Host'), 400],
  [
    'H2 with a Connection that names Content-Length',
    `${post('Connection: Content-Length', 'Content-Length: 1')}a`,
    400,
  ],
];

/** Refused by their body: a backend may have got the head, never the end. */
const BODIES: [string, string, number][] = [
  ['F6 with size 0x5', '0x5\r\nhello\r\n0\r\n\r\n', 400],
  ['F6 with size +5', '+5\r\nhello\r\n0\r\n\r\n', 400],
  ['F6 with a space after the size', '5 \r\nhello\r\n0\r\n\r\n', 400],
  ['F6 with LF in the extension', '5;\nhello\r\n0\r\n\r\n', 400],
  ['F6 with a size of 17 digits', '00000000000000005\r\nhello\r\n0\r\n\r\n', 400],
  ['F6 with a size of 2^64-1', 'ffffffffffffffff\r\nhello', 400],
  ['F6 with more data than its size', '5\r\nhello!!\r\n0\r\n\r\n', 400],
  ['F7 with a size ended by LF', '5\nhello\r\n0\r\n\r\n', 400],
  ['F7 with a last chunk ended by LF', '5\r\nhello\r\n0\n\r\n', 400],
  ['F7 with an empty line of LF', '5\r\nhello\r\n0\r\n\n', 400],
  ['F9 with 64 KB of extension', `5;${'a'.repeat(65_536)}\r\nhello\r\n0\r\n\r\n`, 400],
  ['F10 with a folded trailer', '0\r\nX: a\r\n b\r\n\r\n', 400],
  ['F18 with chunks over the limit', `41\r\n${'x'.repeat(65)}\r\n0\r\n\r\n`, 413],
];

export const REFUSED_REQUESTS: readonly RefusedRequest[] = [
  ...HEADS,
  ...BODIES.map(([name, body, status]): [string, string, number] => [name, post(CHUNKED) + body, status]),
].map(([name, bytes, status]) => ({ name, bytes, status }));
