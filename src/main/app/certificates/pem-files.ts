// The PEM files a Config names: read once, read again when they changed on disk, watched so that a
// renewed certificate is used without anyone asking. Invariant: what a file says is judged by whoever
// asks; here it is only text or the sentence why there is none. No path keeps the core waiting: what is
// no regular file, or far too large, is not read. Owned by tls-material.ts.
import { type FSWatcher, readFileSync, statSync, watch } from 'node:fs';
import { dirname } from 'node:path';

export type FileText = { ok: true; text: string } | { ok: false; fault: string };

export interface PemFiles {
  /** `field` is where the path stands in the Config: "certFile". */
  read(path: string, field: string): FileText;
  /** No file but these matters any more. */
  retain(paths: ReadonlySet<string>): void;
  /** Looks whether a file changed since it was read; for what a watch does not see. */
  check(): void;
  close(): void;
}

/** Many times what the authorities of a whole system take. */
const MAX_FILE_MB = 4;

/** Certificate and key are replaced one after the other; wait for both. */
const SETTLE_MS = 300;

interface KnownFile {
  /** Tells one version of the file from another; '' while there is none. */
  version: string;
  content: FileText;
}

export function createPemFiles(onChange: () => void): PemFiles {
  const known = new Map<string, KnownFile>();
  /** By folder: programs replace a file, which would end a watch on it. */
  const watchers = new Map<string, FSWatcher>();
  let settling: NodeJS.Timeout | undefined;

  const hasChanged = () => [...known].some(([path, file]) => versionOf(path) !== file.version);

  function check(): void {
    if (hasChanged()) onChange();
  }

  function noticeSoon(): void {
    clearTimeout(settling);
    settling = setTimeout(check, SETTLE_MS).unref();
  }

  function watchFolder(folder: string): void {
    if (watchers.has(folder)) return;
    try {
      const watcher = watch(folder, { persistent: false }, noticeSoon);
      watcher.on('error', () => unwatch(folder));
      watchers.set(folder, watcher);
    } catch {
      // No such folder, or no watches left: `check` finds changes as well, later.
    }
  }

  function unwatch(folder: string): void {
    watchers.get(folder)?.close();
    watchers.delete(folder);
  }

  return {
    read(path, field) {
      const version = versionOf(path);
      const earlier = known.get(path);
      if (earlier !== undefined && version !== '' && earlier.version === version) return earlier.content;
      const content = readPem(path, field);
      known.set(path, { version, content });
      watchFolder(dirname(path));
      return content;
    },
    retain(paths) {
      for (const path of known.keys()) if (!paths.has(path)) known.delete(path);
      const folders = new Set([...known.keys()].map((path) => dirname(path)));
      for (const folder of watchers.keys()) if (!folders.has(folder)) unwatch(folder);
    },
    check,
    close() {
      clearTimeout(settling);
      for (const folder of [...watchers.keys()]) unwatch(folder);
      known.clear();
    },
  };
}

function versionOf(path: string): string {
  try {
    const { ino, size, mtimeMs, ctimeMs } = statSync(path);
    return `${ino} ${size} ${mtimeMs} ${ctimeMs}`;
  } catch {
    return '';
  }
}

/** As it is now; leaves no trace in what is known and watched. */
export function readPem(path: string, field: string): FileText {
  try {
    const found = statSync(path);
    // To open a pipe waits for who writes it, and a device may never end. A folder says so itself.
    if (!found.isFile() && !found.isDirectory()) {
      return { ok: false, fault: `${path} is no file that can be read to its end; correct ${field}` };
    }
    if (found.size > MAX_FILE_MB * 1_000_000) {
      return { ok: false, fault: `${path} is larger than ${MAX_FILE_MB} MB; correct ${field}` };
    }
    return { ok: true, text: readFileSync(path, 'utf8') };
  } catch (error) {
    return { ok: false, fault: unreadable(path, field, error as NodeJS.ErrnoException) };
  }
}

function unreadable(path: string, field: string, error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return `there is no file ${path}; create it or correct ${field}`;
    case 'EACCES':
    case 'EPERM':
      return `${path} may not be read by this user; change its permissions`;
    case 'EISDIR':
      return `${path} is a folder; ${field} has to name a file, perhaps one inside it`;
    default:
      return `${path} cannot be read (${error.message}); correct ${field}`;
  }
}
