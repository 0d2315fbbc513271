// Runtime admin state: what a person did to a backend without editing the Config. Kept until the
// Config says otherwise, so a drain survives a restart; every change is also logged for history, by the
// backend's series, and follows it to a new name. Written by the app's configuration.
import { type BackendRef, backendKey } from '#shared/backend-ref.ts';
import type { AdminState } from '#shared/config/backend.ts';
import type { Author } from '#shared/contract.ts';
import { type ReadDb, transaction, type WriteDb } from './db.ts';
import {
  type FilterParams,
  filterParams,
  MATCHES_FILTER,
  type RenamePart,
  type SeriesFilter,
  seriesNumbering,
} from './series.ts';

export interface Intent extends BackendRef {
  state: AdminState;
  /** What the Config said when it was overruled. */
  configState: AdminState;
  author: Author;
  at: number;
}

export interface IntentChange extends BackendRef {
  at: number;
  from: AdminState;
  to: AdminState;
  author: Author;
}

export function setIntent(db: WriteDb, { pool, backend, state, configState, author, at }: Intent): void {
  const upsert = db.prepare(
    'INSERT OR REPLACE INTO intents (pool, backend, state, config_state, author, at) VALUES (?, ?, ?, ?, ?, ?)',
  );
  transaction(db, () => upsert.run(pool, backend, state, configState, author, at));
}

export function clearIntent(db: WriteDb, { pool, backend }: BackendRef): void {
  const remove = db.prepare('DELETE FROM intents WHERE pool = ? AND backend = ?');
  transaction(db, () => remove.run(pool, backend));
}

export function listIntents(db: ReadDb): Intent[] {
  return db
    .prepare<[], Intent>(
      'SELECT pool, backend, state, config_state AS configState, author, at FROM intents ORDER BY pool, backend',
    )
    .all();
}

/** Forgets the intents of backends that are not among `keep`. */
export function pruneIntents(db: WriteDb, keep: Iterable<BackendRef>): void {
  const kept = new Set(Array.from(keep, keyOf));
  transaction(db, () => {
    for (const intent of listIntents(db)) {
      if (!kept.has(keyOf(intent))) clearIntent(db, intent);
    }
  });
}

/** Lets intents follow a pool or a backend to its new name. */
export function renameIntents(db: WriteDb, from: RenamePart, to: RenamePart): void {
  transaction(db, () => {
    if (from.backend === undefined) {
      db.prepare('UPDATE OR REPLACE intents SET pool = ? WHERE pool = ?').run(to.pool, from.pool);
      return;
    }
    db.prepare('UPDATE OR REPLACE intents SET pool = ?, backend = ? WHERE pool = ? AND backend = ?').run(
      to.pool,
      to.backend ?? from.backend,
      from.pool,
      from.backend,
    );
  });
}

export function logIntent(db: WriteDb, { at, pool, backend, from, to, author }: IntentChange): void {
  const series = seriesNumbering(db);
  const insert = db.prepare(
    'INSERT INTO intent_log (at, series, from_state, to_state, author) VALUES (?, ?, ?, ?, ?)',
  );
  transaction(db, () => insert.run(at, series(pool, backend), from, to, author));
}

export interface IntentLogFilter extends SeriesFilter {
  /** Inclusive. */
  from: number;
  /** Exclusive. */
  to: number;
  limit: number;
}

/** The newest `limit` of the period, oldest first. */
export function listIntentLog(db: ReadDb, filter: IntentLogFilter): IntentChange[] {
  const { from, to, limit } = filter;
  return db
    .prepare<[FilterParams & { from: number; to: number; limit: number }], IntentChange>(
      `SELECT at, pool, backend, from_state AS "from", to_state AS "to", author
       FROM intent_log JOIN series ON series.id = intent_log.series
       WHERE at >= @from AND at < @to AND ${MATCHES_FILTER}
       ORDER BY at DESC, intent_log.id DESC LIMIT @limit`,
    )
    .all({ ...filterParams(filter), from, to, limit })
    .reverse();
}

function keyOf({ pool, backend }: BackendRef): string {
  return backendKey(pool, backend);
}
