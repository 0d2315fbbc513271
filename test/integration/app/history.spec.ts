// history.query on a whole core: a past written by hand, so that every bucket is known, and a present
// that was just made by traffic.
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseConfig } from '#shared/config/config.ts';
import type { TrafficPoint } from '#shared/history.ts';
import type { HealthState } from '#shared/status.ts';
import { encodeSparse, recordLatency } from '../../../src/main/engine/telemetry/histogram.ts';
import { BUCKETS_PER_ROW } from '../../../src/main/engine/telemetry/layout.ts';
import type { WriteDb } from '../../../src/main/store/db.ts';
import { logIntent } from '../../../src/main/store/intents.ts';
import { openStore } from '../../../src/main/store/open.ts';
import { saveRevision } from '../../../src/main/store/revisions.ts';
import { startRun, touchRun } from '../../../src/main/store/runs.ts';
import { insertSamples, UNSERVED } from '../../../src/main/store/samples.ts';
import { insertTransition } from '../../../src/main/store/transitions.ts';
import { startBackend } from '../../support/backends.ts';
import { startTestCore, type TestCore, tempDir } from '../../support/core-harness.ts';
import { ask, HttpClient } from '../../support/http-get.ts';
import { apiConfig } from '../../support/test-config.ts';
import { storedSeconds } from '../store/temp-store.ts';

/** An hour ago, on the minute: within the retention. */
const T0 = Math.floor(Date.now() / 60_000) * 60_000 - 3_600_000;
const NOTHING = {
  requests: 0,
  status2xx: 0,
  status3xx: 0,
  status4xx: 0,
  status5xx: 0,
  errors: 0,
  bytesIn: 0,
  bytesOut: 0,
};
const IDLE: TrafficPoint = { ...NOTHING, p50Ms: null, p95Ms: null, p99Ms: null };

function sample(
  db: WriteDb,
  atS: number,
  backend: string,
  counts: Partial<TrafficPoint>,
  latenciesMs: number[],
) {
  const buckets = new Uint32Array(BUCKETS_PER_ROW);
  for (const ms of latenciesMs) recordLatency(buckets, ms * 1000);
  const row = { ...IDLE, requests: latenciesMs.length, ...counts, pool: 'api', backend };
  insertSamples(db, T0 / 1000 + atS, [{ ...row, latency: encodeSparse(buckets) }]);
}

function run(db: WriteDb, fromS: number, toS: number): void {
  touchRun(db, startRun(db, T0 + fromS * 1000), T0 + toS * 1000 - 1);
}

/** Two runs of nine seconds, twenty seconds apart. */
function writePast(dataDir: string): void {
  const store = openStore(dataDir, { now: Date.now });
  const { db } = store;
  const parsed = parseConfig(
    apiConfig([
      { name: 'a', address: '127.0.0.1:9' },
      { name: 'b', address: '127.0.0.1:9' },
    ]),
  );
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  saveRevision(db, {
    at: T0 + 2000,
    author: 'window',
    note: '',
    changes: ['weight of api/a: 1 → 2', 'another'],
    config: parsed.value,
  });
  logIntent(db, {
    at: T0 + 3000,
    pool: 'api',
    backend: 'a',
    from: 'enabled',
    to: 'draining',
    author: 'window',
  });
  run(db, 0, 9);
  run(db, 20, 29);
  sample(db, 0, 'a', { status2xx: 10, bytesOut: 100 }, [...Array(9).fill(10), 100]);
  sample(db, 1, 'a', { status2xx: 10, bytesOut: 100 }, Array(10).fill(20));
  sample(db, 7, 'b', { status5xx: 4, errors: 1 }, Array(4).fill(5));
  sample(db, 21, 'removed', { status2xx: 3 }, [1, 1, 1]);
  sample(db, 22, UNSERVED, { requests: 2, errors: 2 }, []);
  const health: [at: number, from: HealthState, to: HealthState][] = [
    [0, 'unchecked', 'checking'],
    [100, 'checking', 'up'],
    [6000, 'up', 'failing'],
    [7000, 'failing', 'down'],
    [20_000, 'down', 'checking'],
    [20_100, 'checking', 'up'],
  ];
  for (const [at, from, to] of health) {
    insertTransition(db, { at: T0 + at, pool: 'api', backend: 'a', from, to, check: null });
  }
  store.close();
}

