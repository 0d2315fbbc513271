// Changing everything that can be changed, under full load: nothing fails and nothing is left behind.
import { describe, expect, it } from 'vitest';
import { startTestCore } from '../../support/core-harness.ts';
import { freePort } from '../../support/free-port.ts';
import { HttpClient } from '../../support/http-get.ts';
import { Load } from '../../support/load.ts';
import { activeTimers, openDescriptors, settles } from '../../support/open-handles.ts';
import { RandomChanges } from '../../support/random-changes.ts';
import { ok, RawServer } from '../../support/raw-server.ts';
import { apiConfig } from '../../support/test-config.ts';

const CHANGES = 200;

describe.runIf(process.platform === 'linux')('200 changes under load', () => {
  it.each([1, 2])(
    'L1 fail no request and leave no descriptor and no timer, with %i workers',
    { timeout: 60_000 },
    async (workers) => {
      const backends = await Promise.all(Array.from({ length: 4 }, () => RawServer.listen(() => ok('a'))));
      await using cleanup = new AsyncDisposableStack();
      for (const backend of backends) cleanup.use(backend);
      const port = await freePort();
      const securePort = await freePort();
      const changes = new RandomChanges(
        20_260 + workers,
        backends.map((backend) => `127.0.0.1:${backend.port}`),
        port,
        workers,
        securePort,
      );
      const idle = { version: 1 as const, engine: { workers }, listeners: [{ name: 'web', port }] };
      await using core = await startTestCore({ config: idle });
      const { view } = core;
      await view.untilListening('web');
      const before = { descriptors: openDescriptors(), timers: activeTimers() };

      await view.call('config.apply', { config: changes.config });
      const load = Load.start(port, { connections: 24 });
      await view.untilListening('secure');
      const secureLoad = Load.start(securePort, { connections: 4, requestsPerConnection: 20, secure: true });
      await Promise.all([load.untilAnswered(100), secureLoad.untilAnswered(100)]);
      for (let i = 0; i < CHANGES; i++) await view.call('config.apply', { config: changes.next() });
      await Promise.all([load.untilAnswered(100), secureLoad.untilAnswered(100)]);
      await Promise.all([load.stop(), secureLoad.stop()]);
      expect([load.failures, secureLoad.failures]).toEqual([{}, {}]);
      const { revision } = await view.call('config.apply', { config: idle });
      await view.until('the last change runs', () => view.status.appliedRevision === revision);

      expect(await settles(openDescriptors, before.descriptors)).toBeLessThanOrEqual(before.descriptors);
      expect(await settles(activeTimers, before.timers)).toBeLessThanOrEqual(before.timers);
    },
  );
});

describe('a change under load', () => {
  it('L3 that is invalid is refused whole, and what runs goes on', async () => {
    await using backend = await RawServer.listen(() => ok('a'));
    const good = apiConfig([{ name: 'a', address: `127.0.0.1:${backend.port}` }]);
    await using core = await startTestCore({ config: good });
    const { view } = core;
    const { revision } = await view.call('config.get', {});
    const load = Load.start(Number(new URL(await core.url()).port), { connections: 8 });
    const bad = apiConfig(
      [{ name: 'b', address: 'nowhere' }],
      {},
      { routes: [{ name: 'all', pool: 'none' }] },
    );
    for (let i = 0; i < 20; i++) {
      const refusal = await view.refusal('config.apply', { config: bad });
      expect(refusal.code).toBe('invalid');
    }
    await load.untilAnswered(100);
    await load.stop();
    expect(load.failures).toEqual({});
    expect((await view.call('config.get', {})).revision).toBe(revision);
  });

  it('L4 of a weight counts from the next request on and closes no connection', async () => {
    const backends = [await RawServer.listen(() => ok('a')), await RawServer.listen(() => ok('b'))];
    await using cleanup = new AsyncDisposableStack();
    for (const backend of backends) cleanup.use(backend);
    const [a, b] = backends.map(({ port }) => `127.0.0.1:${port}`);
    const config = (weight: number) =>
      apiConfig(
        [
          { name: 'a', address: a ?? '', weight },
          { name: 'b', address: b ?? '' },
        ],
        {
          policy: 'weighted-round-robin',
        },
      );
    await using core = await startTestCore({ config: config(1) });
    const url = await core.url();
    using client = new HttpClient(1);
    const before = await client.many(url, 20, 1);
    const upstream = backends.map(({ connections }) => connections.length);
    await core.view.call('config.apply', { config: config(3) });
    const after = await client.many(url, 20, 1);
    expect([before, after]).toEqual([
      { a: 10, b: 10 },
      { a: 15, b: 5 },
    ]);
    expect([client.opened, client.closed]).toEqual([1, 0]);
    expect(backends.map(({ connections }) => connections.length)).toEqual(upstream);
  });

  it('L5 of names and of the order in the config keeps every backend its turns and its connections', async () => {
    const backends = [await RawServer.listen(() => ok('a')), await RawServer.listen(() => ok('b'))];
    await using cleanup = new AsyncDisposableStack();
    for (const backend of backends) cleanup.use(backend);
    const [a, b] = backends.map(({ port }) => `127.0.0.1:${port}`);
    const first = { name: 'a', address: a ?? '', weight: 3 };
    const second = { name: 'b', address: b ?? '', weight: 1 };
    const policy = { policy: 'weighted-round-robin' } as const;
    await using core = await startTestCore({ config: apiConfig([first, second], policy) });
    const url = await core.url();
    using client = new HttpClient(1);
    // Two of the four turns of a period; the change comes in its middle.
    const before = await client.many(url, 2, 1);
    const upstream = backends.map(({ connections }) => connections.length);
    await core.view.call('backends.update', { pool: 'api', name: 'a', backend: { ...first, name: 'z' } });
    const { config } = await core.view.call('config.get', {});
    const [pool] = config.pools;
    await core.view.call('config.apply', {
      config: { ...config, pools: [{ ...pool!, backends: pool!.backends.toReversed() }] },
    });
    const after = await client.many(url, 2, 1);
    const all = { a: (before.a ?? 0) + (after.a ?? 0), b: (before.b ?? 0) + (after.b ?? 0) };
    expect(all).toEqual({ a: 3, b: 1 });
    expect([client.opened, client.closed]).toEqual([1, 0]);
    expect(backends.map(({ connections }) => connections.length)).toEqual(
      upstream.map((n) => Math.max(n, 1)),
    );
  });
});
