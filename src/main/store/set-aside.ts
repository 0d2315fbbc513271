// Moves a database that cannot be used out of the way, whole and unread, so that a fresh one can take
// its place and nothing a person may still want is lost. Called by openStore.
import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';

/** Write-ahead log first: left behind, it would be replayed into the fresh file. */
const PARTS = ['-wal', '-shm', '-journal', ''];

/** Returns the new path. Throws when the directory does not allow renaming. */
export function setAside(path: string, now: number): string {
  const target = freePath(`${path}.set-aside-${timestamp(now)}`);
  for (const part of PARTS) {
    if (existsSync(path + part)) renameSync(path + part, target + part);
  }
  return target;
}

/** A file beside `dir` that does not exist yet, named after what it keeps. */
export function backupPath(dir: string, version: number, now: number): string {
  return freePath(join(dir, `sluice-v${version}-${timestamp(now)}`), '.db');
}

function freePath(stem: string, suffix = ''): string {
  for (let n = 1; ; n++) {
    const path = n === 1 ? `${stem}${suffix}` : `${stem}-${n}${suffix}`;
    if (!existsSync(path)) return path;
  }
}

/** UTC, without characters that some file systems refuse: 20261120T224400Z. */
function timestamp(now: number): string {
  return new Date(now).toISOString().replace(/[-:]|\.\d+/g, '');
}
