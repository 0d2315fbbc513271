// What people did: revisions and the intent log are append-only, intents follow renames, settings and
// imports hold one value per key.
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import type { AdminState } from '#shared/config/backend.ts';
import { parseConfig } from '#shared/config/config.ts';
import { AppError } from '#shared/errors.ts';
import type { WriteDb } from '../../../src/main/store/db.ts';
import { lastImport, recordImport } from '../../../src/main/store/imports.ts';
import {
  clearIntent,
  listIntentLog,
  listIntents,
  logIntent,
  pruneIntents,
  renameIntents,
  setIntent,
} from '../../../src/main/store/intents.ts';
import {
  getRevision,
  latestRevision,
  listRevisions,
  listRevisionsBetween,
  saveRevision,
} from '../../../src/main/store/revisions.ts';
import { renameSeries } from '../../../src/main/store/series.ts';
import { readSettings, writeSetting } from '../../../src/main/store/settings.ts';
import { configWith, tempStore } from './temp-store.ts';

function save(db: WriteDb, at: number, pool: string): number {
  return saveRevision(db, {
    at,
    author: 'cli',
    note: `note ${pool}`,
    changes: [`added ${pool}`],
    config: configWith(pool),
  });
}

describe('revisions', () => {
  it('are numbered from 1 and read back as saved', () => {
    using temp = tempStore();
    const { db } = temp;
    expect(latestRevision(db)).toBeUndefined();
    expect([save(db, 100, 'one'), save(db, 200, 'two')]).toEqual([1, 2]);
    const one = {
      revision: 1,
      at: 100,
      author: 'cli',
      note: 'note one',
      changes: ['added one'],
      config: configWith('one'),
    };
    expect(getRevision(db, 1)).toEqual(one);
    expect(latestRevision(db)?.revision).toBe(2);
    expect(getRevision(db, 3)).toBeUndefined();
  });

  it('are read back although a rule between parts came later', () => {
    using temp = tempStore();
    const { db } = temp;
    const before = configWith('api');
    const [pool] = before.pools;
    const config = { ...before, pools: [pool!, pool!] };
    expect(parseConfig(config).ok).toBe(false);
    saveRevision(db, { at: 100, author: 'cli', note: '', changes: [], config });
    expect(latestRevision(db)?.config).toEqual(config);
  });

  it('are listed newest first, in pages, without their Config', () => {
    using temp = tempStore();
    const { db } = temp;
    for (let n = 1; n <= 5; n++) save(db, n * 100, `p${n}`);
    const page = listRevisions(db, { limit: 2 });
    expect(page.map((revision) => revision.revision)).toEqual([5, 4]);
    expect(page[0]).not.toHaveProperty('config');
    expect(listRevisions(db, { limit: 9, before: 4 }).map((revision) => revision.revision)).toEqual([
      3, 2, 1,
    ]);
    expect(listRevisionsBetween(db, 200, 400).map((revision) => revision.revision)).toEqual([2, 3]);
  });

  it.each(['UPDATE revisions SET note = 1', 'DELETE FROM revisions'])('refuse %s', (sql) => {
    using temp = tempStore();
    save(temp.db, 100, 'one');
    expect(() => temp.db.exec(sql)).toThrow('revisions are append-only');
    expect(latestRevision(temp.db)?.note).toBe('note one');
  });

  it('get the defaults of fields that are newer than they are', () => {
    using temp = tempStore();
    temp.db
      .prepare("INSERT INTO revisions (at, author, note, changes, config) VALUES (1, 'api', '', '[]', ?)")
      .run('{"version":1,"pools":[{"name":"api"}]}');
    expect(latestRevision(temp.db)?.config).toEqual(configWith('api'));
  });

  it('leave nothing behind when the transaction around them fails', () => {
    using temp = tempStore();
    const failing = temp.db.transaction(() => {
      save(temp.db, 100, 'one');
      throw new Error('later step');
    });
    expect(failing).toThrow('later step');
    expect(save(temp.db, 200, 'two')).toBe(1);
  });
});

