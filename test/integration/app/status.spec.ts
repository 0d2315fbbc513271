// The Status of a whole core under real probes and real traffic: the words for every state, causes,
// shares, counts, and the pool's own state.
import { describe, expect, it } from 'vitest';
import type { RequestRecord } from '#shared/history.ts';
import type { BackendStatus } from '#shared/status.ts';
import { startBackend } from '../../support/backends.ts';
import { startTestCore } from '../../support/core-harness.ts';
import type { CoreView } from '../../support/core-view.ts';
import { occupy } from '../../support/free-port.ts';
import { ask, HttpClient } from '../../support/http-get.ts';
import { RawClient } from '../../support/raw-client.ts';
import { apiConfig, QUICK_CHECK } from '../../support/test-config.ts';

const PROBED = { healthCheck: QUICK_CHECK };

/** Each different state, in order. */
function statesOf(statuses: { pools: { backends: BackendStatus[] }[] }[], name: string): string[] {
  const states = statuses.flatMap((status) =>
    status.pools.flatMap((pool) => pool.backends.filter((b) => b.name === name).map((b) => b.state)),
  );
  return states.filter((state, i) => state !== states[i - 1]);
}

/** Newest first. Records come in batches, a moment after the answer. */
function untilRecorded(view: CoreView, count: number): Promise<RequestRecord[]> {
  return view.untilAnswer(`${count} requests are recorded`, async () => {
    const { requests } = await view.call('requests.list', { pool: 'api' });
    return requests.length === count && requests;
  });
}

describe('a probed backend', () => {
  it('goes up, failing, down, recovering and up, with its progress and its cause', async () => {
    await using one = await startBackend('one');
    await using two = await startBackend('two');
    await using core = await startTestCore({ config: apiConfig([one, two], PROBED) });
    const { view } = core;
    const up = await view.untilState('api', 'one', 'up');
    await view.untilState('api', 'two', 'up');
    expect(up).toMatchObject({
      health: 'up',
      progress: null,
      cause: '',
      lastCheck: { ok: true, code: 'L7 200' },
    });
    expect(view.pool('api')).toMatchObject({ state: 'up', serving: 2 });
    view.events.length = 0;

    one.healthy = false;
    const down = await view.untilState('api', 'one', 'down');
    expect(down.cause).toMatch(/^L7 503/);
    expect(down.since).toBeGreaterThan(up.since);
    expect(down).toMatchObject({ targetShare: 0, lastCheck: { ok: false }, progress: null });
    expect(view.backend('api', 'two')).toMatchObject({ targetShare: 1 });
    expect(view.pool('api')).toMatchObject({ state: 'degraded', serving: 1 });

    one.healthy = true;
    await view.untilState('api', 'one', 'up');
    const states = statesOf(view.eventsOf('status'), 'one');
    expect(states.filter((state) => state !== 'failing' && state !== 'recovering')).toEqual([
      ...(states[0] === 'up' ? ['up'] : []),
      'down',
      'up',
    ]);
    expect(view.eventsOf('transition').filter(({ backend }) => backend === 'one')).toMatchObject([
      { from: 'up', to: 'failing', check: { code: 'L7 503' } },
      { from: 'failing', to: 'down', check: { code: 'L7 503' } },
      { from: 'down', to: 'recovering', check: { code: 'L7 200' } },
      { from: 'recovering', to: 'up', check: { code: 'L7 200' } },
    ]);
    const { incidents } = await view.call('incidents.list', {});
    expect(incidents).toMatchObject([{ pool: 'api', backend: 'one', start: down.since }]);
    expect(incidents[0]?.cause).toMatch(/^L7 503/);
    expect(incidents[0]?.end).toBeGreaterThan(down.since);
    const ofOne = await view.call('incidents.list', { pool: 'api', backend: 'one' });
    expect(ofOne.incidents).toEqual(incidents);
    for (const other of [{ backend: 'two' }, { pool: 'web' }, { pool: 'web', backend: 'one' }])
      expect(await view.call('incidents.list', other)).toEqual({ incidents: [] });
    // Stored once a second.
    const { fall, rise } = QUICK_CHECK;
    await view.untilAnswer('its checks are stored', async () => {
      const { checks } = await view.call('checks.list', { pool: 'api', backend: 'one' });
      return checks.length >= fall + rise;
    });
  });

  it('is down, and says so, also while it drains: health outranks the drain', async () => {
    await using one = await startBackend('one');
    await using core = await startTestCore({ config: apiConfig([one], PROBED) });
    const { view } = core;
    await view.untilState('api', 'one', 'up');
    await view.call('backends.setState', { pool: 'api', backend: 'one', state: 'draining' });
    const drained = await view.untilState('api', 'one', 'drained');
    expect(drained).toMatchObject({ admin: 'draining', health: 'up', targetShare: 0 });
    await one.close();
    const down = await view.untilState('api', 'one', 'down');
    expect(down).toMatchObject({
      admin: 'draining',
      cause: expect.stringContaining('L4 connection refused'),
    });
    await view.call('backends.setState', { pool: 'api', backend: 'one', state: 'disabled' });
    expect(await view.untilState('api', 'one', 'disabled')).toMatchObject({ health: 'down' });
    expect(view.pool('api')).toMatchObject({ state: 'off' });
  });

  it('gets no traffic before its first good probe, and starts over with no cause at a new address', async () => {
    await using one = await startBackend('one');
    await using two = await startBackend('two');
    one.healthy = false;
    await using core = await startTestCore({ config: apiConfig([one], PROBED) });
    const { view } = core;
    const url = await core.url();
    await view.untilState('api', 'one', 'down');
    expect(view.pool('api')).toMatchObject({ state: 'down', serving: 0 });
    const refused = await ask(url);
    expect([refused.status, one.requests]).toEqual([503, 0]);
    // Nothing probes this one soon, so the state before its first result can be looked at.
    await view.call('pools.update', {
      name: 'api',
      pool: {
        name: 'api',
        healthCheck: { ...QUICK_CHECK, path: '/hold', timeoutMs: 60_000, intervalMs: 60_000 },
      },
    });
    two.hold();
    await view.call('backends.update', {
      pool: 'api',
      name: 'one',
      backend: { name: 'one', address: two.address },
    });
    const checking = await view.untilState('api', 'one', 'checking');
    expect(checking).toMatchObject({ cause: '', lastCheck: null });
    expect(view.pool('api')).toMatchObject({ state: 'checking', serving: 0 });
    two.release();
    await view.untilState('api', 'one', 'up');
    expect((await ask(url)).body).toBe('two');
  });
});

