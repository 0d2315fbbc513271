// The vectors that start at a backend, for backends that speak HTTP/2: through fronts of either version,
// the backend's frames delivered whole, byte by byte and cut in two at every byte. Behind each vector
// the next request is answered as if nothing had happened.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EngineHarness } from '../../support/engine-harness.ts';
import {
  END_HEADERS,
  END_STREAM,
  frame,
  get,
  type H2RawClient,
  headerBlock,
  headers,
  TYPE,
  uint32,
} from '../../support/h2-frames.ts';
import { DELIVERIES, type Delivery, deliver } from '../../support/vectors/delivery.ts';
import { ALL_FRONTS } from '../../support/vectors/front-clients.ts';
import { AnsweringHttp2Backend } from '../../support/vectors/http2-backend.ts';
import { HTTP2_RESPONSES, type Http2Response } from '../../support/vectors/http2-responses.ts';
import { expectSeen, fateOf } from '../../support/vectors/seen-answers.ts';

/** What is encrypted towards the client makes no difference here: vector-responses has it. */
const FRONTS = ALL_FRONTS.filter(({ name }) => name !== 'TLS');

function clean(stream: number): Buffer {
  return Buffer.concat([
    headers(stream, [[':status', '200']], END_HEADERS),
    frame(TYPE.data, END_STREAM, stream, 'clean'),
  ]);
}

describe.each(FRONTS)('over $name, the answer of an HTTP/2 backend', (front) => {
  let backend: AnsweringHttp2Backend;
  let engine: EngineHarness;
  /** Null: a clean one. */
  let next: { vector: Http2Response; cut: (bytes: string) => Delivery } | null = null;
  let played: Promise<void> = Promise.resolve();

  async function play(stream: number, connection: H2RawClient): Promise<void> {
    if (next === null) {
      connection.send(clean(stream));
      return;
    }
    const { vector, cut } = next;
    await deliver(connection, cut(vector.frames(stream).toString('latin1')));
    if (vector.ending === 'FIN') connection.end();
    if (vector.ending === 'RST') connection.reset();
  }

  beforeAll(async () => {
    backend = await AnsweringHttp2Backend.listen((stream, connection) => {
      played = play(stream, connection);
    });
    engine = await front.serving({ a: backend.port }, { protocol: 'http2' });
  });

  afterAll(async () => {
    await engine[Symbol.asyncDispose]();
    await backend[Symbol.asyncDispose]();
  });

  for (const vector of HTTP2_RESPONSES) {
    it.each(DELIVERIES)(`${vector.name} ${fateOf(vector.seen)}, %s`, async (_, deliveries) => {
      await using client = front.client(engine);
      const ways = deliveries(vector.frames(1).toString('latin1')).length;
      for (let way = 0; way < ways; way++) {
        next = { vector, cut: (bytes) => deliveries(bytes)[way]! };
        const view = await client.ask(vector.method ?? 'GET', '/vector');
        await played;
        next = null;
        expectSeen(view, vector.seen);
        // The connection breaks, though only behind what that client took for the end.
        if (vector.seen.orWhole !== undefined) await client[Symbol.asyncDispose]();
        const after = await client.ask('GET', '/clean');
        expect([way, after.status, after.body, after.complete]).toEqual([way, 200, 'clean', true]);
      }
    });
  }

  it.each([
    ['data of a stream nobody opened', frame(TYPE.data, END_STREAM, 4001, 'poison')],
    ['an answer on a stream nobody opened', headers(4001, [[':status', '200']])],
    ['a push', frame(TYPE.pushPromise, END_HEADERS, 1, Buffer.concat([uint32(2), headerBlock(get())]))],
  ])('F25 that is %s ends a kept connection and reaches no client', async (_, poison) => {
    await using client = front.client(engine);
    expect((await client.ask('GET', '/clean')).body).toBe('clean');
    const kept = backend.connections.at(-1)!;
    const before = backend.connections.length;
    kept.send(poison);
    await kept.untilOver();
    expect(await client.ask('GET', '/clean')).toMatchObject({ status: 200, body: 'clean' });
    expect(backend.connections.length).toBe(before + 1);
  });
});
