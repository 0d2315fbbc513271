// Requests that are valid, and what the backend gets of them: F and H vectors whose result is another
// request. Each is said to one backend over one kept connection, so what one leaves behind spoils the
// next. The backend answers each with its target.
export interface ForwardedRequest {
  name: string;
  bytes: string;
  seen: readonly SeenRequest[];
}

export interface SeenRequest {
  first: string;
  /** All but X-Forwarded-…, which the engine adds to each. */
  lines: readonly string[];
  body: string;
  trailers?: readonly string[];
}

function head(...lines: string[]): string {
  return `${lines.join('\r\n')}\r\n\r\n`;
}

const get = (...fields: string[]): string => head('GET / HTTP/1.1', 'Host: a', ...fields);
const post = (...fields: string[]): string => head('POST /p HTTP/1.1', 'Host: a', ...fields);
const CHUNKED = 'Transfer-Encoding: chunked';

function seen(first: string, lines: readonly string[] = ['Host: a'], body = ''): SeenRequest {
  return { first: `${first} HTTP/1.1`, lines, body };
}

const GET = seen('GET /');
const LIKE_A_REQUEST = get();
const SENT_BODY = `Content-Length: ${LIKE_A_REQUEST.length}`;

export const FORWARDED_REQUESTS: readonly ForwardedRequest[] = [
  { name: 'F1 is followed by the next one', bytes: get(), seen: [GET] },
  { name: 'F14 may come after one empty line', bytes: `\r\n${get()}`, seen: [GET] },
  {
    name: 'F3 with leading zeros has one canonical length',
    bytes: `${post('Content-Length: 005')}hello`,
    seen: [seen('POST /p', ['Host: a', 'Content-Length: 5'], 'hello')],
  },
  {
    name: 'F8 loses its chunk extensions',
    bytes: `${post(CHUNKED)}5;a=b;c="d;\\""\r\nhello\r\n0;e\r\n\r\n`,
    seen: [seen('POST /p', ['Host: a', CHUNKED], 'hello')],
  },
  {
    name: 'F10 S7 keeps only the trailers that are none of the header’s business',
    bytes: `${post(CHUNKED)}1\r\na\r\n0\r\nContent-Length: 9\r\nTransfer-Encoding: x\r\nX-Sum: 1\r\nHost: b\r\nAuthorization: c\r\n\r\n`,
    seen: [{ ...seen('POST /p', ['Host: a', CHUNKED], 'a'), trailers: ['X-Sum: 1'] }],
  },
  {
    name: 'F10 takes underscores in the name of a trailer for hyphens',
    bytes: `${post(CHUNKED)}1\r\na\r\n0\r\nX_Forwarded_For: b\r\nContent_Length: 9\r\nX_Sum: 1\r\nX-Real_IP: b\r\n\r\n`,
    seen: [{ ...seen('POST /p', ['Host: a', CHUNKED], 'a'), trailers: ['X_Sum: 1'] }],
  },
  {
    name: 'F12 for a URL is for its host and path',
    bytes: head('GET http://A:80/p?q HTTP/1.1', 'Host: a'),
    seen: [seen('GET /p?q', ['Host: A:80'])],
  },
  {
    name: 'F13 for OPTIONS * stays it',
    bytes: head('OPTIONS * HTTP/1.1', 'Host: a'),
    seen: [seen('OPTIONS *')],
  },
  {
    name: 'F17 with Transfer_Encoding is not framed by it',
    bytes: get('Transfer_Encoding: chunked'),
    seen: [seen('GET /', ['Host: a', 'Transfer_Encoding: chunked'])],
  },
  {
    name: 'F20 that pipelines keeps order and boundaries',
    bytes: `${get()}${post('Content-Length: 5')}hello${post(CHUNKED)}3\r\nabc\r\n0\r\n\r\n${get()}`,
    seen: [
      GET,
      seen('POST /p', ['Host: a', 'Content-Length: 5'], 'hello'),
      seen('POST /p', ['Host: a', CHUNKED], 'abc'),
      GET,
    ],
  },
  {
    name: 'F21 may be a GET with a body',
    bytes: `${get('Content-Length: 3')}abc${get()}`,
    seen: [seen('GET /', ['Host: a', 'Content-Length: 3'], 'abc'), GET],
  },
  {
    name: 'F22 that expects 100 is one request whatever its body looks like',
    bytes: `${post('Expect: 100-Continue', SENT_BODY)}${LIKE_A_REQUEST}`,
    seen: [seen('POST /p', ['Host: a', SENT_BODY], LIKE_A_REQUEST)],
  },
  {
    name: 'F27 keeps escapes, dots and slashes to the byte',
    bytes: head('GET //x/%2e%2e/%0d%0a%00/..\\|? HTTP/1.1', 'Host: a'),
    seen: [seen('GET //x/%2e%2e/%0d%0a%00/..\\|?')],
  },
  {
    name: 'H1 loses what Connection names',
    bytes: get('Connection: keep-alive, X-Foo', 'X-Foo: 1', 'X-Bar: 2'),
    seen: [seen('GET /', ['Host: a', 'X-Bar: 2'])],
  },
  {
    name: 'H3 accepts trailers and nothing else of TE',
    bytes: get('TE: trailers, gzip', 'Connection: TE') + get('TE: gzip') + get('TE: trailers;q=.5'),
    seen: [seen('GET /', ['Host: a', 'TE: trailers', 'Connection: TE']), GET, GET],
  },
  {
    name: 'H4 loses hop-by-hop fields nobody named',
    bytes: get(
      'Keep-Alive: timeout=5',
      'Proxy-Connection: keep-alive',
      'Proxy-Authorization: b',
      'Upgrade: websocket',
    ),
    seen: [GET],
  },
  {
    name: 'H5 does not say itself where it comes from',
    bytes: get(
      'X-Forwarded-For: 9.9.9.9',
      'X-Forwarded-Proto: ftp',
      'X-Forwarded-Host: b',
      'X-Real-IP: 9.9.9.9',
    ),
    seen: [GET],
  },
  {
    name: 'H5 H6 does not say so by Forwarded either',
    bytes: get('Forwarded: for="[2001:db8::1]:47";proto=https'),
    seen: [GET],
  },
  {
    name: 'H7 keeps repeated fields, odd names, order and case',
    bytes: get('x-A: 1', '__proto__: 2', 'X-a: 3', 'constructor: 4'),
    seen: [seen('GET /', ['Host: a', 'x-A: 1', '__proto__: 2', 'X-a: 3', 'constructor: 4'])],
  },
  {
    name: 'H8 keeps bytes above 127',
    bytes: get('X: \x80\xff\xe4'),
    seen: [seen('GET /', ['Host: a', 'X: \x80\xff\xe4'])],
  },
];
