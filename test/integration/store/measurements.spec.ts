// What was measured: seconds of traffic, single probes, runs, changes of health and the incidents
// they make. Periods include their start and exclude their end, everywhere.
import { describe, expect, it } from 'vitest';
import type { HealthState } from '#shared/status.ts';
import { insertChecks, listChecks, pruneChecks } from '../../../src/main/store/checks.ts';
import type { WriteDb } from '../../../src/main/store/db.ts';
import { listRuns, startRun, touchRun } from '../../../src/main/store/runs.ts';
import { insertSamples, pruneSamples, readSamples, type SampleRow } from '../../../src/main/store/samples.ts';
import { listSeries, renameSeries } from '../../../src/main/store/series.ts';
import {
  insertTransition,
  lastTransitionsBefore,
  listIncidents,
  readStates,
  retireBackends,
} from '../../../src/main/store/transitions.ts';
import { storedSeconds, storedTransitions, tempStore } from './temp-store.ts';

function sample(pool: string, backend: string, requests: number): SampleRow {
  return {
    pool,
    backend,
    requests,
    status2xx: requests,
    status3xx: 0,
    status4xx: 0,
    status5xx: 0,
    errors: 0,
    bytesIn: 2 ** 40,
    bytesOut: 7,
    p50Ms: 1.25,
    p95Ms: 9.5,
    p99Ms: null,
    latency: Uint8Array.of(3, 1, 200),
  };
}

describe('samples', () => {
  const counts = (db: WriteDb, range: Parameters<typeof storedSeconds>[1]) =>
    storedSeconds(db, range).map((row) => `${row.pool}/${row.backend}@${row.atS}=${row.requests}`);

  it('are read back as they were written', () => {
    using temp = tempStore();
    const row = sample('api', 'one', 3);
    const { p50Ms, p95Ms, p99Ms, ...counted } = row;
    insertSamples(temp.db, 1000, [
      row,
      { ...row, backend: 'two', p50Ms: null, p95Ms: null, latency: new Uint8Array(0) },
    ]);
    const [one, two] = storedSeconds(temp.db, { fromS: 1000, toS: 1001 });
    expect({ ...one, latency: [...(one?.latency ?? [])] }).toEqual({
      ...counted,
      atS: 1000,
      latency: [3, 1, 200],
    });
    expect(two?.latency.length).toBe(0);
    const stored = temp.db
      .prepare('SELECT p50_us, p95_us, p99_us FROM samples_1s ORDER BY series')
      .raw()
      .all();
    const toUs = (ms: number | null) => (ms === null ? null : ms * 1000);
    expect(stored[0]).toEqual([p50Ms, p95Ms, p99Ms].map(toUs));
    expect(stored[1]).toEqual([null, null, toUs(p99Ms)]);
  });

  it('are read as many at a time as asked for', () => {
    using temp = tempStore();
    for (let atS = 10; atS < 15; atS++) insertSamples(temp.db, atS, [sample('api', 'one', atS)]);
    const [series] = listSeries(temp.db);
    const read = (fromS: number) =>
      readSamples(temp.db, { series: series?.id ?? 0, fromS, toS: 14, limit: 3 }).map(({ atS }) => atS);
    expect([read(0), read(13), read(14)]).toEqual([[10, 11, 12], [13], []]);
  });

  it('are selected by pool, backend and period', () => {
    using temp = tempStore();
    const { db } = temp;
    for (let atS = 10; atS < 14; atS++) {
      insertSamples(db, atS, [sample('api', 'one', atS), sample('api', 'two', 1), sample('web', 'one', 2)]);
    }
    expect(counts(db, { pool: 'api', backend: 'one', fromS: 11, toS: 13 })).toEqual([
      'api/one@11=11',
      'api/one@12=12',
    ]);
    expect(counts(db, { pool: 'api', fromS: 13, toS: 20 })).toEqual(['api/one@13=13', 'api/two@13=1']);
    expect(counts(db, { fromS: 10, toS: 11 }).length).toBe(3);
    expect(counts(db, { pool: 'none', fromS: 0, toS: 99 })).toEqual([]);
  });

  it('of a second that comes twice are those written last', () => {
    using temp = tempStore();
    insertSamples(temp.db, 10, [sample('api', 'one', 1)]);
    insertSamples(temp.db, 10, [sample('api', 'one', 2)]);
    expect(counts(temp.db, { fromS: 10, toS: 11 })).toEqual(['api/one@10=2']);
  });

  it('are written whole or not at all', () => {
    using temp = tempStore();
    const bad = { ...sample('api', 'two', 1), requests: 1.5 };
    expect(() => insertSamples(temp.db, 10, [sample('api', 'one', 1), bad])).toThrow();
    expect(counts(temp.db, { fromS: 0, toS: 99 })).toEqual([]);
    insertSamples(temp.db, 10, [sample('api', 'one', 1)]);
    expect(temp.db.pragma('synchronous', { simple: true })).toBe(2);
  });

  it('are pruned oldest first and no more than asked at a time', () => {
    using temp = tempStore();
    const { db } = temp;
    for (let atS = 0; atS < 100; atS++)
      insertSamples(db, atS, [sample('api', 'one', 1), sample('api', 'two', 1)]);
    expect(pruneSamples(db, 50, 60)).toBe(60);
    expect(pruneSamples(db, 50, 60)).toBe(40);
    expect(pruneSamples(db, 50, 60)).toBe(0);
    expect(counts(db, { fromS: 0, toS: 1000 })[0]).toBe('api/one@50=1');
    expect(counts(db, { fromS: 0, toS: 1000 }).length).toBe(100);
  });

  it('give their space back once pruned', () => {
    using temp = tempStore();
    const { db } = temp;
    const rows = Array.from({ length: 30 }, (_, n) => ({
      ...sample('api', `b${n}`, 1),
      latency: new Uint8Array(800),
    }));
    db.transaction(() => {
      for (let atS = 0; atS < 400; atS++) insertSamples(db, atS, rows);
    })();
    const pages = () => db.pragma('page_count', { simple: true }) as number;
    const before = pages();
    while (pruneSamples(db, 400, 2000) > 0);
    expect(before).toBeGreaterThan(2000);
    expect(pages()).toBeLessThan(before - 1000);
  });
});

