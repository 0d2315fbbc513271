// Takes over from a damaged database what people made by hand: revisions, runtime intents, settings and
// imports, each as far as it can still be read. Measurements stay behind. Called by openStore, which
// has set the damaged file aside; it is only read.
import Database from 'better-sqlite3';
import type { WriteDb } from './db.ts';
import { schemaVersion } from './migrate.ts';

const COLUMNS = {
  intents: ['pool', 'backend', 'state', 'config_state', 'author', 'at'],
  // Before the log, which refers to them.
  series: ['id', 'pool', 'backend'],
  intent_log: ['id', 'at', 'series', 'from_state', 'to_state', 'author'],
  settings: ['key', 'value'],
  imports: ['path', 'sha256', 'at', 'revision'],
} as const;
const REVISION_COLUMNS = ['id', 'at', 'author', 'note', 'changes', 'config'] as const;

type Row = unknown[];

/** Returns how many revisions were taken over. Without any the rest would have nothing to refer to. */
export function salvage(db: WriteDb, damagedPath: string): number {
  let damaged: Database.Database | undefined;
  try {
    // Not read-only: such a handle cannot take its own log and index files away again.
    damaged = new Database(damagedPath, { fileMustExist: true });
    if (damaged.pragma('user_version', { simple: true }) !== schemaVersion(db)) return 0;
    const revisions = insertReadable(db, 'revisions', REVISION_COLUMNS, readRevisions(damaged));
    if (revisions === 0) return 0;
    for (const [table, columns] of Object.entries(COLUMNS)) {
      insertReadable(db, table, columns, readRows(damaged, table, columns));
    }
    return revisions;
  } catch {
    return 0;
  } finally {
    damaged?.close();
  }
}

/** One by one: a revision on a damaged page must not cost the others. */
function* readRevisions(damaged: Database.Database): Generator<Row> {
  const newest = damaged.prepare<[], number>('SELECT max(id) FROM revisions').pluck().get() ?? 0;
  const find = damaged
    .prepare<[number], Row>(`SELECT ${REVISION_COLUMNS.join(', ')} FROM revisions WHERE id = ?`)
    .raw();
  for (let id = 1; id <= newest; id++) {
    const row = attempt(() => find.get(id));
    if (row) yield row;
  }
}

function readRows(damaged: Database.Database, table: string, columns: readonly string[]): Row[] {
  const rows: Row[] = [];
  attempt(() => {
    for (const row of damaged
      .prepare<[], Row>(`SELECT ${columns.join(', ')} FROM ${table}`)
      .raw()
      .iterate()) {
      rows.push(row);
    }
  });
  return rows;
}

function insertReadable(db: WriteDb, table: string, columns: readonly string[], rows: Iterable<Row>): number {
  const marks = columns.map(() => '?').join(', ');
  const insert = db.prepare<Row>(`INSERT OR IGNORE INTO ${table} (${columns.join(', ')}) VALUES (${marks})`);
  return db.transaction(() => {
    let count = 0;
    for (const row of rows) count += attempt(() => insert.run(...row).changes) ?? 0;
    return count;
  })();
}

/** Undefined when SQLite refuses: the page is damaged, or what was on it breaks a constraint. */
function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    if (error instanceof Database.SqliteError) return undefined;
    throw error;
  }
}
