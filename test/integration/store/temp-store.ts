// Stores in temporary directories that are gone when their test ends, and the few rows tests share.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '#shared/config/config.ts';
import { parseConfig } from '#shared/config/config.ts';
import type { Transition } from '#shared/history.ts';
import type { WriteDb } from '../../../src/main/store/db.ts';
import { openStore, type Store } from '../../../src/main/store/open.ts';
import { readSamples, type StoredSecond } from '../../../src/main/store/samples.ts';
import { listSeries, type SeriesFilter } from '../../../src/main/store/series.ts';

export const NOW = Date.UTC(2026, 10, 20, 22, 44, 0);

export interface TempDir extends Disposable {
  path: string;
  database: string;
  /** Names of everything in it, sorted. */
  list(): string[];
}

export function tempDir(): TempDir {
  const path = mkdtempSync(join(tmpdir(), 'sluice-store-'));
  return {
    path,
    database: join(path, 'sluice.db'),
    list: () => readdirSync(path).sort(),
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  };
}

export interface TempStore extends Disposable {
  db: WriteDb;
  dir: TempDir;
  store: Store;
}

export function tempStore(): TempStore {
  const dir = tempDir();
  const store = openStore(dir.path, { now: () => NOW });
  return {
    db: store.db,
    dir,
    store,
    [Symbol.dispose]() {
      store.close();
      dir[Symbol.dispose]();
    },
  };
}

/** A valid Config that differs by its pool's name. */
export function configWith(pool: string): Config {
  const parsed = parseConfig({ version: 1, pools: [{ name: pool }] });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  return parsed.value;
}

/** Every stored second of a period, backend by backend, with whose it is. */
export function storedSeconds(
  db: WriteDb,
  { fromS, toS, ...filter }: SeriesFilter & { fromS: number; toS: number },
): (StoredSecond & { pool: string; backend: string })[] {
  return listSeries(db, filter).flatMap(({ id, pool, backend }) =>
    readSamples(db, { series: id, fromS, toS, limit: 1_000_000 }).map((second) => ({
      ...second,
      pool,
      backend,
    })),
  );
}

/** Every stored change of health from `from` up to but not at `to`, oldest first. */
export function storedTransitions(db: WriteDb, { from, to }: { from: number; to: number }): Transition[] {
  return db
    .prepare<[number, number], Omit<Transition, 'check'> & { decidedBy: string | null }>(
      `SELECT at, pool, backend, from_state AS "from", to_state AS "to", check_result AS decidedBy
       FROM transitions JOIN series ON series.id = transitions.series
       WHERE at >= ? AND at < ? ORDER BY at, transitions.id`,
    )
    .all(from, to)
    .map(({ decidedBy, ...row }) => ({ ...row, check: decidedBy && JSON.parse(decidedBy) }));
}
