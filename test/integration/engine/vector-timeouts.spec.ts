// What clients and backends may keep us waiting for, and what becomes of those who take longer, over
// every front. In each case what is begun goes on byte by byte where it can: progress without an end
// buys no time. The idle time of tunnels (U7) is in tunnels, http2-websocket and vector-http2-backends.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { EngineHarness, type ListenerWords, type PoolWords } from '../../support/engine-harness.ts';
import { type Answer, ok, RawServer } from '../../support/raw-server.ts';
import { inBatches } from '../../support/vectors/delivery.ts';
import { ALL_FRONTS, type AnyFront } from '../../support/vectors/front-clients.ts';
import type { SlowClient } from '../../support/vectors/slow-clients.ts';
import { SteppedClock } from '../../support/vectors/stepped-clock.ts';

const SLOW_CLIENTS = 1000;
/** Of the engine's time: nothing comes later than that. */
const GRACE_MS = 1000;

const open: (Disposable | AsyncDisposable)[] = [];

afterEach(async () => {
  for (const resource of open.splice(0).toReversed()) {
    if (Symbol.dispose in resource) resource[Symbol.dispose]();
    else await resource[Symbol.asyncDispose]();
  }
});

function opened<T extends Disposable | AsyncDisposable>(resource: T): T {
  open.push(resource);
  return resource;
}

interface Words {
  answer?: Answer;
  pool?: Partial<PoolWords>;
  listener?: ListenerWords;
}

/** An engine whose time stands still until the spec lets it run. */
async function serving(front: AnyFront, { answer, pool = {}, listener = {} }: Words) {
  const backend = opened(await RawServer.listen(answer));
  const clock = opened(new SteppedClock());
  const engine = opened(new EngineHarness(clock.env));
  await engine.apply({
    pools: { api: { backends: { a: backend.port }, ...pool } },
    listeners: { web: await front.listener(listener) },
  });
  return { backend, clock, engine };
}

/** They go on, a byte at a time, until the spec is over. */
function trickle(clients: readonly SlowClient[]): void {
  const timer = setInterval(() => {
    for (const client of clients) client.goOn();
  }, 300);
  opened({ [Symbol.dispose]: () => clearInterval(timer) });
}

async function failures(engine: EngineHarness, expected: string[]): Promise<void> {
  await vi.waitFor(() => expect(engine.records.map(({ failure }) => failure)).toEqual(expected));
  expect([engine.count('web', 'inFlight'), engine.count('api/a', 'inFlight')]).toEqual([0, 0]);
}