describe('intents', () => {
  function intend(db: WriteDb, pool: string, backend: string, state: AdminState = 'draining') {
    setIntent(db, { pool, backend, state, configState: 'enabled', author: 'window', at: 5 });
  }
  const names = (db: WriteDb) =>
    listIntents(db).map(({ pool, backend, state }) => `${pool}/${backend} ${state}`);

  it('hold one state per backend until they are cleared', () => {
    using temp = tempStore();
    const { db } = temp;
    intend(db, 'api', 'one');
    intend(db, 'api', 'one', 'disabled');
    intend(db, 'web', 'one');
    expect(listIntents(db)[0]).toEqual({
      pool: 'api',
      backend: 'one',
      state: 'disabled',
      configState: 'enabled',
      author: 'window',
      at: 5,
    });
    clearIntent(db, { pool: 'api', backend: 'one' });
    expect(names(db)).toEqual(['web/one draining']);
  });

  it('follow a pool or a backend to its new name', () => {
    using temp = tempStore();
    const { db } = temp;
    intend(db, 'api', 'one');
    intend(db, 'api', 'two', 'disabled');
    intend(db, 'web', 'one');
    renameIntents(db, { pool: 'api' }, { pool: 'core' });
    renameIntents(db, { pool: 'web', backend: 'one' }, { pool: 'web', backend: 'first' });
    expect(names(db)).toEqual(['core/one draining', 'core/two disabled', 'web/first draining']);
  });

  it('of backends that are gone are forgotten', () => {
    using temp = tempStore();
    const { db } = temp;
    intend(db, 'api', 'one');
    intend(db, 'api', 'two');
    pruneIntents(db, [
      { pool: 'api', backend: 'two' },
      { pool: 'api', backend: 'three' },
    ]);
    expect(names(db)).toEqual(['api/two draining']);
  });

  it('are logged for ever, and the newest of a period are listed in order', () => {
    using temp = tempStore();
    const { db } = temp;
    for (let at = 1; at <= 5; at++) {
      logIntent(db, { at, pool: 'api', backend: 'one', from: 'enabled', to: 'draining', author: 'tray' });
    }
    expect(listIntentLog(db, { from: 2, to: 5, limit: 2 })).toEqual([
      { at: 3, pool: 'api', backend: 'one', from: 'enabled', to: 'draining', author: 'tray' },
      { at: 4, pool: 'api', backend: 'one', from: 'enabled', to: 'draining', author: 'tray' },
    ]);
    for (const column of ['id', 'at', 'from_state', 'to_state', 'author']) {
      expect(() => db.exec(`UPDATE intent_log SET ${column} = 0`)).toThrow('append-only');
    }
    expect(() => db.exec('DELETE FROM intent_log')).toThrow('append-only');
  });

  it('are found in the log under the newest name, also one that a removed backend had', () => {
    using temp = tempStore();
    const { db } = temp;
    const log = (at: number, pool: string, backend: string) =>
      logIntent(db, { at, pool, backend, from: 'enabled', to: 'draining', author: 'tray' });
    const logged = (pool?: string) =>
      listIntentLog(db, { from: 0, to: 99, limit: 9, pool }).map(
        (change) => `${change.pool}/${change.backend} ${change.at}`,
      );
    log(1, 'api', 'removed');
    log(2, 'api', 'one');
    log(3, 'web', 'one');
    renameSeries(db, { pool: 'api', backend: 'one' }, { pool: 'api', backend: 'removed' });
    renameSeries(db, { pool: 'api' }, { pool: 'core' });
    expect(logged()).toEqual(['core/removed 1', 'core/removed 2', 'web/one 3']);
    expect([logged('web'), logged('api')]).toEqual([['web/one 3'], []]);
    expect(db.pragma('foreign_key_check')).toEqual([]);
  });
});

describe('settings', () => {
  it('hold any JSON value by key', () => {
    using temp = tempStore();
    const { db } = temp;
    writeSetting(db, 'theme', 'dark');
    writeSetting(db, 'theme', 'light');
    writeSetting(db, 'layout', { columns: [1, 2], wide: true });
    expect(readSettings(db)).toEqual({ theme: 'light', layout: { columns: [1, 2], wide: true } });
  });
});

describe('imports', () => {
  it('remember the newest per path', () => {
    using temp = tempStore();
    const { db } = temp;
    recordImport(db, { path: '/a.json', sha256: 'aa', at: 1, revision: 1 });
    recordImport(db, { path: '/a.json', sha256: 'bb', at: 2, revision: 4 });
    expect(lastImport(db, '/a.json')).toEqual({ path: '/a.json', sha256: 'bb', at: 2, revision: 4 });
    expect(lastImport(db, '/b.json')).toBeUndefined();
  });
});

describe('a write that the disk does not take', () => {
  it('is told with what helps, and changes nothing', () => {
    using temp = tempStore();
    const { db } = temp;
    save(db, 100, 'one');
    const pages = Number(db.pragma('page_count', { simple: true }));
    db.pragma(`max_page_count = ${pages}`);
    const tooMuch = () => writeSetting(db, 'big', 'x'.repeat(1_000_000));
    expect(tooMuch).toThrow(
      new AppError(
        'unavailable',
        'nothing was changed, for it could not be saved (database or disk is full): make room on the disk',
      ),
    );
    expect(readSettings(db).big).toBeUndefined();
  });

  it('because another program holds the database is told so', () => {
    using temp = tempStore();
    const { db } = temp;
    db.pragma('busy_timeout = 0');
    const other = new Database(db.name);
    other.exec('BEGIN IMMEDIATE');
    expect(() => save(db, 100, 'one')).toThrow(/end the other program that has the database/);
    other.exec('ROLLBACK');
    other.close();
    expect(save(db, 100, 'one')).toBe(1);
  });
});
