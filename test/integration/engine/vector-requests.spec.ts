// The framing and header vectors of requests, in clear text and over TLS, each delivered whole, byte by
// byte and cut in two at every byte: none makes a difference.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EngineHarness } from '../../support/engine-harness.ts';
import { HTTP1_FRONTS } from '../../support/fronts.ts';
import type { RawClient } from '../../support/raw-client.ts';
import { ok, RawServer } from '../../support/raw-server.ts';
import type { RawMessage } from '../../support/raw-stream.ts';
import { DELIVERIES, type Delivery, deliver, inBatches } from '../../support/vectors/delivery.ts';
import { FORWARDED_REQUESTS, type SeenRequest } from '../../support/vectors/forwarded-requests.ts';
import { REFUSED_REQUESTS, VECTOR_LIMITS } from '../../support/vectors/refused-requests.ts';

const CLIENTS = 16;
const OWN_FIELD = /^X-Forwarded-(For|Proto|Host): /;

/** Without the engine's interim answers to an expectation. */
async function finalAnswer(client: RawClient): Promise<RawMessage> {
  for (;;) {
    const message = await client.message();
    if (message.status >= 200) return message;
  }
}

describe.each(HTTP1_FRONTS)('over $name, a request', (front) => {
  let backend: RawServer;
  let engine: EngineHarness;

  beforeAll(async () => {
    backend = await RawServer.listen((request) => ok(request.target));
    engine = await front.serving({ a: backend.port }, {}, { limits: VECTOR_LIMITS });
  });

  afterAll(async () => {
    await engine[Symbol.asyncDispose]();
    await backend[Symbol.asyncDispose]();
  });

  for (const { name, bytes, status } of REFUSED_REQUESTS) {
    it.each(DELIVERIES)(`${name} is answered with ${status} and closed, %s`, async (_, cut) => {
      backend.requests.length = 0;
      await inBatches(cut(bytes), CLIENTS, async (pieces: Delivery) => {
        await using client = await front.client(engine);
        await deliver(client, pieces);
        const answer = await client.message();
        await client.untilOver();
        const cutAt = pieces.length === 2 ? pieces[0]!.length : 0;
        expect([cutAt, answer.status, answer.field('connection'), client.text]).toEqual([
          cutAt,
          status,
          'close',
          '',
        ]);
      });
      expect(backend.requests).toEqual([]);
    });
  }

  for (const { name, bytes, seen } of FORWARDED_REQUESTS) {
    it.each(DELIVERIES)(`${name}, %s`, async (_, cut) => {
      await using client = await front.client(engine);
      for (const pieces of cut(bytes)) {
        backend.requests.length = 0;
        await deliver(client, pieces);
        for (const { first } of seen) {
          const answer = await finalAnswer(client);
          expect([answer.status, answer.body]).toEqual([200, first.split(' ')[1]]);
        }
        expect(backend.requests.map(meaning)).toEqual(seen.map(expected));
        for (const request of backend.requests) {
          expect(request.lines.filter((line) => OWN_FIELD.test(line))).toEqual([
            'X-Forwarded-For: 127.0.0.1',
            `X-Forwarded-Proto: ${front.proto}`,
            `X-Forwarded-Host: ${request.field('host')}`,
          ]);
        }
      }
      expect(client.text).toBe('');
    });
  }
});

function meaning({ first, lines, body, trailers }: RawMessage): SeenRequest {
  return { first, lines: lines.filter((line) => !OWN_FIELD.test(line)), body, trailers };
}

function expected(request: SeenRequest): SeenRequest {
  return { ...request, trailers: request.trailers ?? [] };
}
