// The framing and header vectors of valid requests, to a backend that speaks HTTP/2, from clients of
// either version, each delivered whole, byte by byte and cut in two at every byte: the backend is asked
// the same. Refused requests never get as far as a backend: vector-requests and vectors-over-http2.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EngineHarness } from '../../support/engine-harness.ts';
import { H2Backend, type H2Request, respond } from '../../support/h2-backends.ts';
import { servingHttp2 } from '../../support/h2-engine.ts';
import { H2RawClient } from '../../support/h2-frames.ts';
import { DELIVERIES, type Delivery, deliver } from '../../support/vectors/delivery.ts';
import { FORWARDED_REQUESTS } from '../../support/vectors/forwarded-requests.ts';
import { FORWARDED_HTTP2_REQUESTS } from '../../support/vectors/http2-requests.ts';
import { type Http2SeenRequest, http2Received, http2Seen } from '../../support/vectors/http2-seen.ts';

/** Of one client over HTTP/2, before another one takes over. */
const STREAMS = 60;

let backend: H2Backend;
let received: Http2SeenRequest[] = [];

async function serve(request: H2Request): Promise<void> {
  // A request that is cut short shows as one that is missing.
  const body = await request.body().catch(() => undefined);
  if (body === undefined) return;
  received.push(http2Received(request.fields, body, request.trailers));
  respond(request, String(request.headers[':path']));
}

const inOrder = (requests: readonly Http2SeenRequest[]): Http2SeenRequest[] =>
  requests.toSorted((a, b) => (a.method < b.method ? -1 : 1));

beforeAll(async () => {
  backend = await H2Backend.listen((request) => void serve(request));
});

afterAll(() => backend[Symbol.asyncDispose]());

describe('to an HTTP/2 backend, in clear text, a request', () => {
  let engine: EngineHarness;

  beforeAll(async () => {
    engine = await EngineHarness.serving({ a: backend.port }, { protocol: 'http2' });
  });

  afterAll(() => engine[Symbol.asyncDispose]());

  for (const { name, bytes, seen } of FORWARDED_REQUESTS) {
    it.each(DELIVERIES)(`${name}, %s`, async (_, cut) => {
      await using client = await engine.client();
      for (const pieces of cut(bytes)) {
        received = [];
        await deliver(client, pieces);
        for (const { first } of seen) {
          let answer = await client.message();
          while (answer.status < 200) answer = await client.message();
          expect([answer.status, answer.body]).toEqual([200, first.split(' ')[1]]);
        }
        expect(received).toEqual(seen.map((request) => http2Seen(request, 'http')));
      }
      expect(client.text).toBe('');
    });
  }
});

describe('to an HTTP/2 backend, over HTTP/2, a request', () => {
  let engine: EngineHarness;

  beforeAll(async () => {
    engine = await servingHttp2({ a: backend.port }, { protocol: 'http2' });
  });

  afterAll(() => engine[Symbol.asyncDispose]());

  for (const { name, frames, seen } of FORWARDED_HTTP2_REQUESTS) {
    it.each(DELIVERIES)(`${name}, %s`, async (_, cut) => {
      const ways = cut(frames(1).toString('latin1')).length;
      for (let from = 0; from < ways; from += STREAMS) {
        await using client = await H2RawClient.connect(engine.port());
        for (let way = from; way < Math.min(ways, from + STREAMS); way++) {
          const stream = 1 + (way - from) * 8;
          received = [];
          const pieces: Delivery = cut(frames(stream).toString('latin1'))[way]!;
          await deliver(client, pieces);
          for (const at of seen.keys())
            await client.until(() => client.isComplete(stream + 2 * at), 'the answer');
          expect(inOrder(received)).toEqual(inOrder(seen.map((request) => http2Seen(request, 'https'))));
        }
      }
    });
  }
});
