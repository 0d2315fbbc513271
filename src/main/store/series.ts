// A series is everything measured and logged of one backend of one pool, known by a small number in the
// tables of it. It outlives the backend: history shows what was. Numbers are the store's own, apart
// from history.ts, which reads series by series.
import { type ReadDb, transaction, type WriteDb } from './db.ts';

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

export interface Series {
  id: number;
  pool: string;
  backend: string;
}

export function listSeries(db: ReadDb, filter: SeriesFilter = {}): Series[] {
  return db
    .prepare<[FilterParams], Series>(
      `SELECT id, pool, backend FROM series WHERE ${MATCHES_FILTER} ORDER BY pool, backend`,
    )
    .all(filterParams(filter));
}

/** A pool, with all its backends, or one backend. */
export interface RenamePart {
  pool: string;
  backend?: string | undefined;
}

/**
 * Lets what was measured and logged follow a pool, with all its backends, or one backend to its new name. A
 * removed backend that once had that name has its past joined to this one's, as for any name used again.
 */
export function renameSeries(db: WriteDb, from: RenamePart, to: RenamePart): void {
  const rename = db.prepare('UPDATE series SET pool = ?, backend = ? WHERE id = ?');
  transaction(db, () => {
    for (const { id, backend } of listSeries(db, from)) {
      const name = { pool: to.pool, backend: to.backend ?? backend };
      const [older] = listSeries(db, name);
      if (older?.id === id) continue;
      if (older !== undefined) joinSeries(db, older.id, id);
      rename.run(name.pool, name.backend, id);
    }
  });
}

/** Of two rows of one moment the one already in `into` stays, and of health what was seen before it began. */
function joinSeries(db: WriteDb, id: number, into: number): void {
  db.prepare(
    `DELETE FROM transitions WHERE series = ? AND at >= (SELECT min(at) FROM transitions WHERE series = ?)`,
  ).run(id, into);
  for (const table of ['samples_1s', 'checks', 'transitions', 'incidents']) {
    db.prepare(`UPDATE OR IGNORE ${table} SET series = ? WHERE series = ?`).run(into, id);
    db.prepare(`DELETE FROM ${table} WHERE series = ?`).run(id);
  }
  db.prepare('UPDATE intent_log SET series = ? WHERE series = ?').run(into, id);
  db.prepare('DELETE FROM series WHERE id = ?').run(id);
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
