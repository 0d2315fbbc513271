// The framing and header vectors of requests as HTTP/2 can say them, frames delivered whole, byte by
// byte and cut in two at every byte. A refused one leaves the connection to the next.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EngineHarness } from '../../support/engine-harness.ts';
import { servingHttp2 } from '../../support/h2-engine.ts';
import { get, H2RawClient, headers } from '../../support/h2-frames.ts';
import { ok, RawServer } from '../../support/raw-server.ts';
import { DELIVERIES, type Delivery, deliver } from '../../support/vectors/delivery.ts';
import {
  FORWARDED_HTTP2_REQUESTS,
  PROTOCOL_ERROR,
  REFUSED_HTTP2_REQUESTS,
} from '../../support/vectors/http2-requests.ts';
import { VECTOR_LIMITS } from '../../support/vectors/refused-requests.ts';

const OWN_FIELD = /^X-Forwarded-(For|Proto|Host): /;
/** Of one client, before another one takes over. */
const STREAMS = 60;

let backend: RawServer;
let engine: EngineHarness;

beforeAll(async () => {
  backend = await RawServer.listen((request) => ok(request.target));
  engine = await servingHttp2({ a: backend.port }, {}, { limits: VECTOR_LIMITS });
});

afterAll(async () => {
  await engine[Symbol.asyncDispose]();
  await backend[Symbol.asyncDispose]();
});

/** Says `frames` in every way of `cut`, each on fresh streams of a few clients. */
async function eachWay(
  frames: (stream: number) => Buffer,
  cut: (bytes: string) => Delivery[],
  check: (client: H2RawClient, stream: number) => Promise<void>,
): Promise<void> {
  const ways = cut(frames(1).toString('latin1')).length;
  for (let from = 0; from < ways; from += STREAMS) {
    await using client = await H2RawClient.connect(engine.port());
    for (let way = from; way < Math.min(ways, from + STREAMS); way++) {
      const stream = 1 + (way - from) * 8;
      backend.requests.length = 0;
      await deliver(client, cut(frames(stream).toString('latin1'))[way]!);
      await check(client, stream);
    }
  }
}

describe('over HTTP/2, a request', () => {
  for (const { name, frames, status } of REFUSED_HTTP2_REQUESTS) {
    const fate = status === 0 ? 'is reset' : `is answered with ${status}`;
    it.each(DELIVERIES)(`${name} ${fate}, %s`, async (_, cut) => {
      await eachWay(frames, cut, async (client, stream) => {
        if (status === 0) expect(await client.resetCode(stream)).toBe(PROTOCOL_ERROR);
        else expect(await client.status(stream)).toBe(status);
        expect(backend.requests).toEqual([]);
        client.send(headers(stream + 4, get({ ':path': '/next' })));
        expect(await client.status(stream + 4)).toBe(200);
        expect(backend.requests.map(({ target }) => target)).toEqual(['/next']);
      });
    });
  }

  for (const { name, frames, seen } of FORWARDED_HTTP2_REQUESTS) {
    it.each(DELIVERIES)(`${name}, %s`, async (_, cut) => {
      await eachWay(frames, cut, async (client, stream) => {
        for (const at of seen.keys()) {
          const answered = stream + 2 * at;
          await client.until(() => client.isComplete(answered), 'the answer');
        }
        const received = backend.requests.map(({ first, lines, body, trailers }) => ({
          first,
          lines: lines.filter((line) => !OWN_FIELD.test(line)),
          body,
          trailers,
        }));
        const byFirst = (a: { first: string }, b: { first: string }) => (a.first < b.first ? -1 : 1);
        const expected = seen.map((request) => ({ trailers: [], ...request }));
        expect(received.toSorted(byFirst)).toEqual(expected.toSorted(byFirst));
        for (const { lines } of backend.requests) {
          expect(lines.filter((line) => OWN_FIELD.test(line))).toEqual([
            'X-Forwarded-For: 127.0.0.1',
            'X-Forwarded-Proto: https',
            'X-Forwarded-Host: a.test',
          ]);
        }
      });
    });
  }
});
