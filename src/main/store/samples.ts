// Traffic of each backend, second by second. One short transaction a second; a second in which a
// backend had no request has no row. The latency histogram is opaque here: the engine's sparse form.
// Written and pruned by the app's recorder, read by its history.
import type { TrafficPoint } from '#shared/history.ts';
import { type ReadDb, relaxedTransaction, type WriteDb } from './db.ts';
import {
  type FilterParams,
  filterParams,
  MATCHES_FILTER,
  pruneByAge,
  type SeriesFilter,
  seriesNumbering,
} from './series.ts';

export interface SampleRow extends TrafficPoint {
  pool: string;
  backend: string;
  /** Response times of the second as `encodeSparse` wrote them; empty without requests. */
  latency: Uint8Array;
}

export interface StoredSample extends SampleRow {
  /** Start of the second, s since the epoch. */
  atS: number;
}

/** A second written twice (the wall clock was set back) holds what was written last. */
export function insertSamples(db: WriteDb, atS: number, rows: readonly SampleRow[]): void {
  if (rows.length === 0) return;
  const insert = db.prepare(
    `INSERT OR REPLACE INTO samples_1s
       (series, at_s, requests, status_2xx, status_3xx, status_4xx, status_5xx, errors,
        bytes_in, bytes_out, p50_us, p95_us, p99_us, latency)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const series = seriesNumbering(db);
  relaxedTransaction(db, () => {
    for (const row of rows) {
      insert.run(
        series(row.pool, row.backend),
        atS,
        row.requests,
        row.status2xx,
        row.status3xx,
        row.status4xx,
        row.status5xx,
        row.errors,
        row.bytesIn,
        row.bytesOut,
        toUs(row.p50Ms),
        toUs(row.p95Ms),
        toUs(row.p99Ms),
        row.latency,
      );
    }
  });
}

export interface SampleRange extends SeriesFilter {
  /** Inclusive. */
  fromS: number;
  /** Exclusive. */
  toS: number;
}

type StoredRow = Omit<StoredSample, 'p50Ms' | 'p95Ms' | 'p99Ms'> & {
  p50Us: number | null;
  p95Us: number | null;
  p99Us: number | null;
};

/** Backend by backend, each in order of time. Nothing may be written to the database meanwhile. */
export function* readSamples(db: ReadDb, range: SampleRange): Generator<StoredSample> {
  // CROSS JOIN keeps the order of the tables: one range of the clustered key per series.
  const rows = db.prepare<[FilterParams & { fromS: number; toS: number }], StoredRow>(
    `SELECT series.pool, series.backend, at_s AS atS, requests, status_2xx AS status2xx,
       status_3xx AS status3xx, status_4xx AS status4xx, status_5xx AS status5xx, errors,
       bytes_in AS bytesIn, bytes_out AS bytesOut, p50_us AS p50Us, p95_us AS p95Us, p99_us AS p99Us, latency
     FROM series CROSS JOIN samples_1s ON samples_1s.series = series.id AND at_s >= @fromS AND at_s < @toS
     WHERE ${MATCHES_FILTER}`,
  );
  for (const row of rows.iterate({ ...filterParams(range), fromS: range.fromS, toS: range.toS })) {
    const { p50Us, p95Us, p99Us, ...rest } = row;
    yield { ...rest, p50Ms: toMs(p50Us), p95Ms: toMs(p95Us), p99Ms: toMs(p99Us) };
  }
}

/** Free pages above this are handed back to the system; fewer are soon used again. */
const FREE_PAGES_KEPT = 1000;
const FREE_PAGES_A_TIME = 1000;

/** Deletes at most `maxRows` samples older than `beforeS`; returns how many. Call again until it is 0. */
export function pruneSamples(db: WriteDb, beforeS: number, maxRows: number): number {
  const pruned = relaxedTransaction(db, () => pruneByAge(db, 'samples_1s', 'at_s', beforeS, maxRows));
  if (pruned > 0 && (db.pragma('freelist_count', { simple: true }) as number) > FREE_PAGES_KEPT) {
    db.pragma(`incremental_vacuum(${FREE_PAGES_A_TIME})`);
  }
  return pruned;
}

function toUs(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms * 1000);
}

function toMs(us: number | null): number | null {
  return us === null ? null : us / 1000;
}
