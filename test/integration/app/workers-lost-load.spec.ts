// What an engine thread held when it died, or when its loop stopped, is free once another serves in its
// place: connections counted to limits, places at backends, waiting requests and retries. What the thread
// that lives on holds stays counted.
import { describe, expect, it } from 'vitest';
import { createSlotTable, type SlotTable } from '../../../src/main/engine/slots.ts';
import { planOf } from '../../support/engine-plan.ts';
import { LinkedThreads } from '../../support/linked-threads.ts';
import { orderEngine } from '../../support/mortal-engine.ts';
import { RawClient } from '../../support/raw-client.ts';
import { type Answer, ok, RawServer } from '../../support/raw-server.ts';
import { apiConfig } from '../../support/test-config.ts';
import { get } from '../../support/tls-scene.ts';

/** The thread that is lost; its successor may have another number. */
const LOST = 1;
const survivor = (thread: number): boolean => thread === 0;
const other = (thread: number): boolean => thread !== 0;

const backendOf = (name: string, { port }: RawServer) => ({ name, address: `127.0.0.1:${port}` });
/** Paths that begin so are held by the backend until the test answers. */
const HELD = '/held';
const holding: Answer = ({ target }) => (target.startsWith(HELD) ? undefined : ok('done'));

/** A request that met a closed connection it did not open costs no budget. */
const NO_REUSE = { keepAlive: { maxIdle: 0 } };

/** Whichever backend is asked first hangs up; the next one does not. `HELD` itself is held by the first. */
function stubborn(): Answer {
  const met = new Set<string>([HELD]);
  return (request, connection) => {
    if (met.has(request.target)) return holding(request, connection);
    met.add(request.target);
    connection.end();
    return undefined;
  };
}

type Config = ReturnType<typeof apiConfig>;

/** Threads in front of backends; what a test opens is closed with them. */
class Scene implements AsyncDisposable {
  readonly threads: LinkedThreads;
  readonly #open: RawClient[] = [];

  private constructor(threads: LinkedThreads) {
    this.threads = threads;
  }

  static async serving(config: Config, slots?: SlotTable): Promise<Scene> {
    return new Scene(await LinkedThreads.serving(planOf(config, 1, slots)));
  }

  async client(where: (thread: number) => boolean): Promise<RawClient> {
    const client = await this.threads.client(where);
    this.#open.push(client);
    return client;
  }

  /** Sends a request by way of that thread. */
  async ask(where: (thread: number) => boolean, path = '/'): Promise<RawClient> {
    return (await this.client(where)).send(get('a.test', path));
  }

  async statusOf(where: (thread: number) => boolean, path = '/'): Promise<number> {
    return (await (await this.ask(where, path)).message()).status;
  }

