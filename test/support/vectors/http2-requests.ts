// The F and H vectors of requests as HTTP/2 can say them (RFC 9113 §8), each as the frames of one
// stream, and what becomes of them. These have no meaning in HTTP/2:
// - F1, F4 and F5 but for "there is a Transfer-Encoding at all": DATA frames carry the body
// - F6, F7, F8, F9: there are no chunks; their kin is a content-length that DATA does not keep to
// - F12: a target is never a URL; its kin is :authority beside Host (Y2)
// - F14: no request names a version; F15's bare CR between fields: fields are counted, not lines
// - H2: there is no Connection; H4's fields but for "it is there at all"
import { END_HEADERS, END_STREAM, type Field, frame, get, headers, TYPE } from '../h2-frames.ts';

export const PROTOCOL_ERROR = 1;

export interface RefusedHttp2Request {
  name: string;
  frames(stream: number): Buffer;
  /** Status of the answer; 0: the stream is reset with PROTOCOL_ERROR. */
  status: number;
}

export interface ForwardedHttp2Request {
  name: string;
  /** As many streams as `seen` has requests, the first of this number. */
  frames(stream: number): Buffer;
  seen: readonly { first: string; lines: readonly string[]; body: string; trailers?: readonly string[] }[];
}

function post(stream: number, fields: Field[], body: string, trailers?: Field[]): Buffer {
  const parts = [
    headers(stream, get({ ':method': 'POST', ':path': '/p' }, ...fields), END_HEADERS),
    frame(TYPE.data, trailers === undefined ? END_STREAM : 0, stream, body),
  ];
  if (trailers !== undefined) parts.push(headers(stream, trailers));
  return Buffer.concat(parts);
}

const length = (value: string): Field[] => [['content-length', value]];
const many = (count: number): Field[] => Array.from({ length: count }, () => ['x', 'a']);

const FIELDS: [string, Field[], number][] = [
  ['F1 with both framings', get({}, ...length('5'), ['transfer-encoding', 'chunked']), 0],
  ['F4 with a coding', get({}, ['transfer-encoding', 'gzip']), 0],
  ['F5 with NUL in a coding', get({}, ['transfer-encoding', 'chunked\0']), 0],
  ['F11 with two Host', get({}, ['host', 'a'], ['host', 'a']), 0],
  ['F11 with two :authority', [[':authority', 'b.test'], ...get()], 0],
  ['F11 with a Host list', get({ ':authority': undefined }, ['host', 'a, b']), 0],
  ['F11 with an :authority list', get({ ':authority': 'a,b' }), 400],
  ['F11 with an empty :authority', get({ ':authority': '' }), 0],
  ['F11 with a path in :authority', get({ ':authority': 'a/b' }), 0],
  ['F11 with user information in :authority', get({ ':authority': 'u@a' }), 0],
  ['F11 with no host', get({ ':authority': undefined }), 0],
  ['F13 with GET *', get({ ':path': '*' }), 0],
  ['F13 with OPTIONS */x', get({ ':method': 'OPTIONS', ':path': '*/x' }), 0],
  ['F13 with GET admin', get({ ':path': 'admin' }), 0],
  ['F13 with GET a:80', get({ ':path': 'a:80' }), 0],
  ['F13 with a fragment', get({ ':path': '/#frag' }), 400],
  ['F12 F13 with a URL for a path', get({ ':path': 'http://a.test/' }), 0],
  [
    'F13 with CONNECT',
    [
      [':method', 'CONNECT'],
      [':authority', 'a.test:80'],
    ],
    501,
  ],
  ['F15 with CR in a value', get({}, ['x', 'a\rb']), 0],
  ['F15 with NUL in a value', get({}, ['x', 'a\0b']), 0],
  ['F15 with BEL in a value', get({}, ['x', 'a\x07b']), 0],
  ['F15 with CRLF and a request in a value', get({}, ['x', 'a\r\n\r\nGET /smuggled HTTP/1.1\r\n']), 0],
  ['F16 with a folded field', get({}, ['x', 'a\r\n b']), 0],
  ['F17 with brackets in a name', get({}, ['x[]', 'a']), 0],
  ['F17 with an empty name', get({}, ['', 'a']), 0],
  ['F17 with a colon in a name', get({}, ['x:y', 'a']), 0],
  ['F18 with a header over the limit', get({}, ['x', 'x'.repeat(1024)]), 431],
  ['F18 with more fields than the limit', get({}, ...many(9)), 431],
  ['F18 with a target over the limit', get({ ':path': `/${'x'.repeat(64)}` }), 414],
  ['F22 with an expectation nobody knows', get({}, ['expect', 'maybe']), 417],
  ['H1 with Connection', get({}, ['connection', 'x-foo'], ['x-foo', '1']), 0],
  ['H3 with te beside trailers', get({}, ['te', 'trailers, gzip']), 0],
  ['H4 with Keep-Alive', get({}, ['keep-alive', 'timeout=5']), 0],
  ['H4 with Proxy-Connection', get({}, ['proxy-connection', 'keep-alive']), 0],
  ['H4 with Upgrade', get({}, ['upgrade', 'websocket']), 0],
];

