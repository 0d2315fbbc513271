// The limit of requests under way per backend, and the queue before it: who is served when, who is
// turned away and how fast, and that nothing is left of those who leave.
import { describe, expect, it, vi } from 'vitest';
import { EngineHarness } from '../../support/engine-harness.ts';
import type { RawClient } from '../../support/raw-client.ts';
import { ok, RawServer } from '../../support/raw-server.ts';
import type { RawStream } from '../../support/raw-stream.ts';

const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: a.test\r\n\r\n`;

/** A backend that keeps every request until the test answers it. */
class HoldingServer implements AsyncDisposable {
  readonly held: { path: string; connection: RawStream }[] = [];
  readonly #server: RawServer;

  constructor(server: RawServer) {
    this.#server = server;
  }

  static async listen(): Promise<HoldingServer> {
    const server = await RawServer.listen((request, connection) => {
      holding.held.push({ path: request.target, connection });
      return undefined;
    });
    const holding: HoldingServer = new HoldingServer(server);
    return holding;
  }

  get port(): number {
    return this.#server.port;
  }

  get paths(): string[] {
    return this.#server.requests.map(({ target }) => target);
  }

  /** Answers the oldest request it holds. */
  async answer(): Promise<void> {
    await vi.waitFor(() => expect(this.held.length).toBeGreaterThan(0));
    const { path, connection } = this.held.shift()!;
    connection.send(ok(path));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#server[Symbol.asyncDispose]();
  }
}

/** Sends the requests one after the other, each on a connection of its own, the next when the last one waits. */
async function lineUp(engine: EngineHarness, ...paths: string[]): Promise<RawClient[]> {
  const clients: RawClient[] = [];
  for (const path of paths) {
    const before = engine.count('web', 'inFlight');
    const client = await engine.client();
    clients.push(client.send(get(path)));
    await vi.waitFor(() => expect(engine.count('web', 'inFlight')).toBe(before + 1));
  }
  return clients;
}

async function dispose(clients: readonly RawClient[]): Promise<void> {
  for (const client of clients) await client[Symbol.asyncDispose]();
}

describe('the limit of a backend', () => {
  it.each(['round-robin', 'weighted-round-robin', 'least-connections', 'random'] as const)(
    'W3 %s: 200 clients at a time never exceed it, and all are served',
    async (policy) => {
      const limit = 7;
      const counts = new Map<string, { now: number; most: number }>();
      const listen = (name: string) => {
        const count = { now: 0, most: 0 };
        counts.set(name, count);
        return RawServer.listen((request, connection) => {
          count.most = Math.max(count.most, ++count.now);
          setTimeout(
            () => {
              count.now--;
              connection.send(ok(request.target));
            },
            (request.target.length * 7) % 4,
          );
          return undefined;
        });
      };
      await using a = await listen('a');
      await using b = await listen('b');
      await using c = await listen('c');
      await using engine = await EngineHarness.serving(
        { a: { port: a.port, weight: 5 }, b: b.port, c: { port: c.port, weight: 2 } },
        { policy, maxInFlight: limit },
      );
      const clients = await Promise.all(Array.from({ length: 200 }, () => engine.client()));
      const answers = await Promise.all(
        clients.map(async (client, i) => {
          const bodies: string[] = [];
          for (let turn = 0; turn < 3; turn++) {
            const answer = await client.send(get(`/${i}/${'x'.repeat(turn)}`)).message();
            bodies.push(`${answer.status} ${answer.body}`);
          }
          return bodies;
        }),
      );
      expect(answers).toEqual(clients.map((_, i) => [`200 /${i}/`, `200 /${i}/x`, `200 /${i}/xx`]));
      expect([...counts.values()].map(({ most }) => most)).toEqual([limit, limit, limit]);
      expect(['api/a', 'api/b', 'api/c'].map((name) => engine.count(name, 'inFlight'))).toEqual([0, 0, 0]);
      expect([engine.count('web', 'queued'), engine.count('web', 'status2xx')]).toEqual([0, 600]);
      await dispose(clients);
    },
  );

  it('counts an upgraded connection until it ends', async () => {
    await using backend = await RawServer.listen((request) =>
      request.target === '/up'
        ? 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n'
        : ok('served'),
    );
    await using engine = await EngineHarness.serving({ a: backend.port }, { maxInFlight: 1 });
    await using upgraded = await engine.client();
    upgraded.send('GET /up HTTP/1.1\r\nHost: a.test\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n');
    expect((await upgraded.message()).status).toBe(101);
    const [waiting] = await lineUp(engine, '/1');
    expect(engine.count('web', 'queued')).toBe(1);
    upgraded.reset();
    expect((await waiting!.message()).body).toBe('served');
    await dispose([waiting!]);
  });
});

describe('the queue', () => {
  it('serves in the order of arrival, and nobody overtakes', async () => {
    await using backend = await HoldingServer.listen();
    await using engine = await EngineHarness.serving({ a: backend.port }, { maxInFlight: 1 });
    const clients = await lineUp(engine, '/1', '/2', '/3', '/4');
    expect(engine.count('web', 'queued')).toBe(3);
    // The first client's next request is there as soon as its answer, and behind all the others.
    clients[0]!.send(get('/5'));
    for (let i = 0; i < 5; i++) await backend.answer();
    const bodies = await Promise.all(clients.map(async (client) => (await client.message()).body));
    expect([...bodies, (await clients[0]!.message()).body]).toEqual(['/1', '/2', '/3', '/4', '/5']);
    expect(backend.paths).toEqual(['/1', '/2', '/3', '/4', '/5']);
    expect(engine.count('web', 'queued')).toBe(0);
    await dispose(clients);
  });

  it('holds a body back until its turn has come', async () => {
    await using backend = await HoldingServer.listen();
    await using engine = await EngineHarness.serving({ a: backend.port }, { maxInFlight: 1 });
    const clients = await lineUp(engine, '/1');
    await using client = await engine.client();
    const body = 'x'.repeat(200_000);
    client.send(`POST /2 HTTP/1.1\r\nHost: a.test\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    await vi.waitFor(() => expect(engine.count('web', 'queued')).toBe(1));
    await backend.answer();
    await backend.answer();
    expect((await client.message()).body).toBe('/2');
    await dispose(clients);
  });

  it('is bounded: one more gets 503 at once and is told when to come back', async () => {
    await using backend = await HoldingServer.listen();
    await using engine = await EngineHarness.serving(
      { a: backend.port },
      { maxInFlight: 1, queue: { max: 2 } },
    );
    const clients = await lineUp(engine, '/1', '/2', '/3');
    await using late = await engine.client();
    const answer = await late.send(get('/4')).message();
    expect([answer.status, answer.field('retry-after'), answer.body]).toEqual([
      503,
      '1',
      'Sluice: every backend of pool api is at its limit of 1 request and 2 are waiting already\n',
    ]);
    await vi.waitFor(() =>
      expect(engine.records.map(({ failure, attempts }) => [failure, attempts])).toEqual([['queue-full', 0]]),
    );
    // Its connection goes on, and in turn.
    for (let i = 0; i < 3; i++) await backend.answer();
    await Promise.all(clients.map((client) => client.message()));
    late.send(get('/5'));
    await backend.answer();
    expect((await late.message()).body).toBe('/5');
    await dispose(clients);
  });

  it.each([
    ['503 after the longest wait', { queue: { timeoutMs: 200 } }, 503, '1', 'queue-timeout'],
    ['504 at the deadline', { retries: { deadlineMs: 200 } }, 504, undefined, 'queue-deadline'],
  ])('does not make wait for ever: %s', async (_, words, expected, retryAfter, failure) => {
    await using backend = await HoldingServer.listen();
    await using engine = await EngineHarness.serving({ a: backend.port }, { maxInFlight: 1, ...words });
    await using upgrade = await engine.client();
    // An upgrade has no deadline once it was granted, so it keeps the place.
    upgrade.send('GET /up HTTP/1.1\r\nHost: a.test\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n');
    await vi.waitFor(() => expect(backend.held.length).toBe(1));
    backend.held
      .shift()!
      .connection.send('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n');
    await upgrade.message();
    const [client] = await lineUp(engine, '/2');
    const answer = await client!.message();
    expect([answer.status, answer.field('retry-after')]).toEqual([expected, retryAfter]);
    expect(engine.count('web', 'queued')).toBe(0);
    await vi.waitFor(() => expect(engine.records.map((record) => record.failure)).toEqual([failure]));
    expect(backend.paths).toEqual(['/up']);
    await dispose([client!]);
  });

  it('A1 forgets a client that leaves: its request is never sent, the next one moves up', async () => {
    await using backend = await HoldingServer.listen();
    await using engine = await EngineHarness.serving({ a: backend.port }, { maxInFlight: 1 });
    const clients = await lineUp(engine, '/1', '/2', '/3');
    clients[1]!.reset();
    await vi.waitFor(() => expect(engine.count('web', 'queued')).toBe(1));
    await backend.answer();
    await backend.answer();
    expect((await clients[2]!.message()).body).toBe('/3');
    expect(backend.paths).toEqual(['/1', '/3']);
    expect([
      engine.count('web', 'clientAborts'),
      engine.count('web', 'inFlight'),
      engine.count('web', 'queued'),
      engine.count('api/a', 'clientAborts'),
      engine.count('api/a', 'errors'),
    ]).toEqual([1, 0, 0, 0, 0]);
    await dispose(clients);
  });

  it('A1 gives the place of a client that leaves while it is served to the next one', async () => {
    await using backend = await HoldingServer.listen();
    await using engine = await EngineHarness.serving({ a: backend.port }, { maxInFlight: 1 });
    const clients = await lineUp(engine, '/1', '/2');
    await vi.waitFor(() => expect(backend.held.length).toBe(1));
    backend.held.shift();
    clients[0]!.reset();
    await backend.answer();
    expect((await clients[1]!.message()).body).toBe('/2');
    await dispose(clients);
  });

  it('is not part of what a backend is said to have taken', async () => {
    await using backend = await HoldingServer.listen();
    await using engine = await EngineHarness.serving({ a: backend.port }, { maxInFlight: 1 });
    const clients = await lineUp(engine, '/1', '/2');
    await vi.waitFor(() => expect(backend.held.length).toBe(1));
    const started = performance.now();
    while (performance.now() - started < 60) await new Promise((resolve) => setImmediate(resolve));
    await backend.answer();
    await clients[0]!.message();
    await vi.waitFor(() => expect(backend.held.length).toBe(1));
    await backend.answer();
    await clients[1]!.message();
    // Both clients waited 60 ms and more, the backend made only the first one wait.
    const latencyMs = (name: string) => engine.count(name, 'latencySumUs') / 1000;
    expect(latencyMs('web') - latencyMs('api/a')).toBeGreaterThan(55);
    expect([engine.count('web', 'latencyCount'), engine.count('api/a', 'latencyCount')]).toEqual([2, 2]);
    await dispose(clients);
  });

  it('lets a retry wait for the backend it has not been to', async () => {
    await using dead = await RawServer.listen((_, connection) => void connection.end());
    await using backend = await HoldingServer.listen();
    const backends = { a: backend.port, dead: dead.port };
    await using engine = await EngineHarness.serving(backends, { maxInFlight: 1 });
    const clients = await lineUp(engine, '/1', '/2');
    await vi.waitFor(() => expect([dead.requests.length, engine.count('web', 'queued')]).toEqual([1, 1]));
    await backend.answer();
    await backend.answer();
    const bodies = await Promise.all(clients.map(async (client) => (await client.message()).body));
    expect(bodies).toEqual(['/1', '/2']);
    expect(engine.count('web', 'retries')).toBe(1);
    await dispose(clients);
  });

  it('gives the place that a request leaves for another backend to a retry that waits for it', async () => {
    await using a = await HoldingServer.listen();
    await using b = await RawServer.listen((request, connection) => {
      if (request.target === '/2') connection.end();
      return undefined;
    });
    await using engine = await EngineHarness.serving({ a: a.port, b: b.port }, { maxInFlight: 1 });
    const clients = await lineUp(engine, '/1', '/2');
    await vi.waitFor(() => expect([a.held.length, engine.count('web', 'queued')]).toEqual([1, 1]));
    a.held.shift()!.connection.end();
    await a.answer();
    expect((await clients[1]!.message()).body).toBe('/2');
    await vi.waitFor(() => expect(b.requests.map(({ target }) => target)).toEqual(['/2', '/1']));
    expect(engine.count('api/b', 'inFlight')).toBe(1);
    await dispose(clients);
  });
});