describe('checks', () => {
  function check(backend: string, at: number, ok = true) {
    return {
      pool: 'api',
      backend,
      result: { at, ok, code: ok ? 'L7 200' : 'L7 503', tookMs: 1.5, detail: ok ? '' : 'no' },
    };
  }

  it('are listed newest first for one backend and period', () => {
    using temp = tempStore();
    const { db } = temp;
    insertChecks(db, [check('one', 10), check('one', 20, false), check('two', 15), check('one', 30)]);
    expect(listChecks(db, { pool: 'api', backend: 'one', limit: 2 }).map(({ at }) => at)).toEqual([30, 20]);
    expect(listChecks(db, { pool: 'api', backend: 'one', from: 10, to: 30, limit: 9 })).toEqual([
      { at: 20, ok: false, code: 'L7 503', tookMs: 1.5, detail: 'no' },
      { at: 10, ok: true, code: 'L7 200', tookMs: 1.5, detail: '' },
    ]);
    expect(listChecks(db, { pool: 'api', backend: 'none', limit: 9 })).toEqual([]);
  });

  it('are pruned in chunks', () => {
    using temp = tempStore();
    const { db } = temp;
    insertChecks(
      db,
      Array.from({ length: 10 }, (_, at) => check('one', at)),
    );
    expect([pruneChecks(db, 6, 4), pruneChecks(db, 6, 4), pruneChecks(db, 6, 4)]).toEqual([4, 2, 0]);
    expect(listChecks(db, { pool: 'api', backend: 'one', limit: 9 }).map(({ at }) => at)).toEqual([
      9, 8, 7, 6,
    ]);
  });
});

describe('runs', () => {
  it('end with the last second they were seen', () => {
    using temp = tempStore();
    const { db } = temp;
    const first = startRun(db, 1000);
    touchRun(db, first, 5000);
    touchRun(db, first, 4000);
    const second = startRun(db, 9000);
    touchRun(db, second, 9500);
    expect(listRuns(db, 0, 10_000)).toEqual([
      { startedAt: 1000, lastSeenAt: 5000 },
      { startedAt: 9000, lastSeenAt: 9500 },
    ]);
    expect(listRuns(db, 5001, 9000)).toEqual([]);
    expect(listRuns(db, 5000, 9001).length).toBe(2);
  });
});