describe('the history of a period', () => {
  let core: TestCore;
  beforeAll(async () => {
    const dir = tempDir();
    writePast(dir.path);
    core = await startTestCore({ dataDir: dir.path });
    return async () => {
      await core[Symbol.asyncDispose]();
      dir.remove();
    };
  });
  const query = (rest: object = {}) =>
    core.view.call('history.query', { from: T0, to: T0 + 40_000, buckets: 8, ...rest });
  const requestsOf = (points: (TrafficPoint | null)[] | undefined) => points?.map((p) => p?.requests ?? null);

  it('is cut in equal buckets; one in which Sluice did not run is null, one without traffic is zero', async () => {
    const result = await query();
    expect(result).toMatchObject({ from: T0, to: T0 + 40_000, bucketMs: 5000 });
    expect(requestsOf(result.total)).toEqual([20, 4, null, null, 5, 0, null, null]);
    expect(result.total[5]).toEqual(IDLE);
    const series = new Map(result.series.map((one) => [one.backend, one]));
    expect(requestsOf(series.get('a')?.traffic)).toEqual([20, 0, null, null, 0, 0, null, null]);
    expect(series.get('b')?.traffic[1]).toMatchObject({ requests: 4, status5xx: 4, errors: 1 });
    expect(requestsOf(series.get('removed')?.traffic)).toEqual([0, 0, null, null, 3, 0, null, null]);
  });

  it('has what no backend was tried for in its total, and nowhere when one backend is asked for', async () => {
    const { total, series } = await query();
    expect(total[4]).toMatchObject({ requests: 5, status2xx: 3, errors: 2 });
    expect(series.map(({ backend }) => backend).sort()).toEqual(['a', 'b', 'removed']);
    const { total: one } = await query({ pool: 'api', backend: 'removed' });
    expect(one[4]).toMatchObject({ requests: 3, errors: 0 });
  });

  it('has the same totals without the backends, for those who need no more', async () => {
    const { series, ...whole } = await query();
    expect(series.length).toBeGreaterThan(1);
    expect(await query({ series: false })).toEqual({ ...whole, series: [] });
  });

  it('has health and markers without traffic, for those who need no more', async () => {
    const whole = await query();
    expect(await query({ traffic: false })).toEqual({
      ...whole,
      total: [],
      series: whole.series.filter((one) => one.backend !== 'removed').map((one) => ({ ...one, traffic: [] })),
    });
    expect(await query({ traffic: false, series: false })).toEqual({ ...whole, total: [], series: [] });
  });

  it('has the percentiles of all its requests, not averages of seconds', async () => {
    const first = (await query()).total[0];
    expect(first?.p50Ms).toBeCloseTo(20, 0);
    expect(first?.p95Ms).toBeCloseTo(20, 0);
    expect(Math.abs((first?.p99Ms ?? 0) - 100)).toBeLessThan(2);
    expect(first).toMatchObject({ status2xx: 20, bytesOut: 200 });
  });

  it('shows the worst health of each bucket, and none where it is unknown', async () => {
    const { series } = await query();
    expect(series.find((one) => one.backend === 'a')?.health).toEqual([
      'up',
      'down',
      null,
      null,
      'up',
      'up',
      null,
      null,
    ]);
    expect(series.find((one) => one.backend === 'b')?.health).toEqual(Array(8).fill(null));
  });

  it('marks revisions and drains in it, those of other pools left out', async () => {
    expect((await query()).markers).toEqual([
      { at: T0 + 2000, pool: null, text: 'r1 weight of api/a: 1 → 2 +1 more' },
      { at: T0 + 3000, pool: 'api', text: 'drain a' },
    ]);
    expect((await query({ pool: 'api' })).markers).toHaveLength(2);
    expect((await query({ pool: 'other' })).markers).toEqual([]);
    expect((await query({ from: T0 + 3001 })).markers).toEqual([]);
  });

  it('can be of one pool or one backend, in one bucket or finer than seconds', async () => {
    const one = await query({ pool: 'api', backend: 'b', buckets: 1 });
    expect(one.series.map((each) => each.backend)).toEqual(['b']);
    expect(requestsOf(one.total)).toEqual([4]);
    expect((await query({ pool: 'other' })).series).toEqual([]);
    const fine = await query({ to: T0 + 2000, buckets: 8 });
    expect(requestsOf(fine.total)).toEqual([10, 0, 0, 0, 10, 0, 0, 0]);
  });

  it('that makes no sense is refused on its field', async () => {
    const { view } = core;
    const backwards = await view.refusal('history.query', { from: 2, to: 1, buckets: 1 });
    expect(backwards.issues?.map((issue) => issue.path)).toEqual(['to']);
    const nameless = await view.refusal('history.query', { backend: 'a', from: 1, to: 2, buckets: 1 });
    expect(nameless.issues?.map((issue) => issue.path)).toEqual(['pool']);
  });
});

