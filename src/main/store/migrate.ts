// Brings a database to the newest schema: each missing migration in a transaction of its own, so an
// interrupted start continues where it stopped. Called by openStore, after it has made a copy.
import type { WriteDb } from './db.ts';
import type { Migration } from './migrations/index.ts';

export function schemaVersion(db: WriteDb): number {
  return db.pragma('user_version', { simple: true }) as number;
}

export function newestVersion(migrations: readonly Migration[]): number {
  return migrations.at(-1)?.version ?? 0;
}

/** Throws what SQLite throws; the migration that failed has then changed nothing. */
export function migrate(db: WriteDb, migrations: readonly Migration[]): void {
  // A migration may rebuild a table others refer to; within a transaction this cannot be switched.
  db.pragma('foreign_keys = OFF');
  try {
    for (const { version, sql } of migrations) {
      if (version <= schemaVersion(db)) continue;
      db.transaction(() => {
        db.exec(sql);
        db.pragma(`user_version = ${version}`);
      }).exclusive();
    }
  } finally {
    db.pragma('foreign_keys = ON');
  }
}