describe('a pool without a health check', () => {
  it('is unchecked and serves', async () => {
    await using one = await startBackend('one');
    await using core = await startTestCore({ config: apiConfig([one]) });
    const backend = await core.view.untilState('api', 'one', 'unchecked');
    expect(backend).toMatchObject({
      health: 'unchecked',
      lastCheck: null,
      targetShare: 1,
      actualShare: null,
    });
    expect(core.view.pool('api')).toMatchObject({ state: 'up', serving: 1 });
    expect((await ask(await core.url())).body).toBe('one');
  });

  it('without any backend is empty, and its requests are answered with a reason', async () => {
    await using core = await startTestCore({ config: apiConfig([]) });
    expect((await core.view.call('status.get', {})).pools[0]).toMatchObject({ state: 'empty', serving: 0 });
    const answer = await ask(await core.url());
    expect(answer.status).toBe(503);
    expect(answer.body).toContain('pool api has no backends');
  });

  it('uses a backup only while no primary can serve', async () => {
    await using one = await startBackend('one');
    await using spare = await startBackend('spare');
    await using core = await startTestCore({
      config: apiConfig([one, { name: 'spare', address: spare.address, role: 'backup' }]),
    });
    const { view } = core;
    const url = await core.url();
    expect(view.backend('api', 'spare') ?? { targetShare: 0 }).toMatchObject({ targetShare: 0 });
    expect((await ask(url)).body).toBe('one');
    await view.call('backends.setState', { pool: 'api', backend: 'one', state: 'draining' });
    expect((await ask(url)).body).toBe('spare');
    await view.untilBackend('api', 'spare', 'gets it all', (b) => b.targetShare === 1);
  });
});

