// What a backend that speaks HTTP/2 may answer, frame by frame, and what becomes of it for the client:
// the vectors of backend-responses.ts as HTTP/2 can say them (RFC 9113 §8). These have no meaning there:
// - F1, F6, F7, F23 but for "there is a Transfer-Encoding at all": DATA frames carry the body
// - F19 "ended by FIN" and S6: the end of the connection never ends a body
// - F23 "that is another protocol": no session begins (http2-upstream-failures)
// - F24 "another response behind it": its kin is DATA or HEADERS on a stream that has ended
// - H12 to HTTP/1.0: interim ones are the front's to leave out (http1-relay)
import { END_HEADERS, END_STREAM, type Field, frame, headers, TYPE, uint32 } from '../h2-frames.ts';
import type { SeenResponse } from './backend-responses.ts';

export interface Http2Response {
  name: string;
  frames(stream: number): Buffer;
  /** The backend closes its connection behind the last byte. */
  ending?: 'FIN' | 'RST';
  method?: 'HEAD';
  seen: SeenResponse;
}

const status = (code: number, ...fields: Field[]): Field[] => [[':status', `${code}`], ...fields];
const length = (value: string): Field => ['content-length', value];
/** A head that is followed by more. */
const open = (stream: number, ...fields: Field[]): Buffer =>
  headers(stream, status(200, ...fields), END_HEADERS);
const data = (stream: number, bytes: string, flags = 0): Buffer => frame(TYPE.data, flags, stream, bytes);
const last = (stream: number, bytes: string): Buffer => data(stream, bytes, END_STREAM);
const reset = (stream: number, code: number): Buffer => frame(TYPE.reset, 0, stream, uint32(code));
const join = (...parts: Buffer[]): Buffer => Buffer.concat(parts);
const hello = (stream: number): Buffer => join(open(stream, length('5')), last(stream, 'hello'));

const BAD = { status: 502 };
const HELLO = { status: 200, body: 'hello' };
const CUT = { status: 200, complete: false };

const MALFORMED: [string, Field[]][] = [
  ['F1 with both framings', status(200, length('5'), ['transfer-encoding', 'chunked'])],
  ['F2 with two lengths', status(200, length('5'), length('6'))],
  ['F3 with length +5', status(200, length('+5'))],
  ['F17 with a capital in a name', status(200, ['X-Up', 'a'])],
  ['F23 with a coding', status(200, ['transfer-encoding', 'gzip'])],
  ['F23 without a status', [['x', 'a']]],
  [
    'F23 with two statuses',
    [
      [':status', '200'],
      [':status', '200'],
    ],
  ],
  ['F23 with a status that is no number', [[':status', '2x0']]],
  ['F23 with a pseudo-field of requests', status(200, [':path', '/'])],
  ['H1 with Connection', status(200, ['connection', 'x-foo'], ['x-foo', '1'])],
  ['H4 with Keep-Alive', status(200, ['keep-alive', 'timeout=5'])],
  ['U3 that switches protocols unasked', status(101, ['upgrade', 'websocket'])],
];

/** node:http2 leaves such a field out, as if it had not been sent; the rest of the answer is not. */
const DROPPED: [string, Field][] = [
  ['F15 with NUL in a value', ['x', 'a\0b']],
  ['F15 with CR and LF in a value', ['x', 'a\r\nset-cookie: b']],
  ['F16 with a folded field', ['x', 'a\r\n b']],
  ['F17 with brackets in a name', ['x[]', 'a']],
];

