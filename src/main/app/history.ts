// Answers history.query: folds stored seconds into equal buckets, percentiles exactly from the
// merged histograms, health from the transitions, with what was changed in between.
// Invariant: a bucket during which Sluice did not run is null, never zero.
import type {
  HistoryMarker,
  HistoryQuery,
  HistoryResult,
  HistorySeries,
  TrafficPoint,
  Transition,
} from '#shared/history.ts';
import type { HealthState } from '#shared/status.ts';
import { addSparse, percentile } from '../engine/telemetry/histogram.ts';
import { BUCKETS_PER_ROW } from '../engine/telemetry/layout.ts';
import type { ReadDb } from '../store/db.ts';
import { listIntentLog } from '../store/intents.ts';
import { listRevisionsBetween } from '../store/revisions.ts';
import { listRuns } from '../store/runs.ts';
import { readSamples, type SampleRow } from '../store/samples.ts';
import { lastTransitionsBefore, listTransitions } from '../store/transitions.ts';
import { backendKey, splitBackendKey } from './backend-key.ts';

interface Run {
  startedAt: number;
  lastSeenAt: number;
}

interface Selected {
  pool: string;
  backend: string;
}

/** `selected` are the backends of the current Config; ones removed since appear when they have data. */
export function queryHistory(
  db: ReadDb,
  query: HistoryQuery,
  selected: readonly Selected[],
  now: number,
): HistoryResult {
  const grid = gridOf(query);
  const runs = listRuns(db, query.from, query.to);
  const running = grid.map((start) => overlaps(runs, start, start + grid.bucketMs));
  const accumulators = new Map<string, Accumulator[]>();
  const totals = newAccumulators(query.buckets);
  for (const { pool, backend } of query.series ? selected : []) {
    if (matches(query, pool, backend))
      accumulators.set(backendKey(pool, backend), newAccumulators(query.buckets));
  }

  const accumulatorsOf = (row: SampleRow): Accumulator[] => {
    const key = backendKey(row.pool, row.backend);
    let own = accumulators.get(key);
    if (!own) {
      own = newAccumulators(query.buckets);
      accumulators.set(key, own);
    }
    return own;
  };
  const range = {
    pool: query.pool,
    backend: query.backend,
    fromS: Math.floor(query.from / 1000),
    toS: Math.ceil(query.to / 1000),
  };
  for (const row of readSamples(db, range)) {
    const bucket = Math.floor((row.atS * 1000 - query.from) / grid.bucketMs);
    if (bucket < 0 || bucket >= query.buckets) continue;
    add(totals[bucket], row);
    if (query.series) add(accumulatorsOf(row)[bucket], row);
  }

  const health = query.series ? healthByBackend(db, query, grid, runs, now) : new Map<string, never>();
  const series = [...accumulators].map(
    ([key, own]): HistorySeries => ({
      ...splitBackendKey(key),
      traffic: own.map((accumulator, i) => point(accumulator, running[i] === true)),
      health: health.get(key) ?? grid.map(() => null),
    }),
  );
  return {
    from: query.from,
    to: query.to,
    bucketMs: grid.bucketMs,
    total: totals.map((accumulator, i) => point(accumulator, running[i] === true)),
    series,
    markers: markersOf(db, query),
  };
}

interface Grid {
  bucketMs: number;
  map<T>(make: (startMs: number) => T): T[];
}

function gridOf(query: HistoryQuery): Grid {
  const bucketMs = (query.to - query.from) / query.buckets;
  return {
    bucketMs,
    map: (make) => Array.from({ length: query.buckets }, (_, i) => make(query.from + i * bucketMs)),
  };
}

function matches(query: HistoryQuery, pool: string, backend: string): boolean {
  return (query.pool ?? pool) === pool && (query.backend ?? backend) === backend;
}

function overlaps(runs: readonly Run[], from: number, to: number): boolean {
  return runs.some((run) => run.startedAt < to && run.lastSeenAt >= from);
}

interface Accumulator {
  sums: Omit<TrafficPoint, 'p50Ms' | 'p95Ms' | 'p99Ms'>;
  /** Made on the first row with latencies: most buckets of most backends have none. */
  latency: Float64Array | undefined;
}