const BODIES: [string, (stream: number) => Buffer, number][] = [
  ['F2 with two lengths', (n) => post(n, [...length('5'), ...length('6')], 'hello!'), 0],
  ['F2 with the same length twice', (n) => post(n, [...length('5'), ...length('5')], 'hello'), 0],
  ...['+5', '0x5', '5 5', '-0', '', '18446744073709551617'].map(
    (value): [string, (stream: number) => Buffer, number] => [
      `F3 with length "${value}"`,
      (n) => post(n, length(value), 'hello'),
      0,
    ],
  ),
  ['F6 with less data than its length', (n) => post(n, length('6'), 'hello'), 0],
  ['F10 with a pseudo-field for a trailer', (n) => post(n, [], 'hello', [[':path', '/z']]), 0],
  ['F18 with a length over the limit', (n) => post(n, length('65'), 'x'.repeat(65)), 413],
  ['F18 with a body over the limit', (n) => post(n, [], 'x'.repeat(65)), 413],
];

export const REFUSED_HTTP2_REQUESTS: readonly RefusedHttp2Request[] = [
  ...FIELDS.map(([name, fields, status]) => ({
    name,
    frames: (stream: number) => headers(stream, fields),
    status,
  })),
  ...BODIES.map(([name, frames, status]) => ({ name, frames, status })),
];

const HOST = 'Host: a.test';
const CHUNKED = 'Transfer-Encoding: chunked';
const LIKE_A_REQUEST = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
const GET = { first: 'GET / HTTP/1.1', lines: [HOST], body: '' };

