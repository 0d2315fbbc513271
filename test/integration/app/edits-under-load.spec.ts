// Edits of a pool that serves: four clients keep asking on kept connections while a health check is
// changed or a pool or backend gets another name, and not one request fails for it.
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { startTestCore, type TestCore } from '../../support/core-harness.ts';
import { HttpClient } from '../../support/http-get.ts';
import { apiConfig, QUICK_CHECK } from '../../support/test-config.ts';

const CLIENTS = 4;
/** Requests answered after an edit before it counts as survived. */
const ENOUGH = 200;
const SLOW_PROBE_MS = 150;

/** Answers everything with 200: probes of /health2 late, all else at once. */
class SteadyBackend implements AsyncDisposable {
  readonly #server: Server;
  /** Connections that carried traffic, not probes. */
  readonly served = new Set<Socket>();

  constructor() {
    this.#server = createServer((request, response) => {
      const { url = '' } = request;
      if (!url.startsWith('/health')) this.served.add(request.socket);
      if (url === '/health2') setTimeout(() => response.end('fine'), SLOW_PROBE_MS);
      else response.end('fine');
    });
    this.#server.keepAliveTimeout = 60_000;
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Promise((resolve) => {
      this.#server.close(resolve);
      this.#server.closeAllConnections();
    });
  }
}

interface Load extends AsyncDisposable {
  answered(): number;
  /** Statuses other than 200, and broken requests. */
  failures: string[];
  /** `count` more requests were answered than now. */
  more(count: number): Promise<void>;
}

function startLoad(url: string, client: HttpClient): Load {
  let running = true;
  let answered = 0;
  let waiting: { at: number; resolve: () => void } | undefined;
  const failures: string[] = [];
  const busy = Array.from({ length: CLIENTS }, async () => {
    while (running) {
      try {
        const { status, body } = await client.ask(url);
        if (status !== 200) failures.push(`${status} ${body}`);
      } catch (error) {
        failures.push(String(error));
      }
      answered += 1;
      if (waiting !== undefined && answered >= waiting.at) waiting.resolve();
    }
  });
  return {
    answered: () => answered,
    failures,
    more(count) {
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting = { at: answered + count, resolve };
      return promise;
    },
    async [Symbol.asyncDispose]() {
      running = false;
      await Promise.all(busy);
    },
  };
}

const CHECK = { ...QUICK_CHECK, expectStatus: ['200-399'], intervalMs: 500, timeoutMs: 500 };
const editPool = (core: TestCore, pool: object, name = 'api') =>
  core.view.call('pools.update', { name: 'api', pool: { name, healthCheck: CHECK, ...pool } });
const renameBackend = (core: TestCore, address: string) =>
  core.view.call('backends.update', { pool: 'api', name: 'only', backend: { name: 'other', address } });

interface Change {
  title: string;
  before?: object | undefined;
  edit(core: TestCore, address: string): Promise<unknown>;
  now?: { pool?: string; backend?: string };
  says: string[];
}

const CHANGES: Change[] = [
  {
    title: 'its check asks another, slower path',
    edit: (core) => editPool(core, { healthCheck: { ...CHECK, path: '/health2' } }),
    says: ['check path of pool api: /health → /health2'],
  },
  {
    title: 'its check expects other statuses',
    edit: (core) => editPool(core, { healthCheck: { ...CHECK, expectStatus: ['200'] } }),
    says: ['expected check status of pool api: 200-399 → 200'],
  },
  {
    title: 'its check comes at another interval',
    edit: (core) => editPool(core, { healthCheck: { ...CHECK, intervalMs: 600 } }),
    says: ['check interval of pool api: 500 ms → 600 ms'],
  },
  {
    title: 'a check is switched on',
    before: {},
    edit: (core) => editPool(core, { healthCheck: CHECK }),
    says: ['health check of pool api: none → http /health, every 500 ms'],
  },
  {
    title: 'it is renamed',
    edit: (core) => editPool(core, {}, 'shop'),
    now: { pool: 'shop' },
    says: ['rename pool api to shop'],
  },
  {
    title: 'its only backend is renamed',
    edit: (core, address) => renameBackend(core, address),
    now: { backend: 'other' },
    says: ['rename backend api/only to api/other'],
  },
];

describe('a busy pool', () => {
  it.each(CHANGES)('loses no request while $title', async ({ before, edit, now, says }) => {
    await using backend = await new SteadyBackend().listen();
    await using core = await startTestCore({
      config: apiConfig(
        [{ name: 'only', address: backend.address }],
        before ?? { healthCheck: CHECK },
        // At full speed a connection reaches the usual limit within seconds; here none may be closed.
        { limits: { keepAliveRequests: 1_000_000_000 } },
      ),
    });
    const { view } = core;
    const usable = before === undefined ? 'up' : 'unchecked';
    await view.untilState('api', 'only', usable);
    using client = new HttpClient(CLIENTS);
    await using load = startLoad(await core.url(), client);
    await load.more(ENOUGH);
    const connections = [...backend.served];
    const requestsBefore = load.answered();

    const editedAt = Date.now();
    await edit(core, backend.address);
    const pool = now?.pool ?? 'api';
    const name = now?.backend ?? 'only';
    await view.untilBackend(
      pool,
      name,
      'was probed after the edit',
      ({ lastCheck, health }) => lastCheck !== null && lastCheck.at >= editedAt && health === 'up',
    );
    await load.more(ENOUGH);

    expect(load.failures).toEqual([]);
    const { revisions } = await view.call('revisions.list', { limit: 1 });
    expect(revisions[0]?.changes).toEqual(says);
    expect(client.closed).toBe(0);
    // More may have been opened, when more clients asked at the same moment than before; none was let go of.
    expect(connections.filter((socket) => socket.destroyed)).toEqual([]);
    const status = await view.call('status.get', {});
    const seen = status.pools.find((each) => each.name === pool)?.backends[0];
    expect(seen?.name).toBe(name);
    expect(seen?.requests).toBeGreaterThanOrEqual(requestsBefore);
  });

  it('keeps its history under the new name', async () => {
    await using backend = await new SteadyBackend().listen();
    await using core = await startTestCore({
      config: apiConfig([{ name: 'only', address: backend.address }], { healthCheck: CHECK }),
    });
    const { view } = core;
    await view.untilState('api', 'only', 'up');
    using client = new HttpClient(CLIENTS);
    await client.many(await core.url(), 20);
    const history = async (pool: string) => {
      const result = await view.call('history.query', {
        pool,
        from: Date.now() - 60_000,
        to: Date.now() + 60_000,
        buckets: 1,
      });
      return result.series.map((one) => [one.backend, one.traffic[0]?.requests, one.health[0]]);
    };
    await view.untilAnswer('20 are stored', async () => (await history('api'))[0]?.[1] === 20);
    await renameBackend(core, backend.address);
    await editPool(core, {}, 'shop');
    expect(await history('shop')).toEqual([['other', 20, 'up']]);
    expect(await history('api')).toEqual([]);
    expect((await view.call('checks.list', { pool: 'shop', backend: 'other' })).checks).not.toEqual([]);
    expect(
      view.eventsOf('transition').filter(({ to }) => to === 'checking' || to === 'unchecked'),
    ).toHaveLength(1);
  });
});
