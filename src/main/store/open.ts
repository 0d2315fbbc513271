// Opens the one database of a data directory, whatever is found there:
//
//   nothing ─▶ create              another program's, damaged or newer ─▶ set aside, create, notice
//   ours    ─▶ check ─▶ copy if the schema is older ─▶ migrate
//
// Invariant: nothing that was on disk is deleted or overwritten. Called once by the core, which holds
// the lock of the directory. Throws only when the directory itself cannot be used.
import { closeSync, mkdirSync, openSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { WriteDb } from './db.ts';
import { APPLICATION_ID, identify } from './identity.ts';
import { migrate, newestVersion, schemaVersion } from './migrate.ts';
import { MIGRATIONS, type Migration } from './migrations/index.ts';
import { salvage } from './salvage.ts';
import { backupPath, setAside } from './set-aside.ts';

export interface Store {
  db: WriteDb;
  /** A sentence for the person when what was there could not be used; null otherwise. */
  notice: string | null;
  close(): void;
  /** On disk, with its log. */
  sizeBytes(): number;
}

export interface StoreOptions {
  now(): number;
  /** Default: all of them. Tests pass older and newer sets. */
  migrations?: readonly Migration[];
}

/** Read whole at every start up to this size; above, only after a start that was not ended properly. */
const ALWAYS_CHECKED_BYTES = 128 * 1024 * 1024;
const BUSY_TIMEOUT_MS = 5000;
const MAX_LOG_BYTES = 16 * 1024 * 1024;
/** Pages kept in memory. The driver's default of 16 MB fills within hours of history and stays filled. */
const CACHE_KIB = 2048;

export function openStore(dataDir: string, { now, migrations = MIGRATIONS }: StoreOptions): Store {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const path = join(dataDir, 'sluice.db');
  const found = openFound(dataDir, path, migrations, now());
  if ('db' in found) return storeOf(found.db, path, null);

  if (found.unusable === null) return storeOf(create(path, migrations), path, null);
  const kept = setAside(path, now());
  const db = create(path, migrations);
  const saved = found.unusable.salvageable ? salvage(db, kept) : 0;
  return storeOf(db, path, noticeOf(found.unusable.reason, path, kept, saved));
}

interface Unusable {
  /** Completes "the database at … ". */
  reason: string;
  /** It is ours and of this schema, so parts of it may still be read. */
  salvageable: boolean;
}

type Found = { db: WriteDb } | { unusable: Unusable | null };

function openFound(dataDir: string, path: string, migrations: readonly Migration[], now: number): Found {
  switch (identify(path)) {
    case 'absent':
      return { unusable: null };
    case 'foreign':
      return { unusable: { reason: 'belongs to another program', salvageable: false } };
    case 'not-a-database':
      return {
        unusable: { reason: 'is damaged (its beginning is not that of a database)', salvageable: false },
      };
    case 'ours':
      return openOurs(dataDir, path, migrations, now);
  }
}

function openOurs(dataDir: string, path: string, migrations: readonly Migration[], now: number): Found {
  const unclean = sizeOf(`${path}-wal`) > 0;
  const db = connect(path);
  try {
    const version = schemaVersion(db);
    const newest = newestVersion(migrations);
    if (version > newest) {
      db.close();
      const reason = `was written by a newer Sluice (schema ${version}, this one knows ${newest})`;
      return { unusable: { reason, salvageable: false } };
    }
    if (unclean || sizeOf(path) <= ALWAYS_CHECKED_BYTES) {
      const verdict = db.pragma('quick_check(1)', { simple: true });
      if (verdict !== 'ok') throw new Damaged(String(verdict));
    }
    if (version < newest) upgrade(db, dataDir, migrations, now);
    configure(db);
    return { db };
  } catch (error) {
    const damage = damageOf(error);
    db.close();
    if (damage === undefined) throw unopened(path, error);
    return { unusable: { reason: `is damaged (${damage})`, salvageable: true } };
  }
}

function upgrade(db: WriteDb, dataDir: string, migrations: readonly Migration[], now: number): void {
  const version = schemaVersion(db);
  if (version === 0) {
    migrate(db, migrations);
    return;
  }
  const backup = backupPath(dataDir, version, now);
  // Unlike a copy of the file, this includes what is still in the log.
  db.prepare('VACUUM INTO ?').run(backup);
  try {
    migrate(db, migrations);
  } catch (error) {
    if (damageOf(error) !== undefined) throw error;
    const cause = error instanceof Error ? error.message : String(error);
    throw new Error(
      `the database could not be brought to schema ${newestVersion(migrations)}: ${cause}; ` +
        `it is unchanged, and a copy of it lies at ${backup}`,
      { cause: error },
    );
  }
}

function create(path: string, migrations: readonly Migration[]): WriteDb {
  // The log and index files take the permissions of the file they belong to.
  closeSync(openSync(path, 'a', 0o600));
  const db = connect(path);
  // Both take effect only before the first table; the id before WAL, so that it is in the file itself.
  db.pragma('auto_vacuum = INCREMENTAL');
  db.pragma(`application_id = ${APPLICATION_ID}`);
  configure(db);
  migrate(db, migrations);
  return db;
}

function connect(path: string): WriteDb {
  return new Database(path, { timeout: BUSY_TIMEOUT_MS }) as WriteDb;
}

function configure(db: WriteDb): void {
  db.pragma('journal_mode = WAL');
  // Revisions and intents must survive a power cut; what comes every second opts out (db.ts).
  db.pragma('synchronous = FULL');
  db.pragma('foreign_keys = ON');
  db.pragma('temp_store = MEMORY');
  db.pragma(`cache_size = -${CACHE_KIB}`);
  db.pragma(`journal_size_limit = ${MAX_LOG_BYTES}`);
}

/** Not a fault of the file: another program keeps it busy, the disk is full, access is denied. */
function unopened(path: string, error: unknown): unknown {
  if (!(error instanceof Database.SqliteError)) return error;
  return new Error(`the database at ${path} cannot be opened: ${error.message}`, { cause: error });
}

class Damaged extends Error {}

function damageOf(error: unknown): string | undefined {
  if (error instanceof Damaged) return error.message;
  if (!(error instanceof Database.SqliteError)) return undefined;
  return error.code.startsWith('SQLITE_CORRUPT') || error.code === 'SQLITE_NOTADB'
    ? error.message
    : undefined;
}

function noticeOf(reason: string, path: string, kept: string, saved: number): string {
  const outcome =
    saved === 0
      ? 'Sluice starts with a fresh one'
      : `Sluice starts with a fresh one and took ${saved} ${saved === 1 ? 'revision' : 'revisions'} over from it`;
  return `The database at ${path} ${reason}. It was set aside as ${kept}; ${outcome}.`;
}

function storeOf(db: WriteDb, path: string, notice: string | null): Store {
  return {
    db,
    notice,
    close() {
      if (!db.open) return;
      try {
        db.pragma('analysis_limit = 400');
        db.pragma('optimize');
        db.pragma('wal_checkpoint(TRUNCATE)');
      } catch {
        // Housekeeping only, and a full disk must not keep the process from ending: the log stays valid.
      }
      db.close();
    },
    sizeBytes: () => sizeOf(path) + sizeOf(`${path}-wal`),
  };
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