describe('transitions', () => {
  function go(db: WriteDb, at: number, from: HealthState, to: HealthState, backend = 'one', detail = '') {
    const check = { at, ok: to === 'up', code: to === 'up' ? 'L7 200' : 'L7 503', tookMs: 1, detail };
    insertTransition(db, { at, pool: 'api', backend, from, to, check: to === 'checking' ? null : check });
  }
  const incidents = (db: WriteDb, filter: { from?: number; to?: number; limit?: number } = {}) =>
    listIncidents(db, { limit: 100, ...filter }).map(
      ({ backend, start, end }) => `${backend} ${start}-${end ?? ''}`,
    );

  it('are listed oldest first with the probe that decided', () => {
    using temp = tempStore();
    const { db } = temp;
    go(db, 10, 'unchecked', 'checking');
    go(db, 20, 'checking', 'up');
    go(db, 20, 'checking', 'up', 'two');
    go(db, 30, 'up', 'failing');
    expect(storedTransitions(db, { from: 10, to: 30 }).filter(({ backend }) => backend === 'one')).toEqual([
      { at: 10, pool: 'api', backend: 'one', from: 'unchecked', to: 'checking', check: null },
      {
        at: 20,
        pool: 'api',
        backend: 'one',
        from: 'checking',
        to: 'up',
        check: { at: 20, ok: true, code: 'L7 200', tookMs: 1, detail: '' },
      },
    ]);
  });

  it('tell the state each backend was in at a moment', () => {
    using temp = tempStore();
    const { db } = temp;
    go(db, 10, 'unchecked', 'checking');
    go(db, 10, 'checking', 'up');
    go(db, 15, 'checking', 'down', 'two');
    go(db, 30, 'up', 'failing');
    const at = (moment: number, backend?: string) =>
      lastTransitionsBefore(db, { at: moment, backend }).map((found) => `${found.backend} ${found.to}`);
    expect(at(10)).toEqual([]);
    expect(at(30)).toEqual(['one up', 'two down']);
    expect(at(31, 'one')).toEqual(['one failing']);
  });

  it('make an incident from down to up, with its cause', () => {
    using temp = tempStore();
    const { db } = temp;
    go(db, 10, 'checking', 'up');
    go(db, 20, 'up', 'failing');
    go(db, 30, 'failing', 'down', 'one', 'expected status 200, got 503 in 2 ms');
    go(db, 40, 'down', 'recovering');
    go(db, 45, 'recovering', 'down', 'one', 'later');
    go(db, 50, 'down', 'recovering');
    go(db, 60, 'recovering', 'up');
    go(db, 70, 'up', 'down', 'two');
    expect(listIncidents(db, { limit: 10 })).toEqual([
      { pool: 'api', backend: 'two', start: 70, end: null, cause: 'L7 503' },
      {
        pool: 'api',
        backend: 'one',
        start: 30,
        end: 60,
        cause: 'L7 503: expected status 200, got 503 in 2 ms',
      },
    ]);
  });

  it('of a new run do not end an incident, nor start a second one', () => {
    using temp = tempStore();
    const { db } = temp;
    startRun(db, 10);
    go(db, 20, 'checking', 'down');
    startRun(db, 1000);
    go(db, 1000, 'unchecked', 'checking');
    expect(incidents(db)).toEqual(['one 20-']);
    go(db, 1001, 'checking', 'down');
    expect(incidents(db)).toEqual(['one 20-']);
    startRun(db, 2000);
    go(db, 2000, 'unchecked', 'checking');
    go(db, 2001, 'checking', 'up');
    expect(incidents(db)).toEqual(['one 20-2001']);
  });

  it('select the incidents that touch a period, newest first', () => {
    using temp = tempStore();
    const { db } = temp;
    for (const start of [100, 200, 300]) {
      go(db, start, 'up', 'down');
      go(db, start + 50, 'down', 'up');
    }
    go(db, 120, 'up', 'down', 'two');
    expect(incidents(db, { from: 150, to: 300 })).toEqual(['one 200-250', 'two 120-']);
    expect(incidents(db, { limit: 2 })).toEqual(['one 300-350', 'one 200-250']);
  });

  it.each([
    [{}, ['web/one', 'api/two', 'api/one', 'web/one', 'api/one']],
    [{ pool: 'api' }, ['api/two', 'api/one', 'api/one']],
    [{ backend: 'one' }, ['web/one', 'api/one', 'web/one', 'api/one']],
    [{ pool: 'web', backend: 'one' }, ['web/one', 'web/one']],
    [{ pool: 'web', backend: 'two' }, []],
    [{ pool: 'api', backend: 'one', limit: 1 }, ['api/one']],
    [{ pool: 'api', backend: 'one', to: 30 }, ['api/one']],
  ])('select the incidents of %j', (filter, expected) => {
    using temp = tempStore();
    const { db } = temp;
    const down = (at: number, pool: string, backend: string) => {
      insertTransition(db, { at, pool, backend, from: 'up', to: 'down', check: null });
      insertTransition(db, { at: at + 5, pool, backend, from: 'down', to: 'up', check: null });
    };
    down(10, 'api', 'one');
    down(20, 'web', 'one');
    down(30, 'api', 'one');
    down(40, 'api', 'two');
    down(50, 'web', 'one');
    expect(
      listIncidents(db, { limit: 9, ...filter }).map(({ pool, backend }) => `${pool}/${backend}`),
    ).toEqual(expected);
  });

  it('end for backends that are no longer checked', () => {
    using temp = tempStore();
    const { db } = temp;
    go(db, 10, 'checking', 'down');
    go(db, 10, 'checking', 'down', 'two');
    go(db, 10, 'checking', 'up', 'three');
    retireBackends(db, [{ pool: 'api', backend: 'two' }], 90);
    retireBackends(db, [{ pool: 'api', backend: 'two' }], 95);
    expect(incidents(db)).toEqual(['two 10-', 'one 10-90']);
    expect(
      storedTransitions(db, { from: 90, to: 99 }).map(({ backend, from, to }) => [backend, from, to]),
    ).toEqual([
      ['one', 'down', 'unchecked'],
      ['three', 'up', 'unchecked'],
    ]);
  });
});