describe('traffic', () => {
  it('is counted by backend and listener, with shares, latency and errors', async () => {
    await using one = await startBackend('one');
    await using two = await startBackend('two');
    const backends = [
      { name: 'one', address: one.address, weight: 3 },
      { name: 'two', address: two.address, weight: 1 },
    ];
    await using core = await startTestCore({
      config: apiConfig(backends, { policy: 'weighted-round-robin' }),
    });
    const { view } = core;
    const url = await core.url();
    using client = new HttpClient(4);
    expect(await client.many(url, 38, 4)).toMatchObject({});
    await client.ask(`${url}/status/500`);
    await client.ask(`${url}/status/404`);
    const status = await view.until('the minute holds them all', () => {
      const pool = view.pool('api');
      return pool?.requestsLastMinute === 40 && view.status;
    });
    const [first, second] = status.pools[0]?.backends ?? [];
    expect([first?.requests, second?.requests]).toEqual([30, 10]);
    expect([first?.targetShare, second?.targetShare]).toEqual([0.75, 0.25]);
    expect([first?.actualShare, second?.actualShare]).toEqual([0.75, 0.25]);
    expect(status.listeners[0]).toMatchObject({
      name: 'web',
      state: 'listening',
      connections: 4,
      requests: 40,
    });
    expect(first?.latencyMs.p50).toBeGreaterThan(0);
    expect(first?.latencySumMs).toBeGreaterThan(0);
    expect([first?.latencyCount, second?.latencyCount]).toEqual([30, 10]);
    // An error of the application is no failure of the backend.
    expect([first?.errors, second?.errors]).toEqual([0, 0]);
    const answers = [first, second].map((each) => each?.responses.reduce((sum, count) => sum + count, 0));
    expect(answers).toEqual([30, 10]);
    const percent = status.pools[0]?.backends.flatMap((b) => [b.clientErrorPct, b.serverErrorPct]);
    expect(percent?.filter((value) => value !== 0)).toHaveLength(2);

    const sample = view.eventsOf('sample').map((event) => event.pools.api?.total.requests ?? 0);
    expect(sample.reduce((sum, requests) => sum + requests, 0)).toBe(40);
    const requests = await untilRecorded(view, 40);
    expect(requests.slice(0, 2)).toMatchObject([
      { path: '/status/404', status: 404, failure: '', attempts: 1 },
      { path: '/status/500', status: 500, failure: '', attempts: 1 },
    ]);
    expect(requests.filter((record) => record.backend === 'two')).toHaveLength(10);
  });

  it('counts the connections a listener refused because it had enough', async () => {
    await using one = await startBackend('one');
    await using core = await startTestCore({
      config: apiConfig([one], {}, { limits: { connections: 1 } }),
    });
    const { port } = new URL(await core.url());
    await using held = await RawClient.connect(Number(port));
    expect((await held.send('GET / HTTP/1.1\r\nHost: a.test\r\n\r\n').message()).status).toBe(200);
    for (let i = 0; i < 2; i++) {
      await using refused = await RawClient.connect(Number(port));
      await refused.untilOver();
    }
    const listener = await core.view.until('they are in the status', () => {
      const [web] = core.view.status.listeners;
      return web?.connectionsRefused === 2 && web;
    });
    expect(listener).toMatchObject({ connections: 1, requests: 1 });
  });

  it('that no backend can be tried for is counted in the pool, live and stored, and in no share', async () => {
    await using one = await startBackend('one');
    await using core = await startTestCore({ config: apiConfig([one]) });
    const { view } = core;
    const url = await core.url();
    expect((await ask(url)).status).toBe(200);
    await view.call('backends.setState', { pool: 'api', backend: 'one', state: 'disabled' });
    for (let i = 0; i < 5; i++) expect((await ask(url)).status).toBe(503);
    await view.until('they are in the status', () => {
      const pool = view.pool('api');
      return pool?.unserved === 5 && pool.unservedPerS > 0 && pool.requestsLastMinute === 1;
    });
    const pool = view.pool('api');
    expect(pool?.errorsPerS).toBe(pool?.unservedPerS);
    expect(pool?.requestsPerS).toBeGreaterThan(pool?.unservedPerS ?? 0);
    expect(pool?.backends).toMatchObject([{ requests: 1, errors: 0, actualShare: 1 }]);

    const sums = { requests: 0, errors: 0 };
    for (const { pools } of view.eventsOf('sample')) {
      sums.requests += pools.api?.total.requests ?? 0;
      sums.errors += pools.api?.total.errors ?? 0;
      expect(Object.keys(pools.api?.backends ?? {})).not.toContain('');
    }
    expect(sums).toEqual({ requests: 6, errors: 5 });
    const history = await view.call('history.query', {
      pool: 'api',
      from: Date.now() - 60_000,
      to: Date.now() + 1000,
      buckets: 1,
    });
    expect(history.total).toMatchObject([{ requests: 6, errors: 5, status5xx: 0 }]);
    expect(history.series).toMatchObject([{ backend: 'one', traffic: [{ requests: 1, errors: 0 }] }]);
  });

  it('that meets a refused connection is served by another backend and counts as one error', async () => {
    await using one = await startBackend('one');
    const two = await startBackend('two');
    await two.close();
    await using core = await startTestCore({ config: apiConfig([one, two]) });
    const url = await core.url();
    for (let i = 0; i < 4; i++) expect(await ask(url)).toMatchObject({ status: 200, body: 'one' });
    const failed = await core.view.untilBackend('api', 'two', 'has its errors', (b) => b.errors === 2);
    expect(failed.state).toBe('unchecked');
    // The time of a failure is not one of its response times.
    expect(failed).toMatchObject({ requests: 2, latencySumMs: 0, latencyCount: 0 });
    const requests = await untilRecorded(core.view, 4);
    expect(requests.map((record) => record.attempts).sort()).toEqual([1, 1, 2, 2]);
  });
});

