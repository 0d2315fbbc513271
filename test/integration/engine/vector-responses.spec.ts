// The vectors that start at a backend, through every front, the backend's bytes delivered whole, byte by
// byte and cut in two at every byte. Behind each vector the next request is answered as if nothing had
// happened.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EngineHarness } from '../../support/engine-harness.ts';
import { ok, RawServer } from '../../support/raw-server.ts';
import type { RawStream } from '../../support/raw-stream.ts';
import { BACKEND_RESPONSES } from '../../support/vectors/backend-responses.ts';
import { DELIVERIES, type Delivery, deliver } from '../../support/vectors/delivery.ts';
import { ALL_FRONTS } from '../../support/vectors/front-clients.ts';
import { expectSeen, fateOf } from '../../support/vectors/seen-answers.ts';

async function play(connection: RawStream, pieces: Delivery, ending?: 'FIN' | 'RST'): Promise<void> {
  await deliver(connection, pieces);
  if (ending === 'FIN') connection.end();
  if (ending === 'RST') connection.reset();
}

describe.each(ALL_FRONTS)('over $name, a response', (front) => {
  let backend: RawServer;
  let engine: EngineHarness;
  let next: { pieces: Delivery; ending?: 'FIN' | 'RST' | undefined } = { pieces: [] };
  let played: Promise<void> = Promise.resolve();

  beforeAll(async () => {
    backend = await RawServer.listen((request, connection) => {
      if (request.target === '/clean') return ok('clean');
      played = play(connection, next.pieces, next.ending);
      return undefined;
    });
    engine = await front.serving({ a: backend.port });
  });

  afterAll(async () => {
    await engine[Symbol.asyncDispose]();
    await backend[Symbol.asyncDispose]();
  });

  for (const { name, bytes, ending, method = 'GET', seen } of BACKEND_RESPONSES) {
    it.each(DELIVERIES)(`${name} ${fateOf(seen)}, %s`, async (_, cut) => {
      await using client = front.client(engine);
      for (const pieces of cut(bytes)) {
        next = { pieces, ending };
        const view = await client.ask(method, '/vector');
        // What comes late may not meet a request that was handed the same connection meanwhile.
        await played;
        expectSeen(view, seen);
        const clean = await client.ask('GET', '/clean');
        expect([clean.status, clean.body, clean.complete]).toEqual([200, 'clean', true]);
      }
    });
  }
});
