// The connections to a backend that speaks HTTP/2: shared by its requests, kept, closed in good order.
import { describe, expect, it, vi } from 'vitest';
import { EngineHarness, type PoolWords } from '../../support/engine-harness.ts';
import {
  H2Backend,
  type H2Handler,
  H2RawBackend,
  type H2Request,
  respond,
} from '../../support/h2-backends.ts';
import { END_HEADERS, frame, headers, settings, TYPE } from '../../support/h2-frames.ts';
import { disposedAfterEach } from '../../support/opened.ts';
import { RawServer } from '../../support/raw-server.ts';
import { ask, GET, POST } from '../../support/single-requests.ts';

const OK = [[':status', '200']] as const;
const opened = disposedAfterEach();

async function engineFor(backends: PoolWords['backends'], pool: Partial<PoolWords> = {}) {
  return opened(await EngineHarness.serving(backends, { protocol: 'http2', ...pool }));
}

async function serving(handler: H2Handler, pool: Partial<PoolWords> = {}) {
  const backend = opened(await H2Backend.listen(handler));
  const engine = await engineFor({ a: backend.port }, pool);
  return { backend, engine };
}

describe('sessions with an HTTP/2 backend', () => {
  it('are shared by requests at a time, up to what the backend allows', async () => {
    const waiting: H2Request[] = [];
    const backend = opened(
      await H2Backend.listen((request) => waiting.push(request), { settings: { maxConcurrentStreams: 2 } }),
    );
    const engine = await engineFor({ a: backend.port });
    const answers = Array.from({ length: 5 }, () => ask(engine));
    await vi.waitFor(() => expect(waiting).toHaveLength(5));
    expect(backend.sessions).toHaveLength(3);
    expect(engine.count('api/a', 'connections')).toBe(3);
    for (const request of waiting) respond(request, 'fine');
    expect((await Promise.all(answers)).every(({ body }) => body === 'fine')).toBe(true);
    const next = ask(engine);
    await vi.waitFor(() => expect(waiting).toHaveLength(6));
    respond(waiting[5]!, 'fine');
    expect((await next).status).toBe(200);
    expect(backend.sessions).toHaveLength(3);
  });

  it('that allow no stream at all are refused', async () => {
    const backend = opened(await H2RawBackend.listen(settings([3, 0])));
    const engine = await engineFor({ a: backend.port });
    expect((await ask(engine)).body).toContain('it allows no streams');
  });

  it('are closed when idle for long, or more than are kept', async () => {
    const { backend, engine } = await serving((request) => respond(request, 'fine'), {
      keepAlive: { idleMs: 100 },
    });
    await ask(engine);
    await vi.waitFor(() => expect(backend.openSessions).toBe(0));
    await vi.waitFor(() => expect(engine.count('api/a', 'connections')).toBe(0));
    const none = await engineFor({ a: backend.port }, { keepAlive: { maxIdle: 0 } });
    await ask(none);
    await vi.waitFor(() => expect(none.count('api/a', 'connections')).toBe(0));
    expect(none.count('api/a', 'connectionsOpened')).toBe(1);
  });

  it('L2 of a backend that is drained, removed or moved serve what is under way, and close', async () => {
    const waiting: H2Request[] = [];
    const backend = opened(await H2Backend.listen((request) => waiting.push(request)));
    const other = opened(await H2Backend.listen((request) => respond(request, 'other')));
    const engine = await engineFor({ a: backend.port });
    const changes: PoolWords['backends'][] = [
      { a: { port: backend.port, admin: 'draining' } },
      { b: other.port },
      { a: other.port },
    ];
    for (const [n, backends] of changes.entries()) {
      await engine.apply({
        pools: { api: { protocol: 'http2', backends: { a: backend.port } } },
        listeners: { web: {} },
      });
      const answer = ask(engine);
      await vi.waitFor(() => expect(waiting).toHaveLength(n + 1));
      await engine.apply({ pools: { api: { protocol: 'http2', backends } }, listeners: { web: {} } });
      respond(waiting[n]!, 'late');
      expect((await answer).body).toBe('late');
      await vi.waitFor(() => expect(backend.openSessions).toBe(0));
    }
    expect((await ask(engine)).body).toBe('other');
  });

  it('end when the pool changes its protocol, and begin when it changes back', async () => {
    const { backend, engine } = await serving((request) => respond(request, 'two'));
    const old = opened(await RawServer.named('one'));
    expect((await ask(engine)).body).toBe('two');
    await engine.apply({ pools: { api: { backends: { a: old.port } } }, listeners: { web: {} } });
    expect((await ask(engine)).body).toBe('one');
    await vi.waitFor(() => expect(backend.openSessions).toBe(0));
    await engine.apply({
      pools: { api: { protocol: 'http2', backends: { a: backend.port } } },
      listeners: { web: {} },
    });
    expect((await ask(engine)).body).toBe('two');
  });

  it('D1 that the backend ends in good order lose no request', async () => {
    const { backend, engine } = await serving((request) => respond(request, 'fine'));
    for (let i = 0; i < 5; i++) {
      expect((await ask(engine, POST)).body).toBe('fine');
      backend.sessions.at(-1)?.close();
    }
    expect(engine.count('api/a', 'errors')).toBe(0);
  });

  it('deliver an answer that is complete although its connection has ended', async () => {
    const backend = opened(await H2RawBackend.listen());
    const engine = await engineFor({ a: backend.port });
    await using client = await engine.client();
    client.send(GET);
    const connection = await backend.connection();
    await connection.frame(TYPE.headers, 1);
    connection
      .send(headers(1, OK, END_HEADERS))
      .send(frame(TYPE.data, 1, 1, 'all of it'))
      .end();
    expect((await client.message()).body).toBe('all of it');
    await vi.waitFor(() => expect(engine.count('api/a', 'connections')).toBe(0));
  });

  it('R4 whose answers are in the list of statuses go elsewhere, and stay', async () => {
    const busy = opened(await H2Backend.listen((request) => respond(request, 'busy', { ':status': 503 })));
    const good = opened(await H2Backend.listen((request) => respond(request, 'good')));
    const engine = await engineFor({ busy: busy.port, good: good.port }, { retries: { statuses: [503] } });
    for (let i = 0; i < 4; i++) expect((await ask(engine)).body).toBe('good');
    expect([busy.sessions.length, busy.requests.length]).toEqual([1, 2]);
    await vi.waitFor(() => expect(engine.count('api/busy', 'inFlight')).toBe(0));
  });

  it('A2 survive any mix of answers, resets, aborts and goodbyes with every count back at zero', async () => {
    let n = 0;
    const backend = opened(
      await H2Backend.listen(
        ({ stream }) => {
          const turn = n++ % 7;
          if (turn === 0) stream.destroy(new Error('no'));
          else if (turn === 1) stream.close(7);
          else {
            stream.on('data', () => undefined);
            stream.respond({ ':status': 200 });
            if (turn === 2) stream.write('part', () => stream.destroy(new Error('broken off')));
            else if (turn === 3) stream.session?.close();
            if (turn > 2) stream.end('x'.repeat(turn * 20_000));
          }
        },
        { settings: { maxConcurrentStreams: 5 } },
      ),
    );
    const engine = await engineFor({ a: backend.port }, { retries: { bodyBytes: 10 } });
    const rounds = Array.from({ length: 150 }, async (_, i) => {
      const client = await engine.client();
      client.send(i % 3 === 0 ? POST : i % 3 === 1 ? GET : POST.slice(0, -2));
      const over = client.message().catch(() => undefined);
      if (i % 4 === 0)
        await client.until(() => client.received.length > 0 || client.closed).catch(() => undefined);
      else if (i % 3 !== 2) await Promise.race([over, client.untilClosed().catch(() => undefined)]);
      client.socket.destroy();
      await over;
    });
    await Promise.all(rounds);
    await vi.waitFor(() => expect(engine.count('api/a', 'inFlight')).toBe(0), { timeout: 5000 });
    expect(engine.count('web', 'inFlight')).toBe(0);
    expect(n).toBeGreaterThan(60);
    await engine.apply({ pools: {}, listeners: { web: { routes: [] } } });
    await vi.waitFor(() => expect(backend.openSessions).toBe(0));
    await vi.waitFor(() => expect(engine.count('api/a', 'connections')).toBe(0), { timeout: 3000 });
  }, 20_000);
});