  /** Opens connections, to whatever thread, until one is refused; how many were let in. */
  async fill(): Promise<number> {
    for (let letIn = 0; ; letIn++) {
      const client = await RawClient.connect(this.threads.port);
      this.#open.push(client);
      client.send(get('a.test'));
      await client.until(() => client.closed || client.ended || client.text.endsWith('done'));
      if (client.text === '') return letIn;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#open) client.destroy();
    await this.threads[Symbol.asyncDispose]();
  }
}

/** So many requests have arrived, at all of these together. */
async function untilAsked(backends: readonly RawServer[], count: number): Promise<void> {
  const asked = (): number => backends.reduce((sum, { requests }) => sum + requests.length, 0);
  while (asked() < count) await new Promise((resolve) => setImmediate(resolve));
}

describe.runIf(process.platform === 'linux').each([
  ['died', 'die'],
  ['hung', 'hang'],
] as const)('what a thread held that %s', (_, deed) => {
  it.each(['connections', 'connectionsPerClient'] as const)(
    'counts no more to the limit %s, and what the other holds still does',
    async (limit) => {
      await using a = await RawServer.listen(holding);
      await using scene = await Scene.serving(apiConfig([backendOf('a', a)], {}, { limits: { [limit]: 4 } }));
      const kept = await scene.client(survivor);
      for (let i = 0; i < 3; i++) await scene.client(other);
      expect(await scene.fill()).toBe(0);
      await scene.threads.replace(LOST, deed);
      expect(await scene.fill()).toBe(3);
      expect((await kept.send(get('a.test')).message()).body).toBe('done');
    },
  );

  it('is free as well when it was about to leave', async () => {
    await using a = await RawServer.listen(holding);
    const config = apiConfig(
      [backendOf('a', a)],
      { maxInFlight: 3 },
      { limits: { connectionsPerClient: 4 } },
    );
    const slots = createSlotTable();
    await using scene = await Scene.serving(config, slots);
    await scene.client(survivor);
    for (const count of [1, 2, 3]) {
      await scene.ask(other, HELD);
      await untilAsked([a], count);
    }
    await scene.threads.apply(planOf(config, 2, slots), 1);
    expect(await scene.fill()).toBe(0);
    orderEngine(deed, LOST);
    await Promise.all(a.connections.map((connection) => connection.untilOver()));
    await scene.threads.untilCount('accepted', 1);
    expect(await scene.fill()).toBe(3);
    expect(scene.threads.deaths).toEqual([]);
  });

  it('takes no place at a backend, and what the other has there still does', async () => {
    await using a = await RawServer.listen(holding);
    await using scene = await Scene.serving(
      apiConfig([backendOf('a', a)], { maxInFlight: 3, queue: { max: 0 } }),
    );
    const kept = await scene.ask(survivor, HELD);
    await untilAsked([a], 1);
    for (const count of [2, 3]) {
      await scene.ask(other, HELD);
      await untilAsked([a], count);
    }
    expect(await scene.statusOf(survivor)).toBe(503);

    await scene.threads.replace(LOST, deed);
    expect(scene.threads.backendCount('a', 'inFlight')).toBe(1);
    await scene.ask(other, HELD);
    await untilAsked([a], 4);
    await scene.ask(survivor, HELD);
    await untilAsked([a], 5);
    for (const where of [survivor, other]) expect(await scene.statusOf(where)).toBe(503);
    a.connections[0]?.send(ok('late'));
    expect((await kept.message()).body).toBe('late');
    await scene.threads.untilBackendCount('a', 'inFlight', 2);
    expect(await scene.statusOf(other)).toBe(200);
  });

  it('weighs nothing where the least loaded backend is chosen', async () => {
    await using a = await RawServer.listen(holding);
    await using b = await RawServer.listen(holding);
    await using scene = await Scene.serving(
      apiConfig([backendOf('a', a), backendOf('b', b)], { policy: 'least-connections' }),
    );
    await scene.ask(other, HELD);
    await untilAsked([a, b], 1);
    const [busy, calm] = a.requests.length === 1 ? [a, b] : [b, a];
    await scene.ask(survivor, HELD);
    await untilAsked([calm], 1);

    // The survivor's request is still with the calm one.
    await scene.threads.replace(LOST, deed);
    for (const where of [survivor, other, survivor, other]) {
      expect(await scene.statusOf(where)).toBe(200);
      await scene.threads.untilBackendCount(busy === a ? 'a' : 'b', 'inFlight', 0);
    }
    expect([busy.requests.length, calm.requests.length]).toEqual([5, 1]);
  });

  it('leaves its connections to backends neither open nor counted', async () => {
    await using a = await RawServer.listen(holding);
    await using scene = await Scene.serving(apiConfig([backendOf('a', a)]));
    await scene.ask(survivor, HELD);
    await untilAsked([a], 1);
    await scene.ask(other, HELD);
    await untilAsked([a], 2);
    // One that is idle.
    expect(await scene.statusOf(other)).toBe(200);
    expect([a.openConnections, scene.threads.backendCount('a', 'connections')]).toEqual([3, 3]);

    await scene.threads.replace(LOST, deed);
    await Promise.all(a.connections.slice(1).map((connection) => connection.untilOver()));
    expect([a.openConnections, scene.threads.backendCount('a', 'connections')]).toEqual([1, 1]);
  });

  it('goes to a request that waits in the other', async () => {
    await using a = await RawServer.listen(holding);
    await using scene = await Scene.serving(apiConfig([backendOf('a', a)], { maxInFlight: 1 }));
    await scene.ask(other, HELD);
    await untilAsked([a], 1);
    const waiting = await scene.ask(survivor);
    await scene.threads.untilCount('queued', 1);
    await scene.threads.replace(LOST, deed);
    expect((await waiting.message()).body).toBe('done');
    expect(scene.threads.count('queued')).toBe(0);
  });

  it('waits no more, is not sent, and takes no place in the queue', async () => {
    await using a = await RawServer.listen(holding);
    await using scene = await Scene.serving(
      apiConfig([backendOf('a', a)], { maxInFlight: 1, queue: { max: 1 } }),
    );
    await scene.ask(survivor, HELD);
    await untilAsked([a], 1);
    await scene.ask(other, '/lost');
    await scene.threads.untilCount('queued', 1);
    expect(await scene.statusOf(other)).toBe(503);

    await scene.threads.replace(LOST, deed);
    expect(scene.threads.count('queued')).toBe(0);
    expect(scene.threads.poolCount('underWay')).toBe(1);
    const waiting = await scene.ask(other, '/found');
    await scene.threads.untilCount('queued', 1);
    a.connections[0]?.send(ok('late'));
    expect((await waiting.message()).body).toBe('done');
    expect(a.requests.map(({ target }) => target)).toEqual([HELD, '/found']);
  });

  it('uses up none of the retry budget', async () => {
    const answer = stubborn();
    await using a = await RawServer.listen(answer);
    await using b = await RawServer.listen(answer);
    const retries = { budgetPct: 0, budgetMin: 1 };
    await using scene = await Scene.serving(
      apiConfig([backendOf('a', a), backendOf('b', b)], { retries, ...NO_REUSE }),
    );
    await scene.ask(other, `${HELD}/retry`);
    await untilAsked([a, b], 2);
    expect(await scene.statusOf(survivor, '/1')).toBe(502);

    await scene.threads.replace(LOST, deed);
    expect(await scene.statusOf(survivor, '/2')).toBe(200);
    expect(await scene.statusOf(other, '/3')).toBe(200);
    await scene.threads.untilPoolCount('retrying', 0);
  });

  it('is no traffic that would allow a retry', async () => {
    const answer = stubborn();
    await using a = await RawServer.listen(answer);
    await using b = await RawServer.listen(answer);
    // One retry for three requests under way.
    const retries = { budgetPct: 34, budgetMin: 0 };
    await using scene = await Scene.serving(
      apiConfig([backendOf('a', a), backendOf('b', b)], { retries, ...NO_REUSE }),
    );
    for (const count of [1, 2]) {
      await scene.ask(other, HELD);
      await untilAsked([a, b], count);
    }
    expect(await scene.statusOf(survivor, '/1')).toBe(200);

    await scene.threads.replace(LOST, deed);
    expect(await scene.statusOf(survivor, '/2')).toBe(502);
    expect(await scene.statusOf(other, '/3')).toBe(502);
    await scene.threads.untilPoolCount('underWay', 0);
  });
});