describe('the queue and a change of the pool', () => {
  async function full() {
    const backend = await HoldingServer.listen();
    const pool = { backends: { a: backend.port, b: { port: backend.port, usable: false } }, maxInFlight: 1 };
    const engine = new EngineHarness();
    await engine.apply({ pools: { api: pool } });
    const clients = await lineUp(engine, '/1', '/2', '/3');
    await vi.waitFor(() => expect([backend.held.length, engine.count('web', 'queued')]).toEqual([1, 2]));
    const stack = new AsyncDisposableStack();
    stack.use(backend);
    stack.use(engine);
    stack.defer(() => dispose(clients));
    return { backend, pool, engine, clients, stack };
  }

  it('HC6 answers 503 at once when the last backend goes down, though it is busy', async () => {
    const { engine, clients, stack } = await full();
    await using _ = stack;
    engine.setHealth('api', 'a', false);
    for (const client of clients.slice(1)) {
      const answer = await client.message();
      expect([answer.status, answer.body]).toEqual([
        503,
        'Sluice: no backend of pool api can serve: a not healthy, b not healthy\n',
      ]);
    }
    expect([engine.count('web', 'queued'), engine.count('web', 'inFlight')]).toEqual([0, 1]);
  });

  it('serves from a backend that comes up', async () => {
    const { backend, engine, stack } = await full();
    await using _ = stack;
    engine.setHealth('api', 'b', true);
    await vi.waitFor(() => expect(backend.paths).toEqual(['/1', '/2']));
    expect([engine.count('api/b', 'inFlight'), engine.count('web', 'queued')]).toEqual([1, 1]);
  });

  it.each([
    ['a limit that was raised', { maxInFlight: 2 }, ['/1', '/2'], 1],
    ['no limit any more', { maxInFlight: 0 }, ['/1', '/2', '/3'], 0],
  ])('serves as many as there is room for with %s', async (_, change, paths, queued) => {
    const { backend, engine, pool, stack } = await full();
    await using _stack = stack;
    await engine.apply({ pools: { api: { ...pool, ...change } } });
    await vi.waitFor(() => expect(backend.paths.toSorted()).toEqual(paths));
    expect(engine.count('web', 'queued')).toBe(queued);
  });

  it('answers 503 when the last backend is drained, and lets it finish what it has', async () => {
    const { backend, engine, pool, clients, stack } = await full();
    await using _ = stack;
    const a = { port: backend.port, admin: 'draining' } as const;
    await engine.apply({ pools: { api: { ...pool, backends: { ...pool.backends, a } } } });
    for (const client of clients.slice(1)) expect((await client.message()).status).toBe(503);
    await backend.answer();
    expect((await clients[0]!.message()).body).toBe('/1');
  });

  it('answers 503 when the pool is removed', async () => {
    const { engine, clients, stack } = await full();
    await using _ = stack;
    await engine.apply({ pools: {}, listeners: { web: { routes: [] } } });
    for (const client of clients.slice(1)) expect((await client.message()).status).toBe(503);
    expect([engine.count('web', 'queued'), engine.count('web', 'inFlight')]).toEqual([0, 1]);
  });
});

describe('nobody healthy', () => {
  it('HC6 is answered with 503 in well under 10 ms, limit or not', async () => {
    for (const maxInFlight of [0, 1]) {
      await using engine = await EngineHarness.serving({ a: { port: 1, usable: false } }, { maxInFlight });
      await using client = await engine.client();
      await client.send(get('/')).message();
      const started = performance.now();
      for (let i = 0; i < 100; i++) expect((await client.send(get('/')).message()).status).toBe(503);
      expect((performance.now() - started) / 100).toBeLessThan(10);
    }
  });
});
