// Long history queries beside everything else the core's thread does: however much they read, nothing
// else waits for them, and none of them waits for all the others.
import { beforeAll, expect, it } from 'vitest';
import { HistoryQuery } from '#shared/history.ts';
import { queryHistory } from '../../../src/main/app/history.ts';
import { encodeSparse, recordLatency } from '../../../src/main/engine/telemetry/histogram.ts';
import { BUCKETS_PER_ROW } from '../../../src/main/engine/telemetry/layout.ts';
import type { WriteDb } from '../../../src/main/store/db.ts';
import { openStore, type Store } from '../../../src/main/store/open.ts';
import { startRun, touchRun } from '../../../src/main/store/runs.ts';
import { insertSamples } from '../../../src/main/store/samples.ts';
import { tempDir } from '../../support/core-harness.ts';

const SERIES = 12;
const SECONDS = 3600;
const T0_S = 1_700_000_000;
/** A second of a busy backend: response times all over. */
function latencyOf(seed: number): Uint8Array {
  const counts = new Uint32Array(BUCKETS_PER_ROW);
  for (let i = 0; i < 400; i++) recordLatency(counts, 300 + ((seed * 7919 + i * i * 37) % 40_000));
  return encodeSparse(counts);
}

function writeHour(db: WriteDb): void {
  touchRun(db, startRun(db, T0_S * 1000), (T0_S + SECONDS) * 1000);
  const blobs = Array.from({ length: 50 }, (_, seed) => latencyOf(seed));
  const counts = {
    status2xx: 400,
    status3xx: 0,
    status4xx: 0,
    status5xx: 0,
    errors: 0,
    bytesIn: 9,
    bytesOut: 9,
  };
  db.exec('BEGIN');
  for (let s = 0; s < SECONDS; s++) {
    const row = { pool: 'api', requests: 400, ...counts, p50Ms: 1, p95Ms: 2, p99Ms: 3 };
    const rows = Array.from({ length: SERIES }, (_, b) => ({
      ...row,
      backend: `b${b}`,
      latency: blobs[(s + b) % 50]!,
    }));
    insertSamples(db, T0_S + s, rows);
  }
  db.exec('COMMIT');
}

let store: Store;
beforeAll(() => {
  const dir = tempDir();
  store = openStore(dir.path, { now: Date.now });
  writeHour(store.db);
  return () => {
    store.close();
    dir.remove();
  };
});

const hour = (rest: object = {}) =>
  queryHistory(
    store.db,
    HistoryQuery.parse({ from: T0_S * 1000, to: (T0_S + SECONDS) * 1000, buckets: 60, ...rest }),
    [],
    Date.now(),
  );

interface Watched {
  tookMs: number;
  turns: number;
  longestMs: number;
}

/** What this thread has worked so far: what it waits for a core is none of its doing. */
function workedMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

/** How the loop turns while `work` runs. */
async function watchLoop(work: Promise<unknown>): Promise<Watched> {
  const watched = { tookMs: 0, turns: 0, longestMs: 0 };
  const startMs = workedMs();
  let running = true;
  let lastMs = startMs;
  const look = () => {
    const nowMs = workedMs();
    watched.longestMs = Math.max(watched.longestMs, nowMs - lastMs);
    watched.turns += 1;
    lastMs = nowMs;
    if (running) setImmediate(look);
  };
  setImmediate(look);
  await work;
  running = false;
  watched.tookMs = workedMs() - startMs;
  return watched;
}

it.each([1, 5])('%i queries of twelve busy backends over an hour never hold the thread', async (count) => {
  const { tookMs, turns, longestMs } = await watchLoop(
    Promise.all(Array.from({ length: count }, () => hour())),
  );
  // A slice is 4 ms. One turn may be longer, for memory to be collected say, but not all of them.
  expect(tookMs / turns).toBeLessThan(15);
  expect(longestMs).toBeLessThan(tookMs / 2);
});

it('a short query among long ones is answered before them', async () => {
  const order: string[] = [];
  await Promise.all([
    hour().then(() => order.push('long')),
    hour().then(() => order.push('long')),
    hour({ backend: 'b3', pool: 'api', to: (T0_S + 60) * 1000 }).then(() => order.push('short')),
  ]);
  expect(order).toEqual(['short', 'long', 'long']);
});

it('every second is in it once, whatever is written meanwhile', async () => {
  const asked = hour();
  const row = {
    pool: 'api',
    backend: 'late',
    requests: 1,
    status2xx: 1,
    status3xx: 0,
    status4xx: 0,
    status5xx: 0,
  };
  insertSamples(store.db, T0_S + SECONDS, [
    {
      ...row,
      errors: 0,
      bytesIn: 0,
      bytesOut: 0,
      p50Ms: null,
      p95Ms: null,
      p99Ms: null,
      latency: new Uint8Array(),
    },
  ]);
  const { total, series } = await asked;
  expect(total.map((point) => point?.requests)).toEqual(Array(60).fill(60 * 400 * SERIES));
  expect(series.map((one) => one.traffic[0]?.requests)).toEqual(Array(SERIES).fill(60 * 400));
});

it('a query that is under way when the store closes is refused, not broken', async () => {
  using dir = tempDir();
  const other = openStore(dir.path, { now: Date.now });
  const asked = queryHistory(other.db, HistoryQuery.parse({ from: 0, to: 1000, buckets: 1 }), [], 0);
  other.close();
  await expect(asked).rejects.toMatchObject({ code: 'unavailable' });
});
