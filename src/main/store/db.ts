// The two kinds of database handle every store function takes first. A ReadDb cannot write by type:
// its statements have no `run`. A WriteDb serves as both; only openStore makes one.
import type Database from 'better-sqlite3';
import { AppError } from '#shared/errors.ts';

declare const writable: unique symbol;

export interface ReadStatement<P extends unknown[], R> {
  get(...params: P): R | undefined;
  all(...params: P): R[];
  iterate(...params: P): IterableIterator<R>;
}

export interface ReadDb {
  /** False once the store was closed: a statement would throw. */
  readonly open: boolean;
  prepare<P extends unknown[], R>(sql: string): ReadStatement<P, R>;
}

export type WriteDb = Database.Database & { readonly [writable]: true };

/**
 * Runs `write` as one transaction that is on disk when it returns: it survives a power cut. This is
 * the store's default (`synchronous = FULL`); what may lose its last seconds says so with
 * `relaxedTransaction`. Inside another transaction it becomes part of that one. A disk or a file that
 * does not take it is no bug, and whoever asked is told: an AppError 'unavailable'.
 */
export function transaction<T>(db: WriteDb, write: () => T): T {
  if (db.inTransaction) return write();
  try {
    return db.transaction(write).immediate();
  } catch (error) {
    const remedy = remedyFor(error);
    if (remedy === undefined) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError(
      'unavailable',
      `nothing was changed, for it could not be saved (${reason}): ${remedy}`,
    );
  }
}

/** What helps against an error of SQLite that is not about the statement; undefined for any other. */
function remedyFor(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code.startsWith('SQLITE_BUSY')) return 'end the other program that has the database of Sluice open';
  if (code.startsWith('SQLITE_FULL')) return 'make room on the disk';
  if (/^SQLITE_(IOERR|READONLY|CANTOPEN)/.test(code))
    return 'check the disk and the rights of the data folder';
  return undefined;
}

/**
 * As `transaction`, without waiting for the disk: for what comes every second. A killed process loses
 * nothing by it, a power cut at most what was written since the last synced transaction or
 * checkpoint; the database stays whole either way, because WAL frames are only applied in order.
 */
export function relaxedTransaction<T>(db: WriteDb, write: () => T): T {
  // SQLite refuses to change the level within a transaction; the outer one has chosen already.
  if (db.inTransaction) return write();
  db.pragma('synchronous = NORMAL');
  try {
    return db.transaction(write).immediate();
  } finally {
    db.pragma('synchronous = FULL');
  }
}
