// When Sluice ran. A run's end is the last second it wrote, so it is right also after a power cut, and
// history can tell "nothing happened" from "nobody looked". Written by the app's recorder.
import { type ReadDb, relaxedTransaction, type WriteDb } from './db.ts';

export interface Run {
  startedAt: number;
  lastSeenAt: number;
}

/** Returns the run's number. */
export function startRun(db: WriteDb, at: number): number {
  const insert = db.prepare('INSERT INTO runs (started_at, last_seen_at) VALUES (?, ?)');
  return relaxedTransaction(db, () => Number(insert.run(at, at).lastInsertRowid));
}

/** Called every second, in the transaction of the samples. A clock set back does not shorten a run. */
export function touchRun(db: WriteDb, run: number, at: number): void {
  const touch = db.prepare('UPDATE runs SET last_seen_at = max(last_seen_at, ?) WHERE id = ?');
  relaxedTransaction(db, () => touch.run(at, run));
}

/** Runs that touch the period from `from` up to but not at `to`, oldest first. */
export function listRuns(db: ReadDb, from: number, to: number): Run[] {
  return db
    .prepare<[number, number], Run>(
      `SELECT started_at AS startedAt, last_seen_at AS lastSeenAt
       FROM runs WHERE started_at < ? AND last_seen_at >= ? ORDER BY started_at`,
    )
    .all(to, from);
}
