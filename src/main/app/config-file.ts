// Imports a watched config file. Its content becomes a revision only when it differs from what was
// last imported from that path, so edits made in the window since then are not undone by a restart.
// A file that cannot be read or is not valid changes nothing and is said in a notice.
import { createHash } from 'node:crypto';
import { type FSWatcher, readFileSync, unwatchFile, watch, watchFile } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { parseConfig } from '#shared/config/config.ts';
import { summarize } from '#shared/errors.ts';
import type { WriteDb } from '../store/db.ts';
import { lastImport, recordImport } from '../store/imports.ts';
import type { Configuration } from './configuration.ts';

/** More than anyone corrects before trying again; a wrong word in 500 routes is one mistake. */
const ISSUES_TOLD = 20;

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
  onImport(revision: number): void;
}

/** Editors write a file in several steps; wait for the last one. */
const SETTLE_MS = 100;
const POLL_MS = 1000;

export function createConfigFile(options: ConfigFileOptions): ConfigFile {
  const path = resolve(options.path);
  let notice: string | null = null;
  let watcher: FSWatcher | undefined;
  let timer: NodeJS.Timeout | undefined;
  let loading = Promise.resolve();

  function tell(next: string | null) {
    if (next === notice) return;
    notice = next;
    options.onNotice(next);
  }

  /** What a file that cannot be used means for the traffic. */
  function meanwhile(): string {
    const nothing = options.configuration.current().revision === 0;
    return nothing ? 'nothing runs until it can be used' : 'what ran before goes on';
  }

  async function load() {
    const file = read(path);
    if ('problem' in file) return tell(`${file.problem}; ${meanwhile()}`);
    const sha256 = createHash('sha256').update(file.text).digest('hex');
    if (lastImport(options.db, path)?.sha256 === sha256) return tell(null);
    const parsed = parseConfig(file.json);
    if (!parsed.ok)
      return tell(`${path} was not imported, ${meanwhile()}: ${summarize(parsed.issues, ISSUES_TOLD)}`);
    const { revision, changed } = await options.configuration.edit(
      () => ({ config: parsed.value }),
      'file',
      `imported from ${basename(path)}`,
    );
    recordImport(options.db, { path, sha256, at: options.now(), revision });
    if (changed) options.onImport(revision);
    tell(null);
  }

  function loadInTurn(): Promise<void> {
    loading = loading.then(load).catch((error: unknown) => {
      tell(`${path} was not imported: ${error instanceof Error ? error.message : String(error)}`);
    });
    return loading;
  }

  return {
    notice: () => notice,
    load: loadInTurn,
    watch() {
      const soon = () => {
        clearTimeout(timer);
        timer = setTimeout(() => void loadInTurn(), SETTLE_MS);
      };
      // Looking at the file now and then sees every change there is: also behind a symbolic link, on
      // a network share, or after its folder was replaced. The watch on the folder is only faster.
      watchFile(path, { persistent: false, interval: POLL_MS }, soon);
      try {
        watcher = watch(dirname(path), { persistent: false }, (_, changed) => {
          if (changed === null || changed === basename(path)) soon();
        });
        watcher.on('error', () => watcher?.close());
      } catch {
        // The folder does not exist yet, or cannot be watched.
      }
    },
    close() {
      clearTimeout(timer);
      unwatchFile(path);
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
    return { problem: `${path} is not valid JSON (${(error as Error).message})` };
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