describe('the history of just now', () => {
  it('holds every request exactly once, what was drained, and survives a restart', async () => {
    using dir = tempDir();
    const dataDir = join(dir.path, 'data');
    await using one = await startBackend('one');
    const from = Date.now() - 60_000;
    const count = async (core: TestCore) => {
      const result = await core.view.call('history.query', { from, to: Date.now() + 60_000, buckets: 120 });
      return { result, requests: result.total.reduce((sum, point) => sum + (point?.requests ?? 0), 0) };
    };
    {
      await using core = await startTestCore({ dataDir, config: apiConfig([one]) });
      using client = new HttpClient(4);
      await client.many(await core.url(), 50, 4);
      await core.view.call('backends.setState', { pool: 'api', backend: 'one', state: 'draining' });
      await core.view.untilAnswer(
        'all 50 are in the history',
        async () => (await count(core)).requests === 50,
      );
      const { result } = await count(core);
      expect(result.markers.map((marker) => marker.text)).toEqual([
        'r1 add listener web +1 more',
        'drain one',
      ]);
      expect(result.total.some((point) => (point?.p50Ms ?? 0) > 0)).toBe(true);
      // The time before it started is unknown, not empty.
      expect(result.total[0]).toBeNull();
    }
    await using core = await startTestCore({ dataDir });
    expect((await count(core)).requests).toBe(50);
    expect((await ask(await core.url())).status).toBe(503);
  });

  it('marks on a pool the revisions that changed it, by their notes or first changes, and always the same', async () => {
    await using core = await startTestCore({ config: apiConfig([{ name: 'a', address: '127.0.0.1:9' }]) });
    const { view } = core;
    const marks = async (pool: string) => {
      const period = { from: Date.now() - 60_000, to: Date.now() + 60_000, buckets: 1 };
      const { markers } = await view.call('history.query', { pool, ...period });
      return markers.map(({ text }) => text);
    };
    const [first] = await marks('api');
    const { config, revision } = await view.call('config.get', {});
    const imported = structuredClone(config);
    imported.pools.push({ ...structuredClone(config.pools[0]!), name: 'shop' });
    const [web] = imported.listeners;
    web!.routes.unshift({
      ...web!.routes[0]!,
      name: 'static',
      match: { pathPrefix: '/static' },
      pool: 'shop',
    });
    await view.call('config.apply', {
      config: imported,
      note: 'imported from shop.json',
      baseRevision: revision,
    });
    await view.call('backends.setWeight', { pool: 'shop', backend: 'a', weight: 7 });
    await view.call('revisions.rollback', { revision });
    expect(await marks('api')).toEqual([first]);
    expect(await marks('shop')).toEqual([
      'r2 imported from shop.json',
      'r3 weight of shop/a: 1 → 7',
      'r4 back to r1',
    ]);
  });

  it('holds the drains of a backend and a pool that got another name since', async () => {
    const a = { name: 'a', address: '127.0.0.1:9' };
    await using core = await startTestCore({ config: apiConfig([a]) });
    const { view } = core;
    const drains = async (pool?: string) => {
      const period = { from: Date.now() - 60_000, to: Date.now() + 60_000, buckets: 1 };
      const { markers } = await view.call('history.query', { pool, ...period });
      return markers.filter((marker) => marker.pool !== null).map((marker) => [marker.pool, marker.text]);
    };
    await view.call('backends.setState', { pool: 'api', backend: 'a', state: 'draining' });
    await view.call('backends.update', { pool: 'api', name: 'a', backend: { ...a, name: 'b' } });
    expect(await drains('api')).toEqual([['api', 'drain b']]);
    await view.call('pools.update', { name: 'api', pool: { name: 'shop' } });
    expect([await drains('shop'), await drains('api')]).toEqual([[['shop', 'drain b']], []]);
    expect(await drains()).toEqual([['shop', 'drain b']]);
  });

  it('holds the second in which Sluice was stopped', async () => {
    using dir = tempDir();
    await using one = await startBackend('one');
    const from = Date.now() - 60_000;
    {
      await using core = await startTestCore({ dataDir: dir.path, config: apiConfig([one]) });
      using client = new HttpClient(4);
      await client.many(await core.url(), 20, 4);
    }
    const store = openStore(dir.path, { now: Date.now });
    const range = { fromS: Math.floor(from / 1000), toS: Math.floor(Date.now() / 1000) + 10 };
    const stored = storedSeconds(store.db, range).reduce((sum, row) => sum + row.requests, 0);
    store.close();
    expect(stored).toBe(20);
  });
});