describe('a listener whose new port is in use', () => {
  it.each([1, ...(process.platform === 'linux' ? [2] : [])])(
    'has failed, names the address it still serves and counts what comes there, with %i threads',
    async (workers) => {
      await using one = await startBackend('one');
      await using busy = await occupy(0);
      await using core = await startTestCore({ config: { ...apiConfig([one]), engine: { workers } } });
      const { view } = core;
      const url = new URL(await core.url());
      expect((await ask(url.href)).body).toBe('one');
      const moved = apiConfig([one], {}, { port: busy.port });
      await view.call('config.apply', { config: { ...moved, engine: { workers } } });

      const failed = await view.until('it has failed', () => {
        const listener = view.listener('web');
        return listener?.state === 'failed' && listener;
      });
      expect(failed).toMatchObject({ address: `127.0.0.1:${busy.port}`, servedAddress: url.host });
      expect(failed.error).toContain(`${url.host} is still served`);

      await using held = await RawClient.connect(Number(url.port));
      for (let i = 0; i < 4; i++)
        expect((await held.send('GET / HTTP/1.1\r\nHost: a.test\r\n\r\n').message()).body).toBe('one');
      await view.until('they are in the status', () => {
        const listener = view.listener('web');
        return listener?.connections === 1 && listener.requests === 5 && listener.requestsPerS > 0;
      });

      await busy[Symbol.asyncDispose]();
      const bound = await view.untilListening('web');
      expect(bound).toMatchObject({ address: `127.0.0.1:${busy.port}`, requests: 5 });
      expect(bound).not.toHaveProperty('servedAddress');
    },
  );

  it.each([1, ...(process.platform === 'linux' ? [2] : [])])(
    'leaves its old address to another listener, with %i threads',
    async (workers) => {
      await using one = await startBackend('one');
      await using two = await startBackend('two');
      await using busy = await occupy(0);
      const engine = { workers };
      await using core = await startTestCore({ config: { ...apiConfig([one]), engine } });
      const { view } = core;
      const { href, port } = new URL(await core.url());
      const moved = apiConfig([one], {}, { port: busy.port });
      await view.call('config.apply', { config: { ...moved, engine } });
      await view.until('it has failed', () => view.listener('web')?.servedAddress !== undefined);

      const route = { name: 'all', pool: 'next' };
      const pools = [{ ...apiConfig([two]).pools[0]!, name: 'next' }];
      const listeners = [{ name: 'next', port: Number(port), routes: [route] }];
      const config = {
        ...moved,
        engine,
        listeners: [...moved.listeners, ...listeners],
        pools: [...moved.pools, ...pools],
      };
      await view.call('config.apply', { config });
      await view.untilListening('next');
      expect(view.listener('web')?.state).toBe('failed');
      expect(view.listener('web')).not.toHaveProperty('servedAddress');
      const answers = await Promise.all(Array.from({ length: 30 }, () => ask(href)));
      expect(new Set(answers.map(({ body }) => body))).toEqual(new Set(['two']));
    },
  );
});
