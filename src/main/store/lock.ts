// Lets one Sluice at a time use a data directory. The lock is a file lock the system releases when the
// process ends, however it ends, so there is nothing stale to clean up; better-sqlite3 takes it, as
// node offers none. A second file says who holds it. Called by the core before it opens the store.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';

export interface LockHolder {
  pid: number;
  /** The kind of host: desktop, headless, test. */
  host: string;
  /** ms since the epoch. */
  startedAt: number;
}

export type Lock =
  | { ok: true; release(): void }
  /** `heldBy` is null when the holder could not be learned; `message` is a sentence for the person. */
  | { ok: false; heldBy: LockHolder | null; message: string };

export function acquireLock(dataDir: string, self: LockHolder): Lock {
  // Never opened in any other way: closing another handle of it would release the lock (POSIX).
  const lockPath = join(dataDir, 'sluice.lock');
  const holderPath = join(dataDir, 'sluice.lock.json');
  try {
    makeFolder(dataDir);
    const handle = hold(lockPath);
    if (handle === 'held') return heldByAnother(dataDir, readHolder(holderPath), self.startedAt);
    writeFileSync(holderPath, JSON.stringify(self), { mode: 0o600 });
    return {
      ok: true,
      release() {
        if (!handle.open) return;
        rmSync(holderPath, { force: true });
        handle.close();
      },
    };
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    return { ok: false, heldBy: null, message: `${dataDir} cannot be used: ${cause}; choose another --data` };
  }
}

/** Level by level: Node's own recursive form never returns where a system folder refuses (`/proc`). */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  if (dirname(path) !== path) makeFolder(dirname(path));
  mkdirSync(path, { mode: 0o700 });
}

function hold(lockPath: string): Database.Database | 'held' {
  const handle = new Database(lockPath, { timeout: 0 });
  try {
    handle.exec('BEGIN EXCLUSIVE');
    return handle;
  } catch (error) {
    handle.close();
    if (!(error instanceof Database.SqliteError)) throw error;
    if (error.code.startsWith('SQLITE_BUSY')) return 'held';
    if (error.code !== 'SQLITE_NOTADB') throw error;
    // Not a lock file, so nobody holds it.
    rmSync(lockPath);
    return hold(lockPath);
  }
}

function heldByAnother(dataDir: string, heldBy: LockHolder | null, now: number): Lock {
  const who = heldBy
    ? ` (${heldBy.host}, process ${heldBy.pid}, since ${clockTime(heldBy.startedAt, now)})`
    : '';
  const message = `Another Sluice${who} uses ${dataDir}; close it or choose another --data`;
  return { ok: false, heldBy, message };
}

function readHolder(path: string): LockHolder | null {
  try {
    const { pid, host, startedAt } = JSON.parse(readFileSync(path, 'utf8')) as Partial<
      Record<string, unknown>
    >;
    if (typeof pid !== 'number' || typeof host !== 'string' || typeof startedAt !== 'number') return null;
    return { pid, host, startedAt };
  } catch {
    return null;
  }
}

/** `21:40`, with the date in front when it is another day; local time, as the person reads it. */
function clockTime(at: number, now: number): string {
  const [date, time] = localParts(at);
  return date === localParts(now)[0] ? time : `${date} ${time}`;
}

function localParts(at: number): [date: string, time: string] {
  const moment = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  const date = `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
  return [date, `${two(moment.getHours())}:${two(moment.getMinutes())}`];
}