describe.each(ALL_FRONTS)('over $name', (front) => {
  it('Z1 a thousand clients that never finish their heads hold up nobody, and are gone a second after their time', async () => {
    const requestHeaderMs = 2000;
    const { clock, engine } = await serving(front, {
      answer: () => ok('a'),
      listener: { timeouts: { requestHeaderMs } },
    });
    const slow: SlowClient[] = [];
    await inBatches(
      Array.from({ length: SLOW_CLIENTS }, (_, i) => i),
      50,
      async () => {
        const client = opened(await front.slowClient(engine));
        client.beginHead();
        slow.push(client);
      },
    );
    trickle(slow);
    const client = opened(front.client(engine));
    for (let i = 0; i < 500; i++) expect((await client.ask('GET', '/')).body).toBe('a');
    // All of them were there meanwhile.
    expect(engine.count('web', 'connections')).toBe(SLOW_CLIENTS + 1);

    await clock.runFor(requestHeaderMs + GRACE_MS);
    for (const gone of slow) {
      // Over HTTP/2 there is no request yet that an answer could belong to.
      if (!front.isHttp2) expect(await gone.status()).toBe(408);
      await gone.connection.untilOver();
      expect(gone.answered).toBe(!front.isHttp2);
    }
    expect(engine.count('web', 'status4xx')).toBe(front.isHttp2 ? 0 : SLOW_CLIENTS);
    // They go on sending and never close their side.
    await clock.runFor(2 * GRACE_MS);
    await vi.waitFor(() => expect(engine.count('web', 'connections')).toBe(1));
    expect((await client.ask('GET', '/')).body).toBe('a');
  }, 60_000);

  it('a connection nothing is asked on any more is closed without a word, but not before its time', async () => {
    const { clock, engine } = await serving(front, {
      answer: () => ok('a'),
      listener: { timeouts: { keepAliveMs: 2000 } },
    });
    const fresh = opened(await front.slowClient(engine));
    const used = opened(await front.slowClient(engine));
    used.ask();
    expect(await used.status()).toBe(200);
    await used.connection.until(() => used.complete);
    const received = used.connection.receivedTotal;
    await clock.runFor(1000);
    const other = opened(await front.slowClient(engine));
    other.ask();
    expect(await other.status()).toBe(200);
    expect(engine.count('web', 'connections')).toBe(3);

    await clock.runFor(2000 + GRACE_MS);
    await Promise.all([fresh, used, other].map(({ connection }) => connection.untilOver()));
    expect(fresh.answered).toBe(false);
    // HTTP/2 says GOAWAY.
    if (!front.isHttp2) expect(used.connection.receivedTotal).toBe(received);
    expect(used.connection.errorCode).toBe('');
    await vi.waitFor(() => expect(engine.count('web', 'connections')).toBe(0));
  });

  it('a body that stops coming is answered with 408, and the backend is let go without blame', async () => {
    const { backend, clock, engine } = await serving(front, { listener: { timeouts: { idleMs: 1000 } } });
    const client = opened(await front.slowClient(engine));
    client.beginBody();
    const upstream = await backend.connection();
    await upstream.untilText('abc');
    await clock.runFor(1000 + GRACE_MS);
    expect(await client.status()).toBe(408);
    await upstream.untilOver();
    await failures(engine, ['client-stalled']);
    expect(engine.count('api/a', 'errors')).toBe(0);
  });

  it('a body that comes, but below the slowest speed, is answered with 408', async () => {
    const { backend, clock, engine } = await serving(front, {
      listener: { limits: { bodyMinBytesPerS: 1000 }, timeouts: { idleMs: 600_000 } },
    });
    const client = opened(await front.slowClient(engine));
    client.beginBody();
    const upstream = await backend.connection();
    await upstream.untilText('abc');
    trickle([client]);
    await clock.runFor(5000 + GRACE_MS);
    expect(await client.status()).toBe(408);
    expect(upstream.text.split('\r\n\r\n')[1]?.length).toBeGreaterThan(4);
    await upstream.untilOver();
    await failures(engine, ['client-stalled']);
    expect(engine.count('api/a', 'errors')).toBe(0);
  });

  it('a body that pauses, but for less than its time each, goes on', async () => {
    const { backend, clock, engine } = await serving(front, { listener: { timeouts: { idleMs: 1000 } } });
    const client = opened(await front.slowClient(engine));
    client.beginBody();
    const upstream = await backend.connection();
    for (let i = 0; i < 4; i++) {
      await upstream.untilText(`abc${'x'.repeat(i)}`);
      const upTo = clock.env.clock.monotonicMs() + 600;
      await clock.runFor(600);
      await vi.waitFor(() => expect(clock.env.clock.monotonicMs()).toBe(upTo), { interval: 5 });
      client.goOn();
    }
    await upstream.untilText('abcxxxx');
    expect([client.answered, upstream.ended, engine.count('web', 'inFlight')]).toEqual([false, false, 1]);
  });

  it('an answer that does not begin becomes 504', async () => {
    const { backend, clock, engine } = await serving(front, {
      pool: { timeouts: { responseHeaderMs: 1000 } },
    });
    const client = opened(await front.slowClient(engine));
    client.ask();
    const upstream = await backend.connection();
    await upstream.message();
    await clock.runFor(1000 + GRACE_MS);
    expect(await client.status()).toBe(504);
    await upstream.untilOver();
    await failures(engine, ['response-timeout']);
  });

  it('an answer that falls silent is cut short', async () => {
    const { clock, engine } = await serving(front, {
      answer: () => 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc',
      pool: { timeouts: { idleMs: 1000 } },
    });
    const client = opened(await front.slowClient(engine));
    client.ask();
    expect(await client.status()).toBe(200);
    await clock.runFor(1000 + GRACE_MS);
    await failures(engine, ['response-stalled']);
    if (!front.isHttp2) await client.connection.untilClosed();
    expect(client.complete).toBe(false);
  });

  it('an answer that is not taken frees its backend', async () => {
    const { backend, clock, engine } = await serving(front, { listener: { timeouts: { idleMs: 1000 } } });
    const client = opened(await front.slowClient(engine));
    client.ask();
    const upstream = await backend.connection();
    await upstream.message();
    client.connection.socket.pause();
    upstream.send('HTTP/1.1 200 OK\r\nContent-Length: 40000000\r\n\r\n');
    await upstream.fill(Buffer.alloc(1_000_000, 'x'), 40_000_000);
    expect(engine.count('api/a', 'inFlight')).toBe(1);
    await clock.runFor(1000 + GRACE_MS);
    await upstream.untilOver();
    await failures(engine, ['client-stalled']);
    expect(engine.count('api/a', 'errors')).toBe(0);
  });

  it('F25 bytes nobody asked for on a kept connection to a backend end it and reach no client', async () => {
    const { backend, engine } = await serving(front, { answer: (request) => ok(request.target) });
    const client = opened(front.client(engine));
    expect((await client.ask('GET', '/1')).body).toBe('/1');
    backend.connections[0]!.send(ok('poison'));
    await backend.connections[0]!.untilOver();
    expect((await client.ask('GET', '/2')).body).toBe('/2');
    expect(backend.connections.length).toBe(2);
  });
});