describe('states', () => {
  it('of one backend begin with the one it was in, and are read as many at a time as asked for', () => {
    using temp = tempStore();
    const { db } = temp;
    const enter = (at: number, to: 'up' | 'down' | 'failing') =>
      insertTransition(db, { at, pool: 'api', backend: 'one', from: 'up', to, check: null });
    for (const at of [10, 20, 30, 30, 30, 40]) enter(at, at === 30 ? 'failing' : 'up');
    enter(50, 'down');
    const series = listSeries(db)[0]?.id ?? 0;
    const seen: string[] = [];
    let after: { at: number; id: number } | undefined;
    for (;;) {
      const rows = readStates(db, { series, from: 25, to: 50, after, limit: 2 });
      expect(rows.length).toBeLessThanOrEqual(2);
      seen.push(...rows.map(({ at, to }) => `${at} ${to}`));
      after = rows.at(-1);
      if (after === undefined) break;
    }
    expect(seen).toEqual(['20 up', '30 failing', '30 failing', '30 failing', '40 up']);
    expect(readStates(db, { series, from: 5, to: 15, limit: 9 }).map(({ at }) => at)).toEqual([10]);
  });
});

describe('what was measured', () => {
  const up = { from: 'checking', to: 'up', check: null } as const;

  it('follows a backend, or a pool with all its backends, to the new name', () => {
    using temp = tempStore();
    const { db } = temp;
    insertSamples(db, 10, [sample('api', 'one', 1), sample('api', 'two', 2), sample('web', 'one', 3)]);
    renameSeries(db, { pool: 'api', backend: 'one' }, { pool: 'api', backend: 'uno' });
    renameSeries(db, { pool: 'api' }, { pool: 'shop' });
    renameSeries(db, { pool: 'none', backend: 'x' }, { pool: 'none', backend: 'y' });
    expect(
      storedSeconds(db, { fromS: 0, toS: 99 }).map((row) => `${row.pool}/${row.backend}=${row.requests}`),
    ).toEqual(['shop/two=2', 'shop/uno=1', 'web/one=3']);
    renameSeries(db, { pool: 'shop', backend: 'uno' }, { pool: 'shop', backend: 'one' });
    expect(listSeries(db).map(({ backend }) => backend)).toEqual(['one', 'two', 'one']);
  });

  it('is joined to the past of a removed backend that had the name before', () => {
    using temp = tempStore();
    const { db } = temp;
    insertSamples(db, 10, [sample('api', 'old', 1)]);
    insertSamples(db, 20, [sample('api', 'old', 2), sample('api', 'new', 5)]);
    insertTransition(db, { at: 10, pool: 'api', backend: 'old', ...up });
    insertTransition(db, { at: 20, pool: 'api', backend: 'new', ...up });
    retireBackends(db, [{ pool: 'api', backend: 'new' }], 30);
    renameSeries(db, { pool: 'api', backend: 'new' }, { pool: 'api', backend: 'old' });
    expect(
      storedSeconds(db, { fromS: 0, toS: 99 }).map((row) => `${row.backend}@${row.atS}=${row.requests}`),
    ).toEqual(['old@10=1', 'old@20=5']);
    expect(lastTransitionsBefore(db, { at: 99 }).map(({ backend, to }) => `${backend} ${to}`)).toEqual([
      'old up',
    ]);
    expect(db.pragma('foreign_key_check')).toEqual([]);
  });
});
