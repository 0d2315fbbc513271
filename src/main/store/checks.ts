// Every single probe result, for as long as the app keeps them. One probe of a backend runs at a time,
// so its start names it. Written in batches by the app's recorder.
import type { CheckResult } from '#shared/status.ts';
import { type ReadDb, relaxedTransaction, type WriteDb } from './db.ts';
import { pruneByAge, seriesNumbering } from './series.ts';

export interface CheckRow {
  pool: string;
  backend: string;
  result: CheckResult;
}

export function insertChecks(db: WriteDb, rows: readonly CheckRow[]): void {
  if (rows.length === 0) return;
  const insert = db.prepare(
    'INSERT OR REPLACE INTO checks (series, at, ok, code, took_ms, detail) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const series = seriesNumbering(db);
  relaxedTransaction(db, () => {
    for (const { pool, backend, result } of rows) {
      const { at, ok, code, tookMs, detail } = result;
      insert.run(series(pool, backend), at, ok ? 1 : 0, code, tookMs, detail);
    }
  });
}

export interface CheckFilter {
  pool: string;
  backend: string;
  /** Inclusive. */
  from?: number | undefined;
  /** Exclusive. */
  to?: number | undefined;
  limit: number;
}

/** Newest first. */
export function listChecks(db: ReadDb, { pool, backend, from, to, limit }: CheckFilter): CheckResult[] {
  return db
    .prepare<[string, string, number, number, number], Omit<CheckResult, 'ok'> & { ok: number }>(
      `SELECT at, ok, code, took_ms AS tookMs, detail
       FROM checks WHERE series = (SELECT id FROM series WHERE pool = ? AND backend = ?) AND at >= ? AND at < ?
       ORDER BY at DESC LIMIT ?`,
    )
    .all(pool, backend, from ?? 0, to ?? Number.MAX_SAFE_INTEGER, limit)
    .map((row) => ({ ...row, ok: row.ok === 1 }));
}

/** Deletes at most `maxRows` results older than `before` (ms); returns how many. */
export function pruneChecks(db: WriteDb, before: number, maxRows: number): number {
  return relaxedTransaction(db, () => pruneByAge(db, 'checks', 'at', before, maxRows));
}
