// Traffic of each backend, second by second. One short transaction a second; a second in which a
// backend had no request has no row. The latency histogram is opaque here: the engine's sparse form.
// Written and pruned by the app's recorder, read by its history.
import type { TrafficPoint } from '#shared/history.ts';
import { type ReadDb, relaxedTransaction, type WriteDb } from './db.ts';
import { pruneByAge, seriesNumbering } from './series.ts';

/** In place of a backend's name, which is never empty: the requests of a pool no backend was tried for. */
export const UNSERVED = '';

export interface SampleRow extends TrafficPoint {
  pool: string;
  /** Or UNSERVED. */
  backend: string;
  /** Response times of the second as `encodeSparse` wrote them; empty without requests. */
  latency: Uint8Array;
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

/** A stored second of one backend: its sums and its histogram. */
export interface StoredSecond extends Omit<SampleRow, 'pool' | 'backend' | 'p50Ms' | 'p95Ms' | 'p99Ms'> {
  /** Start of the second, s since the epoch. */
  atS: number;
}

export interface SampleRange {
  /** From `listSeries`. */
  series: number;
  /** Inclusive. */
  fromS: number;
  /** Exclusive. */
  toS: number;
  limit: number;
}

/** In order of time, at most `limit`: a read is as long as its caller can afford. Go on after the last one. */
export function readSamples(db: ReadDb, { series, fromS, toS, limit }: SampleRange): StoredSecond[] {
  return db
    .prepare<[number, number, number, number], StoredSecond>(
      `SELECT at_s AS atS, requests, status_2xx AS status2xx, status_3xx AS status3xx, status_4xx AS status4xx,
         status_5xx AS status5xx, errors, bytes_in AS bytesIn, bytes_out AS bytesOut, latency
       FROM samples_1s WHERE series = ? AND at_s >= ? AND at_s < ? ORDER BY at_s LIMIT ?`,
    )
    .all(series, fromS, toS, limit);
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