const NO_TRAFFIC = {
  requests: 0,
  status2xx: 0,
  status3xx: 0,
  status4xx: 0,
  status5xx: 0,
  errors: 0,
  bytesIn: 0,
  bytesOut: 0,
};
const SUM_FIELDS = Object.keys(NO_TRAFFIC) as (keyof typeof NO_TRAFFIC)[];

function newAccumulators(count: number): Accumulator[] {
  return Array.from({ length: count }, () => ({ sums: { ...NO_TRAFFIC }, latency: undefined }));
}

function add(accumulator: Accumulator | undefined, row: SampleRow): void {
  if (!accumulator) return;
  for (const field of SUM_FIELDS) accumulator.sums[field] += row[field];
  if (row.latency.length === 0) return;
  accumulator.latency ??= new Float64Array(BUCKETS_PER_ROW);
  addSparse(accumulator.latency, row.latency);
}

function point(accumulator: Accumulator, running: boolean): TrafficPoint | null {
  const { sums, latency } = accumulator;
  if (!running && sums.requests === 0) return null;
  const latencyCount = latency?.reduce((sum, count) => sum + count, 0) ?? 0;
  const at = (q: number) => (latency ? percentile(latency, latencyCount, q) : null);
  return { ...sums, p50Ms: at(0.5), p95Ms: at(0.95), p99Ms: at(0.99) };
}

/** Bad states outrank good ones when a bucket holds several; waiting for a first result is not bad. */
const BADNESS: Readonly<Record<HealthState, number>> = {
  unchecked: 0,
  checking: 1,
  up: 2,
  recovering: 3,
  failing: 4,
  down: 5,
};

function healthByBackend(
  db: ReadDb,
  query: HistoryQuery,
  grid: Grid,
  runs: readonly Run[],
  now: number,
): Map<string, (HealthState | null)[]> {
  const transitions = [
    ...lastTransitionsBefore(db, { at: query.from, pool: query.pool, backend: query.backend }),
    ...listTransitions(db, { from: query.from, to: query.to, pool: query.pool, backend: query.backend }),
  ];
  const byBackend = Map.groupBy(transitions, (transition) => backendKey(transition.pool, transition.backend));
  return new Map(
    [...byBackend].map(([key, own]) => [
      key,
      grid.map((start) => worstHealth(own, runs, start, Math.min(start + grid.bucketMs, now))),
    ]),
  );
}

/** The worst state while Sluice ran; the state from before a bucket or a run holds until the next transition. */
function worstHealth(
  transitions: readonly Transition[],
  runs: readonly Run[],
  from: number,
  to: number,
): HealthState | null {
  let worst: HealthState | null = null;
  for (const run of runs) {
    const start = Math.max(from, run.startedAt);
    const end = Math.min(to, run.lastSeenAt + 1000);
    if (start >= end) continue;
    let current: HealthState | null = null;
    for (const transition of transitions) {
      if (transition.at >= end) break;
      if (transition.at > start) worst = worse(worst, current);
      current = transition.to;
    }
    worst = worse(worst, current);
  }
  return worst;
}

function worse(a: HealthState | null, b: HealthState | null): HealthState | null {
  if (a === null) return b;
  if (b === null) return a;
  return BADNESS[b] > BADNESS[a] ? b : a;
}

function markersOf(db: ReadDb, query: HistoryQuery): HistoryMarker[] {
  const revisions = listRevisionsBetween(db, query.from, query.to).map(
    (revision): HistoryMarker => ({
      at: revision.at,
      pool: null,
      text: `r${revision.revision} ${revision.changes[0] ?? revision.note}`.trim(),
    }),
  );
  const intents = listIntentLog(db, { from: query.from, to: query.to, limit: 500 })
    .filter((intent) => query.pool === undefined || intent.pool === query.pool)
    .map(
      (intent): HistoryMarker => ({
        at: intent.at,
        pool: intent.pool,
        text: `${VERBS[intent.to]} ${intent.backend}`,
      }),
    );
  return [...revisions, ...intents].sort((a, b) => a.at - b.at);
}

const VERBS = { enabled: 'enable', draining: 'drain', disabled: 'disable' } as const;
