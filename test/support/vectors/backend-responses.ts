// What a backend may answer, byte by byte, and what becomes of it for the client: F, H, U and S vectors
// that start at the backend. The same for every front; how a broken one looks is the front's matter.
export interface BackendResponse {
  name: string;
  bytes: string;
  /** What the backend does behind the last byte. */
  ending?: 'FIN' | 'RST';
  method?: 'HEAD';
  seen: SeenResponse;
}

export interface SeenResponse {
  interim?: readonly number[];
  status: number;
  /** Of an answer of the engine's own: undefined. */
  body?: string;
  /** False: cut short so that no client takes it for complete. */
  complete?: boolean;
  /** Of an answer that is cut short: what a client has of it that saw it end before the fault showed. */
  orWhole?: string;
  contentLength?: string;
  trailers?: readonly string[];
  /** Those of the fields with these names, in their order. */
  fields?: readonly string[];
  /** Names of which none comes. */
  withoutFields?: readonly string[];
}

const ok = (...fields: string[]): string => `${['HTTP/1.1 200 OK', ...fields].join('\r\n')}\r\n\r\n`;
const HELLO = `${ok('Content-Length: 5')}hello`;
const CHUNKED = 'Transfer-Encoding: chunked';
const BAD = { status: 502 };
const HELLO_SEEN = { status: 200, body: 'hello' };
const CUT = { status: 200, complete: false };

export const BACKEND_RESPONSES: readonly BackendResponse[] = [
  { name: 'F1 with both framings', bytes: `${ok('Content-Length: 5', CHUNKED)}0\r\n\r\n`, seen: BAD },
  { name: 'F2 with two lengths', bytes: `${ok('Content-Length: 5', 'Content-Length: 6')}hello!`, seen: BAD },
  { name: 'F3 with length +5', bytes: `${ok('Content-Length: +5')}hello`, seen: BAD },
  { name: 'F16 with a folded field', bytes: `${ok('X: a', ' b', 'Content-Length: 5')}hello`, seen: BAD },
  { name: 'F23 with chunked twice', bytes: `${ok(`${CHUNKED}, chunked`)}0\r\n\r\n`, seen: BAD },
  { name: 'F23 with another coding', bytes: `${ok('Transfer-Encoding: gzip')}hello`, seen: BAD },
  {
    name: 'F23 with chunked in HTTP/1.0',
    bytes: `HTTP/1.0 200 OK\r\n${CHUNKED}\r\n\r\n0\r\n\r\n`,
    seen: BAD,
  },
  { name: 'F23 of HTTP/2.0', bytes: 'HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n', seen: BAD },
  { name: 'F23 with a status that is no number', bytes: 'HTTP/1.1 2x0 OK\r\n\r\n', seen: BAD },
  { name: 'F23 that is another protocol', bytes: 'SSH-2.0-OpenSSH_9.2\r\n\r\n', seen: BAD },
  { name: 'F23 with lines ended by LF', bytes: 'HTTP/1.1 200 OK\nContent-Length: 5\n\nhello', seen: BAD },
  { name: 'F24 with bytes behind it', bytes: `${HELLO}HTTP/1.1 200 OK\r\n`, seen: HELLO_SEEN },
  { name: 'F24 with another response behind it', bytes: HELLO + HELLO, seen: HELLO_SEEN },
  { name: 'F19 of a length', bytes: HELLO, seen: { ...HELLO_SEEN, contentLength: '5' } },
  { name: 'F19 in chunks', bytes: `${ok(CHUNKED)}2;x=y\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n`, seen: HELLO_SEEN },
  { name: 'F19 ended by FIN', bytes: `${ok()}hello`, ending: 'FIN', seen: HELLO_SEEN },
  { name: 'F6 with a broken chunk', bytes: `${ok(CHUNKED)}5\r\nhello!!\r\n0\r\n\r\n`, seen: CUT },
  { name: 'F7 with a chunk size ended by LF', bytes: `${ok(CHUNKED)}5\nhello\r\n0\r\n\r\n`, seen: CUT },
  {
    name: 'H1 that loses what Connection names',
    bytes: `${ok('Connection: keep-alive, X-Foo', 'X-Foo: 1', 'Keep-Alive: timeout=60', 'X-Bar: 2', 'Content-Length: 5')}hello`,
    seen: { ...HELLO_SEEN, fields: ['x-bar: 2'], withoutFields: ['x-foo', 'keep-alive'] },
  },
  {
    name: 'H7 that keeps repeated fields, odd names and order',
    bytes: ok(
      'Set-Cookie: a=1',
      'X-A: 1',
      '__proto__: 2',
      'Set-Cookie: b=2',
      'constructor: 3',
      'Content-Length: 0',
    ),
    seen: {
      status: 200,
      body: '',
      fields: ['set-cookie: a=1', 'x-a: 1', '__proto__: 2', 'set-cookie: b=2', 'constructor: 3'],
    },
  },
  {
    name: 'H8 that keeps bytes above 127',
    bytes: ok('X: \x80\xff\xe4', 'Content-Length: 0'),
    seen: { status: 200, body: '', fields: ['x: \x80\xff\xe4'] },
  },
  {
    name: 'H10 to HEAD',
    bytes: ok('Content-Length: 5'),
    method: 'HEAD',
    seen: { status: 200, body: '', contentLength: '5' },
  },
  { name: 'H10 to HEAD with bytes behind it', bytes: HELLO, method: 'HEAD', seen: { status: 200, body: '' } },
  {
    name: 'H10 of 204 with bytes behind it',
    bytes: 'HTTP/1.1 204 No Content\r\n\r\nhello',
    seen: { status: 204, body: '' },
  },
  {
    name: 'H10 of 204 with a length',
    bytes: 'HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n',
    seen: { status: 204, body: '' },
  },
  {
    name: 'H10 H11 of 304 with a length',
    bytes: 'HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n',
    seen: { status: 304, body: '', contentLength: '5' },
  },
  {
    name: 'H12 after 103 and 103',
    bytes: `HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n${HELLO}`,
    seen: { ...HELLO_SEEN, interim: [103, 103] },
  },
  {
    name: 'H12 that is 103 and the end',
    bytes: 'HTTP/1.1 103 Early Hints\r\n\r\n',
    ending: 'FIN',
    seen: { ...BAD, interim: [103] },
  },
  {
    name: 'U3 that switches protocols unasked',
    bytes: 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
    seen: BAD,
  },
  {
    name: 'S4 shorter than its length',
    bytes: `${ok('Content-Length: 100')}hello`,
    ending: 'FIN',
    seen: CUT,
  },
  { name: 'S5 in chunks, ended by FIN', bytes: `${ok(CHUNKED)}5\r\nhello\r\n`, ending: 'FIN', seen: CUT },
  { name: 'S5 in chunks, ended by RST', bytes: `${ok(CHUNKED)}5\r\nhello\r\n`, ending: 'RST', seen: CUT },
  { name: 'S6 without framing, ended by RST', bytes: `${ok()}hello`, ending: 'RST', seen: CUT },
  {
    name: 'S7 with trailers nobody announced',
    bytes: `${ok(CHUNKED)}5\r\nhello\r\n0\r\nX-Sum: 1\r\nContent-Length: 9\r\nSet_Cookie: a=b\r\n\r\n`,
    seen: { ...HELLO_SEEN, trailers: ['x-sum: 1'] },
  },
];
