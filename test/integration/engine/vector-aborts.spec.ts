// Clients that give up (A vectors), over every front and with backends of either version: the backend
// hears of it at once, nothing of them is left and nobody is blamed. Those that give up within a body of
// their own are in streaming, http2-streaming and http2-upstream-bodies.
import { queryObjects } from 'node:v8';
import { describe, expect, it, vi } from 'vitest';
import { Exchange } from '../../../src/main/engine/exchange/exchange.ts';
import type { EngineHarness, PoolWords } from '../../support/engine-harness.ts';
import { HTTP1_FRONTS } from '../../support/fronts.ts';
import { openSockets } from '../../support/open-handles.ts';
import { disposedAfterEach } from '../../support/opened.ts';
import { ALL_BACKENDS, type AnyBackend } from '../../support/vectors/any-backend.ts';
import { ALL_FRONTS, type AnyFront } from '../../support/vectors/front-clients.ts';

const ABORTS = 1000;
/** Of one client over HTTP/2: one that gives up more at once is disconnected (Y4). */
const ABORTS_PER_CLIENT = 100;

const opened = disposedAfterEach();

async function serving(front: AnyFront, kind: AnyBackend, pool: Partial<PoolWords> = {}) {
  const backend = opened(await kind.listen());
  const engine = opened(await front.serving({ a: backend.port }, { ...kind.pool, ...pool }));
  return { backend, engine };
}

async function expectBlameless(engine: EngineHarness, aborts: number): Promise<void> {
  await vi.waitFor(() =>
    expect([
      engine.count('web', 'inFlight'),
      engine.count('api/a', 'inFlight'),
      engine.count('web', 'queued'),
      engine.count('api/a', 'errors'),
      engine.count('api/a', 'clientAborts'),
    ]).toEqual([0, 0, 0, 0, aborts]),
  );
}

describe.each(ALL_BACKENDS)('with a backend of $name', (kind) => {
  describe.each(ALL_FRONTS)('over $name, a client that gives up', (front) => {
    it('A1 A4 before the answer frees the backend and is its own fault', async () => {
      const { backend, engine } = await serving(front, kind);
      const client = opened(await front.slowClient(engine));
      client.ask();
      const request = await backend.request();
      expect(engine.count('api/a', 'inFlight')).toBe(1);
      client.abort();
      await vi.waitFor(() => expect(request.over).toBe(true));
      await expectBlameless(engine, 1);
      await vi.waitFor(() => expect(engine.records.map(({ failure }) => failure)).toEqual(['client-gone']));
    });

    it('A1 A4 in the middle of the answer', async () => {
      const { backend, engine } = await serving(front, kind);
      const client = opened(await front.slowClient(engine));
      client.ask();
      const request = await backend.request();
      request.begin('a part');
      await client.untilBody('a part');
      client.abort();
      await vi.waitFor(() => expect(request.over).toBe(true));
      await expectBlameless(engine, 1);
    });

    it('A1 while it waits for room leaves the queue and never reaches the backend', async () => {
      const { backend, engine } = await serving(front, kind, { maxInFlight: 1 });
      const first = opened(await front.slowClient(engine));
      first.ask();
      const request = await backend.request();
      const queued = opened(await front.slowClient(engine));
      queued.ask();
      await vi.waitFor(() => expect(engine.count('web', 'queued')).toBe(1));
      queued.abort();
      await vi.waitFor(() => expect(engine.count('web', 'queued')).toBe(0));
      request.answer('first');
      await first.untilBody('first');
      const next = opened(front.client(engine));
      const answer = next.ask('GET', '/next');
      const second = await backend.request(1);
      expect([second.path, backend.held.length]).toEqual(['/next', 2]);
      second.answer('next');
      expect((await answer).body).toBe('next');
      await expectBlameless(engine, 0);
    });

    it('A2 A4 a thousand times leaves no socket, no exchange and no count behind', async () => {
      const { backend, engine } = await serving(front, kind);
      // What is there once, whatever comes, is there now.
      const warm = opened(front.client(engine));
      const warmed = warm.ask('GET', '/warm');
      (await backend.request()).answer('warm');
      expect((await warmed).body).toBe('warm');
      const socketsBefore = openSockets();
      const exchangesBefore = queryObjects(Exchange, { format: 'count' });

      let client = await front.slowClient(engine);
      for (let n = 1; n <= ABORTS; n++) {
        client.ask();
        await backend.request(n);
        client.abort();
        if (front.isHttp2 && n % ABORTS_PER_CLIENT !== 0) continue;
        await client[Symbol.asyncDispose]();
        if (n < ABORTS) client = await front.slowClient(engine);
      }

      await expectBlameless(engine, ABORTS);
      await vi.waitFor(() => expect(backend.held.every(({ over }, n) => over || n === 0)).toBe(true));
      await vi.waitFor(() => expect(engine.count('web', 'connections')).toBe(1));
      // To a backend of HTTP/1.1, each took a connection along; the one that was kept may be among them.
      await vi.waitFor(() => expect(openSockets()).toBeLessThanOrEqual(socketsBefore));
      await vi.waitFor(() =>
        expect(queryObjects(Exchange, { format: 'count' })).toBeLessThanOrEqual(exchangesBefore),
      );
      const last = warm.ask('GET', '/last');
      (await backend.request(ABORTS + 1)).answer('last');
      expect((await last).body).toBe('last');
    }, 20_000);
  });

  // Over HTTP/2 every request without a body ends its side of the stream.
  it.each(HTTP1_FRONTS)('A3 over $name, one that only ends its side gets the answer', async (front) => {
    const backend = opened(await kind.listen());
    const engine = opened(await front.serving({ a: backend.port }, kind.pool));
    const client = opened(await front.client(engine));
    client.send('GET / HTTP/1.1\r\nHost: a.test\r\n\r\n').end();
    (await backend.request()).answer('late');
    const answer = await client.message();
    expect([answer.body, answer.field('connection')]).toEqual(['late', 'close']);
    await client.untilClosed();
  });
});