export const HTTP2_RESPONSES: readonly Http2Response[] = [
  ...MALFORMED.map(([name, fields]) => ({
    name,
    frames: (stream: number) => headers(stream, fields),
    seen: BAD,
  })),
  ...DROPPED.map(([name, field]) => ({
    name: `${name}, which is left out,`,
    frames: (stream: number) => headers(stream, status(200, length('0'), field, ['x-kept', '1'])),
    seen: {
      status: 200,
      body: '',
      fields: ['x-kept: 1'],
      withoutFields: [field[0], 'set-cookie'],
    },
  })),
  { name: 'F19 of a length', frames: hello, seen: { ...HELLO, contentLength: '5' } },
  { name: 'F19 without a length', frames: (n) => join(open(n), last(n, 'hello')), seen: HELLO },
  {
    name: 'F19 in many frames, some empty',
    frames: (n) => join(open(n), data(n, 'he'), data(n, ''), data(n, 'llo'), last(n, '')),
    seen: HELLO,
  },
  {
    name: 'F19 whose head comes in CONTINUATION frames',
    frames: (n) => {
      const block = headers(n, status(200, length('5'))).subarray(9);
      return join(
        frame(TYPE.headers, 0, n, block.subarray(0, 3)),
        frame(TYPE.continuation, 0, n, block.subarray(3, 9)),
        frame(TYPE.continuation, END_HEADERS, n, block.subarray(9)),
        last(n, 'hello'),
      );
    },
    seen: { ...HELLO, contentLength: '5' },
  },
  {
    name: 'F24 with data behind its end',
    frames: (n) => join(hello(n), data(n, 'more')),
    seen: HELLO,
  },
  { name: 'F24 with a second end', frames: (n) => join(hello(n), headers(n, status(200))), seen: HELLO },
  {
    name: 'F24 with more data than its length',
    frames: (n) => join(open(n, length('5')), last(n, 'hello!!')),
    seen: { ...CUT, orWhole: 'hello' },
  },
  {
    name: 'H7 that keeps repeated fields, odd names and order',
    frames: (n) =>
      headers(
        n,
        status(
          200,
          length('0'),
          ['set-cookie', 'a=1'],
          ['x-a', '1'],
          ['__proto__', '2'],
          ['set-cookie', 'b=2'],
          ['constructor', '3'],
        ),
      ),
    seen: {
      status: 200,
      body: '',
      fields: ['set-cookie: a=1', 'x-a: 1', '__proto__: 2', 'set-cookie: b=2', 'constructor: 3'],
    },
  },
  {
    name: 'H8 that keeps bytes above 127',
    frames: (n) => headers(n, status(200, length('0'), ['x', '\x80\xff\xe4'])),
    seen: { status: 200, body: '', fields: ['x: \x80\xff\xe4'] },
  },
  {
    name: 'H10 to HEAD',
    frames: (n) => headers(n, status(200, length('5'))),
    method: 'HEAD',
    seen: { status: 200, body: '', contentLength: '5' },
  },
  {
    name: 'H10 to HEAD that ends with an empty frame',
    frames: (n) => join(open(n, length('5')), last(n, '')),
    method: 'HEAD',
    seen: { status: 200, body: '', contentLength: '5' },
  },
  { name: 'H10 of 204', frames: (n) => headers(n, status(204)), seen: { status: 204, body: '' } },
  {
    name: 'H10 H11 of 304 with a length',
    frames: (n) => headers(n, status(304, length('5'))),
    seen: { status: 304, body: '', contentLength: '5' },
  },
  {
    name: 'H12 after 103 and 103',
    frames: (n) =>
      join(
        headers(n, status(103, ['link', '</a>']), END_HEADERS),
        headers(n, status(103), END_HEADERS),
        hello(n),
      ),
    seen: { ...HELLO, interim: [103, 103] },
  },
  {
    name: 'H12 that is 103 and the end',
    frames: (n) => headers(n, status(103)),
    seen: BAD,
  },
  {
    name: 'H12 that is 103 and the end of its connection',
    frames: (n) => headers(n, status(103), END_HEADERS),
    ending: 'FIN',
    seen: { ...BAD, interim: [103] },
  },
  {
    name: 'S4 shorter than its length',
    frames: (n) => join(open(n, length('100')), last(n, 'hello')),
    seen: CUT,
  },
  {
    name: 'S4 shorter than its length, ended by FIN',
    frames: (n) => join(open(n, length('100')), data(n, 'hello')),
    ending: 'FIN',
    seen: CUT,
  },
  { name: 'S5 ended by FIN', frames: (n) => join(open(n), data(n, 'hello')), ending: 'FIN', seen: CUT },
  { name: 'S5 ended by RST', frames: (n) => join(open(n), data(n, 'hello')), ending: 'RST', seen: CUT },
  {
    name: 'S5 reset with an error',
    frames: (n) => join(open(n), data(n, 'hello'), reset(n, 2)),
    seen: CUT,
  },
  {
    name: 'S5 reset without one',
    frames: (n) => join(open(n), data(n, 'hello'), reset(n, 0)),
    seen: CUT,
  },
  {
    name: 'S7 with trailers nobody announced',
    frames: (n) =>
      join(
        open(n),
        data(n, 'hello'),
        headers(n, [
          ['x-sum', '1'],
          ['content-type', 'text/plain'],
          ['set_cookie', 'a=b'],
        ]),
      ),
    seen: { ...HELLO, trailers: ['x-sum: 1'] },
  },
  {
    name: 'F10 with a length for a trailer',
    frames: (n) => join(open(n), data(n, 'hello'), headers(n, [length('9')])),
    seen: CUT,
  },
  {
    name: 'F10 with a pseudo-field for a trailer',
    frames: (n) => join(open(n), data(n, 'hello'), headers(n, [[':status', '200']])),
    seen: CUT,
  },
];