export const FORWARDED_HTTP2_REQUESTS: readonly ForwardedHttp2Request[] = [
  { name: 'F19 of one frame', frames: (n) => headers(n, get()), seen: [GET] },
  {
    name: 'F19 in CONTINUATION frames',
    frames: (n) => {
      const whole = headers(n, get({}, ['x', 'a'])).subarray(9);
      return Buffer.concat([
        frame(TYPE.headers, END_STREAM, n, whole.subarray(0, 7)),
        frame(TYPE.continuation, 0, n, whole.subarray(7, 20)),
        frame(TYPE.continuation, END_HEADERS, n, whole.subarray(20)),
      ]);
    },
    seen: [{ ...GET, lines: [HOST, 'x: a'] }],
  },
  {
    name: 'F3 with leading zeros has one canonical length',
    frames: (n) => post(n, length('005'), 'hello'),
    seen: [{ first: 'POST /p HTTP/1.1', lines: [HOST, 'Content-Length: 5'], body: 'hello' }],
  },
  {
    name: 'F10 S7 keeps only the trailers that are none of the header’s business',
    frames: (n) =>
      post(n, [], 'hello', [
        ['content-length', '5'],
        ['x-sum', '1'],
        ['host', 'b'],
        ['authorization', 'c'],
        ['x_forwarded_for', 'b'],
        ['x-real_ip', 'b'],
        ['content_length', '9'],
      ]),
    seen: [{ first: 'POST /p HTTP/1.1', lines: [HOST, CHUNKED], body: 'hello', trailers: ['x-sum: 1'] }],
  },
  {
    name: 'F12 with another Host is for :authority',
    frames: (n) => headers(n, get({}, ['host', 'b.test'])),
    seen: [GET],
  },
  {
    name: 'F13 for OPTIONS * stays it',
    frames: (n) => headers(n, get({ ':method': 'OPTIONS', ':path': '*' })),
    seen: [{ ...GET, first: 'OPTIONS * HTTP/1.1' }],
  },
  {
    name: 'F17 with transfer_encoding is not framed by it',
    frames: (n) => headers(n, get({}, ['transfer_encoding', 'chunked'])),
    seen: [{ ...GET, lines: [HOST, 'transfer_encoding: chunked'] }],
  },
  {
    name: 'F20 beside another keeps its body to itself',
    frames: (n) => Buffer.concat([post(n, length('5'), 'hello'), headers(n + 2, get())]),
    seen: [{ first: 'POST /p HTTP/1.1', lines: [HOST, 'Content-Length: 5'], body: 'hello' }, GET],
  },
  {
    name: 'F21 may be a GET with a body',
    frames: (n) =>
      Buffer.concat([
        headers(n, get({}, ...length('3')), END_HEADERS),
        frame(TYPE.data, END_STREAM, n, 'abc'),
      ]),
    seen: [{ ...GET, lines: [HOST, 'Content-Length: 3'], body: 'abc' }],
  },
  {
    name: 'F22 that expects 100 is one request whatever its body looks like',
    frames: (n) =>
      post(n, [['expect', '100-continue'], ...length(`${LIKE_A_REQUEST.length}`)], LIKE_A_REQUEST),
    seen: [
      {
        first: 'POST /p HTTP/1.1',
        lines: [HOST, `Content-Length: ${LIKE_A_REQUEST.length}`],
        body: LIKE_A_REQUEST,
      },
    ],
  },
  {
    name: 'F27 keeps escapes, dots and slashes to the byte',
    frames: (n) => headers(n, get({ ':path': '//x/%2e%2e/%0d%0a%00/..\\|?' })),
    seen: [{ ...GET, first: 'GET //x/%2e%2e/%0d%0a%00/..\\|? HTTP/1.1' }],
  },
  {
    name: 'H3 that takes trailers says so',
    frames: (n) => headers(n, get({}, ['te', 'trailers'])),
    seen: [{ ...GET, lines: [HOST, 'TE: trailers', 'Connection: TE'] }],
  },
  {
    name: 'H5 does not say itself where it comes from',
    frames: (n) =>
      headers(
        n,
        get(
          {},
          ['x-forwarded-for', '9.9.9.9'],
          ['x-forwarded-proto', 'ftp'],
          ['x-forwarded-host', 'b'],
          ['x-real-ip', '9.9.9.9'],
          ['forwarded', 'for=9.9.9.9'],
        ),
      ),
    seen: [GET],
  },
  {
    name: 'H7 keeps repeated fields, odd names and order',
    frames: (n) => headers(n, get({}, ['x-a', '1'], ['__proto__', '2'], ['x-a', '3'], ['constructor', '4'])),
    seen: [{ ...GET, lines: [HOST, 'x-a: 1', '__proto__: 2', 'x-a: 3', 'constructor: 4'] }],
  },
  {
    name: 'H8 keeps bytes above 127',
    frames: (n) => headers(n, get({}, ['x', '\x80\xff\xe4'])),
    seen: [{ ...GET, lines: [HOST, 'x: \x80\xff\xe4'] }],
  },
];
