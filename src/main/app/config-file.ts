// Imports a watched config file. Its content becomes a revision only when it differs from what was
// last imported from that path, so edits made in the window since then are not undone by a restart.
// A file that cannot be read or is not valid changes nothing and is said in a notice.
import { createHash } from 'node:crypto';
import { type FSWatcher, readFileSync, watch } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { parseConfig } from '#shared/config/config.ts';
import { summarize } from '#shared/errors.ts';
import type { WriteDb } from '../store/db.ts';
import { lastImport, recordImport } from '../store/imports.ts';
import type { Configuration } from './configuration.ts';

export interface ConfigFile {
  /** Why the file's content is not what runs; null when it was imported. */
  notice(): string | null;
  /** Imports now if the content is new. */
  load(): Promise<void>;
  watch(): void;
  close(): void;
}

export interface ConfigFileOptions {
  db: WriteDb;
  path: string;
  now(): number;
  configuration: Configuration;
  onNotice(notice: string | null): void;
}

/** Editors write a file in several steps; wait for the last one. */
const SETTLE_MS = 100;

export function createConfigFile(options: ConfigFileOptions): ConfigFile {
  const path = resolve(options.path);
  let problem: string | null = null;
  let unwatched: string | null = null;
  let watcher: FSWatcher | undefined;
  let timer: NodeJS.Timeout | undefined;
  let loading = Promise.resolve();

  /** What is wrong with the file outranks that its changes are not seen. */
  const notice = () => problem ?? unwatched;

  function tell(next: string | null) {
    const before = notice();
    problem = next;
    if (notice() !== before) options.onNotice(notice());
  }

  async function load() {
    const file = read(path);
    if ('problem' in file) return tell(file.problem);
    const sha256 = createHash('sha256').update(file.text).digest('hex');
    if (lastImport(options.db, path)?.sha256 === sha256) return tell(null);
    const parsed = parseConfig(file.json);
    if (!parsed.ok) return tell(`${path} was not imported: ${summarize(parsed.issues)}`);
    const revision = await options.configuration.edit(
      () => ({ config: parsed.value }),
      'file',
      `imported from ${basename(path)}`,
    );
    recordImport(options.db, { path, sha256, at: options.now(), revision });
    tell(null);
  }

  function loadInTurn(): Promise<void> {
    loading = loading.then(load).catch((error: unknown) => {
      tell(`${path} was not imported: ${error instanceof Error ? error.message : String(error)}`);
    });
    return loading;
  }

  return {
    notice,
    load: loadInTurn,
    watch() {
      // The directory, not the file: editors replace the file, which ends a watch on it.
      try {
        watcher = watch(dirname(path), { persistent: false }, (_, changed) => {
          if (changed !== null && changed !== basename(path)) return;
          clearTimeout(timer);
          timer = setTimeout(() => void loadInTurn(), SETTLE_MS);
        });
        watcher.on('error', () => watcher?.close());
      } catch (error) {
        unwatched = `changes of ${path} are not noticed: ${error instanceof Error ? error.message : String(error)}`;
        tell(problem);
      }
    },
    close() {
      clearTimeout(timer);
      watcher?.close();
    },
  };
}

function read(path: string): { text: string; json: unknown } | { problem: string } {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    return { problem: unreadable(path, error as NodeJS.ErrnoException) };
  }
  try {
    return { text, json: JSON.parse(text.replace(/^\uFEFF/, '')) };
  } catch (error) {
    return {
      problem: `${path} is not valid JSON (${(error as Error).message}); the last good config keeps serving`,
    };
  }
}

function unreadable(path: string, error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case 'ENOENT':
      return `there is no config file at ${path}; create it or correct the path`;
    case 'EACCES':
      return `${path} may not be read by this user; change its permissions`;
    case 'EISDIR':
      return `${path} is a folder; name the config file inside it`;
    default:
      return `${path} cannot be read: ${error.message}`;
  }
}
