// Measures the HTTP/1.1 codec alone: nanoseconds for each step of a small browser request and a
// small response. Run with `node test/bench/codec.bench.ts`.

import type { Forwarding } from '../../src/main/engine/exchange/forwarded.ts';
import { BODY } from '../../src/main/engine/exchange/message.ts';
import { BodyReader } from '../../src/main/engine/http1/body.ts';
import { findHeadEnd } from '../../src/main/engine/http1/head-end.ts';
import { isHeadError, parseRequestHead } from '../../src/main/engine/http1/head-request.ts';
import { parseResponseHead } from '../../src/main/engine/http1/head-response.ts';
import { requestHeadText, responseHeadText } from '../../src/main/engine/http1/serialize.ts';

const REQUEST = Buffer.from(
  [
    'GET /api/v1/items/42?expand=owner&lang=en HTTP/1.1',
    'Host: shop.example.test:8080',
    'User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
    'Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
    'Accept-Language: en-GB,en;q=0.5',
    'Accept-Encoding: gzip, deflate, br, zstd',
    'Referer: http://shop.example.test:8080/items',
    'Cookie: session=4f9a8b7c6d5e4f3a2b1c; theme=dark',
    'Sec-Fetch-Mode: navigate',
    'Connection: keep-alive',
    'Priority: u=0, i',
    '',
    '',
  ].join('\r\n'),
  'latin1',
);
const RESPONSE = Buffer.from(
  [
    'HTTP/1.1 200 OK',
    'Server: nginx/1.29.0',
    'Date: Fri, 20 Nov 2026 21:00:00 GMT',
    'Content-Type: text/plain',
    'Content-Length: 12',
    'Last-Modified: Thu, 19 Nov 2026 10:00:00 GMT',
    'Connection: keep-alive',
    'ETag: "6740a1b2-c"',
    'Accept-Ranges: bytes',
    '',
    '',
  ].join('\r\n'),
  'latin1',
);
const LIMITS = { headerLines: 100, urlBytes: 8192 };
const FORWARDING: Forwarding = {
  clientAddress: '127.0.0.1',
  proto: 'http',
  trusted: false,
  forwarded: false,
  via: '',
  major: 1,
};
const TARGET = { minor: 1, keepAlive: true, body: BODY.length, via: '' } as const;
const ROUNDS = 200_000;

const request = parseRequestHead(REQUEST.toString('latin1'), LIMITS);
const response = parseResponseHead(RESPONSE.toString('latin1'), 'GET');
if (isHeadError(request) || isHeadError(response)) throw new Error('the samples must parse');
const wire = Buffer.alloc(4096);
const body = new BodyReader();
const chunked = Buffer.from('c\r\nhello, world\r\n0\r\n\r\n', 'latin1');

let sink = 0;
function measure(name: string, step: () => number): void {
  for (let round = 0; round < ROUNDS / 4; round++) sink += step();
  let best = Number.POSITIVE_INFINITY;
  for (let turn = 0; turn < 5; turn++) {
    const start = process.hrtime.bigint();
    for (let round = 0; round < ROUNDS; round++) sink += step();
    best = Math.min(best, Number(process.hrtime.bigint() - start) / ROUNDS);
  }
  console.log(`${name.padEnd(36)} ${best.toFixed(0).padStart(6)} ns`);
}

measure('find the end of a request head', () => findHeadEnd(REQUEST, 0, REQUEST.length));
measure('slice a request head', () => REQUEST.toString('latin1', 0, REQUEST.length).length);
measure('slice and parse a request head', () => {
  const head = parseRequestHead(REQUEST.toString('latin1', 0, REQUEST.length), LIMITS);
  return isHeadError(head) ? 0 : head.names.length;
});
measure('write a request head (rope)', () => requestHeadText(request, FORWARDING).length);
measure('write a request head into bytes', () => wire.write(requestHeadText(request, FORWARDING), 'latin1'));
measure('slice a response head', () => RESPONSE.toString('latin1', 0, RESPONSE.length).length);
measure('slice and parse a response head', () => {
  const head = parseResponseHead(RESPONSE.toString('latin1', 0, RESPONSE.length), 'GET');
  return isHeadError(head) ? 0 : head.names.length;
});
measure('write a response head (rope)', () => responseHeadText(response, TARGET).length);
measure('write a response head into bytes', () => wire.write(responseHeadText(response, TARGET), 'latin1'));
measure('read a small chunked body', () => {
  const out: Buffer[] = [];
  body.start(BODY.chunked, -1, false);
  return body.read(chunked, 0, chunked.length, out);
});
measure('all of one exchange', () => {
  const asked = parseRequestHead(
    REQUEST.toString('latin1', 0, findHeadEnd(REQUEST, 0, REQUEST.length)),
    LIMITS,
  );
  if (isHeadError(asked)) return 0;
  const sent = wire.write(requestHeadText(asked, FORWARDING), 'latin1');
  const answered = parseResponseHead(
    RESPONSE.toString('latin1', 0, findHeadEnd(RESPONSE, 0, RESPONSE.length)),
    'GET',
  );
  if (isHeadError(answered)) return 0;
  return sent + wire.write(responseHeadText(answered, TARGET), 'latin1');
});
if (sink === 0) throw new Error('nothing was measured');
