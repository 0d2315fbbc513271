// Answers history.query: traffic from the stored seconds, health from the transitions, with what was
// changed in between. Invariants: a bucket during which Sluice did not run is null, never zero; a query
// may take long but works in slices of a few milliseconds, taking turns with others, so that it never
// holds up the core's thread. Called by operations.ts.
import { type BackendRef, backendKey } from '#shared/backend-ref.ts';
import { AppError } from '#shared/errors.ts';
import type { HistoryMarker, HistoryQuery, HistoryResult, HistorySeries } from '#shared/history.ts';
import type { ReadDb } from '../store/db.ts';
import { listIntentLog } from '../store/intents.ts';
import { listRevisionsBetween } from '../store/revisions.ts';
import { listRuns } from '../store/runs.ts';
import { readSamples, UNSERVED } from '../store/samples.ts';
import { listSeries } from '../store/series.ts';
import { readStates } from '../store/transitions.ts';
import { type Run, type StateEntry, worstHealth } from './health-buckets.ts';
import { marksOfPool, markText, type RevisionSides, readSides } from './revision-marks.ts';
import { createTrafficBuckets, type Grid } from './traffic-buckets.ts';
import { createTurns } from './turns.ts';

/** One thread, one loop: all queries take turns. */
const turns = createTurns();
/** A slice ends with the first rows read after this long; so many rows take about a millisecond. */
const SLICE_MS = 4;
const ROWS_A_READ = 250;

/** `selected` are the backends of the current Config; ones removed since appear when they have data. */
export async function queryHistory(
  db: ReadDb,
  query: HistoryQuery,
  selected: readonly BackendRef[],
  now: number,
): Promise<HistoryResult> {
  const pause = slicer(db);
  await pause();
  const bucketMs = (query.to - query.from) / query.buckets;
  const grid: Grid = { from: query.from, bucketMs, count: query.buckets };
  const runs = listRuns(db, query.from, query.to);
  const running = Array.from({ length: query.buckets }, (_, i) => {
    const start = query.from + i * bucketMs;
    return overlaps(runs, start, start + bucketMs);
  });
  const traffic = createTrafficBuckets(grid, running, query.series);
  const series: HistorySeries[] = [];
  for (const { id, pool, backend, isSelected } of seriesOf(db, query, selected)) {
    await pause();
    const hasTraffic = query.traffic && id !== undefined && (await readTraffic(id));
    const points = query.traffic ? traffic.endSeries() : [];
    // What no backend was tried for is part of the total and no series of its own.
    if (!query.series || backend === UNSERVED) continue;
    const states = id === undefined ? [] : await readHealth(id);
    const hasData = query.traffic ? hasTraffic : states.some((state) => state.at >= query.from);
    if (!isSelected && !hasData) continue;
    series.push({ pool, backend, traffic: points, health: worstHealth(grid, states, runs, now) });
  }
  await pause();
  return {
    from: query.from,
    to: query.to,
    bucketMs,
    total: query.traffic ? traffic.total() : [],
    series,
    markers: [...(await readMarks()), ...intentMarks(db, query)].sort((a, b) => a.at - b.at),
  };

  /** Of one pool only what changed it. */
  async function readMarks(): Promise<HistoryMarker[]> {
    const { from, to, pool } = query;
    if (pool === undefined)
      return listRevisionsBetween(db, from, to).map((each) => ({
        at: each.at,
        pool: null,
        text: markText(each, each.changes[0]),
      }));
    // Also those after the period: the pool may have got its name in one of them.
    const revisions = listRevisionsBetween(db, from, Number.MAX_SAFE_INTEGER);
    const sides = new Map<number, RevisionSides>();
    for (const { revision } of revisions) {
      await pause();
      sides.set(revision, readSides(db, revision));
    }
    return marksOfPool(revisions, pool, (revision) => sides.get(revision) ?? readSides(db, revision))
      .filter(({ at }) => at < to)
      .map((mark) => ({ ...mark, pool: null }));
  }

  /** Whether there was any. */
  async function readTraffic(id: number): Promise<boolean> {
    const toS = Math.ceil(query.to / 1000);
    let fromS = Math.floor(query.from / 1000);
    let found = false;
    for (;;) {
      const rows = readSamples(db, { series: id, fromS, toS, limit: ROWS_A_READ });
      for (const row of rows) traffic.add(row);
      found ||= rows.length > 0;
      if (rows.length < ROWS_A_READ) return found;
      fromS = (rows.at(-1)?.atS ?? toS) + 1;
      await pause();
    }
  }

  /** From the state it was in at the beginning. */
  async function readHealth(id: number): Promise<StateEntry[]> {
    const states: StateEntry[] = [];
    const { from, to } = query;
    let after: { at: number; id: number } | undefined;
    for (;;) {
      const rows = readStates(db, { series: id, from, to, after, limit: ROWS_A_READ });
      states.push(...rows);
      after = rows.at(-1);
      if (rows.length < ROWS_A_READ) return states;
      await pause();
    }
  }
}

/** Waits for this query's next turn when its slice is used up, and before its first. */
function slicer(db: ReadDb): () => Promise<void> | undefined {
  let endMs = 0;
  return () => {
    if (performance.now() < endMs) return undefined;
    return turns.next().then(() => {
      // The core may have stopped meanwhile.
      if (!db.open) throw new AppError('unavailable', 'Sluice is stopping');
      endMs = performance.now() + SLICE_MS;
    });
  };
}

interface QueriedSeries extends BackendRef {
  /** Undefined: nothing was measured of it yet. */
  id: number | undefined;
  isSelected: boolean;
}

/** Those of the Config in its order, then those that are only remembered. */
function seriesOf(db: ReadDb, query: HistoryQuery, selected: readonly BackendRef[]): QueriedSeries[] {
  const stored = new Map(
    listSeries(db, query).map((series) => [backendKey(series.pool, series.backend), series]),
  );
  const current = selected
    .filter(({ pool, backend }) => (query.pool ?? pool) === pool && (query.backend ?? backend) === backend)
    .map(({ pool, backend }): QueriedSeries => {
      const key = backendKey(pool, backend);
      const id = stored.get(key)?.id;
      stored.delete(key);
      return { pool, backend, id, isSelected: true };
    });
  return [...current, ...[...stored.values()].map((series) => ({ ...series, isSelected: false }))];
}

function overlaps(runs: readonly Run[], from: number, to: number): boolean {
  return runs.some((run) => run.startedAt < to && run.lastSeenAt >= from);
}

function intentMarks(db: ReadDb, { from, to, pool }: HistoryQuery): HistoryMarker[] {
  return listIntentLog(db, { from, to, pool, limit: 500 }).map((intent) => ({
    at: intent.at,
    pool: intent.pool,
    text: `${VERBS[intent.to]} ${intent.backend}`,
  }));
}

const VERBS = { enabled: 'enable', draining: 'drain', disabled: 'disable' } as const;
