// A series is everything measured of one backend of one pool, known by a small number in the tables
// of measurements. It outlives the backend: history shows what was. Used within the store only.
import type { ReadDb, WriteDb } from './db.ts';

/** Number of the series, given on first use. Prepare once, call per row. */
export function seriesNumbering(db: WriteDb): (pool: string, backend: string) => number {
  const find = db
    .prepare<[string, string], number>('SELECT id FROM series WHERE pool = ? AND backend = ?')
    .pluck();
  const add = db.prepare<[string, string]>('INSERT INTO series (pool, backend) VALUES (?, ?)');
  return (pool, backend) => find.get(pool, backend) ?? Number(add.run(pool, backend).lastInsertRowid);
}

export interface SeriesFilter {
  pool?: string | undefined;
  backend?: string | undefined;
}

/** Condition on `series` for both parts of a filter; bind `filterParams` for it, in this order. */
export const MATCHES_FILTER =
  '(@pool IS NULL OR series.pool = @pool) AND (@backend IS NULL OR series.backend = @backend)';

export interface FilterParams {
  pool: string | null;
  backend: string | null;
}

export function filterParams({ pool, backend }: SeriesFilter): FilterParams {
  return { pool: pool ?? null, backend: backend ?? null };
}

export function listSeries(db: ReadDb): { id: number; pool: string; backend: string }[] {
  return db
    .prepare<[], { id: number; pool: string; backend: string }>('SELECT id, pool, backend FROM series')
    .all();
}

/**
 * Deletes at most `maxRows` rows older than `before` from a table clustered by (series, time):
 * series by series, each a range at the front of its own, so the work is bounded by what it deletes.
 */
export function pruneByAge(
  db: WriteDb,
  table: 'samples_1s' | 'checks',
  time: 'at_s' | 'at',
  before: number,
  maxRows: number,
): number {
  const remove = db.prepare<[{ series: number; before: number; limit: number }]>(
    `DELETE FROM ${table} WHERE series = @series AND ${time} <= (
       SELECT max(${time}) FROM (
         SELECT ${time} FROM ${table} WHERE series = @series AND ${time} < @before ORDER BY ${time} LIMIT @limit))`,
  );
  let left = maxRows;
  for (const { id } of listSeries(db)) {
    if (left === 0) break;
    left -= remove.run({ series: id, before, limit: left }).changes;
  }
  return maxRows - left;
}
