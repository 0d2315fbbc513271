// The person's settings, one JSON value per key. What the values mean, and what a missing one
// defaults to, is the app's business.
import { type ReadDb, transaction, type WriteDb } from './db.ts';

export function readSettings(db: ReadDb): Record<string, unknown> {
  const rows = db.prepare<[], { key: string; value: string }>('SELECT key, value FROM settings').all();
  return Object.fromEntries(rows.map(({ key, value }) => [key, JSON.parse(value)]));
}

/** `value` must have a JSON form. */
export function writeSetting(db: WriteDb, key: string, value: unknown): void {
  const upsert = db.prepare('INSERT OR REPLACE INTO settings (key, value) VALUES (?, ?)');
  transaction(db, () => upsert.run(key, JSON.stringify(value)));
}
