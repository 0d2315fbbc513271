// Which content of a watched config file was imported last, so that a restart does not import it
// again over what was changed in the window since. Used by the app's config file watcher.
import { type ReadDb, transaction, type WriteDb } from './db.ts';

export interface ConfigImport {
  /** Absolute path of the file. */
  path: string;
  /** Of its bytes. */
  sha256: string;
  at: number;
  /** What the import was saved as. */
  revision: number;
}

export function lastImport(db: ReadDb, path: string): ConfigImport | undefined {
  return db
    .prepare<[string], ConfigImport>('SELECT path, sha256, at, revision FROM imports WHERE path = ?')
    .get(path);
}

export function recordImport(db: WriteDb, { path, sha256, at, revision }: ConfigImport): void {
  const upsert = db.prepare(
    'INSERT OR REPLACE INTO imports (path, sha256, at, revision) VALUES (?, ?, ?, ?)',
  );
  transaction(db, () => upsert.run(path, sha256, at, revision));
}
