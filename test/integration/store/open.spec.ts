// Opening a data directory, whatever is in it:
// - the app always gets a working database, or a sentence why the directory cannot be used;
// - nothing that was there is lost: it is migrated with a copy made, or set aside whole.
import { readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { listIntentLog, logIntent } from '../../../src/main/store/intents.ts';
import { initial } from '../../../src/main/store/migrations/0010-initial.ts';
import { incidentsOfABackend } from '../../../src/main/store/migrations/0020-incidents-of-a-backend.ts';
import { MIGRATIONS, type Migration } from '../../../src/main/store/migrations/index.ts';
import { openStore } from '../../../src/main/store/open.ts';
import { latestRevision, listRevisions, saveRevision } from '../../../src/main/store/revisions.ts';
import { readSettings, writeSetting } from '../../../src/main/store/settings.ts';
import { configWith, NOW, tempDir } from './temp-store.ts';

const now = () => NOW;

function revision(db: Parameters<typeof saveRevision>[0], pool: string): number {
  return saveRevision(db, {
    at: NOW,
    author: 'window',
    note: '',
    changes: [`added pool ${pool}`],
    config: configWith(pool),
  });
}

describe('opening a new directory', () => {
  it('makes it and the database, with the pragmas that keep it safe and small', () => {
    using dir = tempDir();
    const store = openStore(join(dir.path, 'a', 'b'), { now });
    const { db } = store;
    const pragma = (name: string) => db.pragma(name, { simple: true });
    expect(store.notice).toBeNull();
    expect({
      journal: pragma('journal_mode'),
      synchronous: pragma('synchronous'),
      foreignKeys: pragma('foreign_keys'),
      autoVacuum: pragma('auto_vacuum'),
      applicationId: pragma('application_id'),
      busyTimeout: pragma('busy_timeout'),
      cacheKiB: pragma('cache_size'),
      version: pragma('user_version'),
    }).toEqual({
      journal: 'wal',
      synchronous: 2,
      foreignKeys: 1,
      autoVacuum: 2,
      applicationId: 0x534c5543,
      busyTimeout: 5000,
      cacheKiB: -2048,
      version: MIGRATIONS.at(-1)?.version,
    });
    expect(store.sizeBytes()).toBeGreaterThan(0);
    store.close();
    store.close();
  });

  it('has only strict tables', () => {
    using dir = tempDir();
    const store = openStore(dir.path, { now });
    const tables = store.db.pragma('table_list') as { name: string; strict: number }[];
    const loose = tables.filter((table) => !table.name.startsWith('sqlite_') && table.strict === 0);
    expect(tables.length).toBeGreaterThan(10);
    expect(loose).toEqual([]);
    store.close();
  });

  it('carries its identity in the file itself from the first moment', () => {
    using dir = tempDir();
    const store = openStore(dir.path, { now });
    // While open, most of the content is still in the log beside it.
    expect(readFileSync(dir.database).readUInt32BE(68)).toBe(0x534c5543);
    store.close();
  });

  it('is readable by its owner only, log included', () => {
    using dir = tempDir();
    const store = openStore(dir.path, { now });
    const modes = [dir.database, `${dir.database}-wal`].map((path) =>
      (statSync(path).mode & 0o777).toString(8),
    );
    store.close();
    // Windows has no such bits: there the directory's access list decides.
    const expected = process.platform === 'win32' ? '666' : '600';
    expect(modes).toEqual([expected, expected]);
  });

  it('leaves no log behind when it is closed', () => {
    using dir = tempDir();
    const store = openStore(dir.path, { now });
    revision(store.db, 'api');
    store.close();
    expect(dir.list()).toEqual(['sluice.db']);
  });

  it('says why it cannot be used', () => {
    using dir = tempDir();
    writeFileSync(join(dir.path, 'file'), '');
    expect(() => openStore(join(dir.path, 'file', 'below'), { now })).toThrow(/ENOTDIR/);
  });
});

describe('migrating', () => {
  const next: Migration = {
    version: 20,
    name: 'split-note',
    sql: `ALTER TABLE settings RENAME TO old_settings;
      CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL, changed_by TEXT NOT NULL) STRICT, WITHOUT ROWID;
      INSERT INTO settings SELECT key, value, 'unknown' FROM old_settings;
      DROP TABLE old_settings;`,
  };
  const broken: Migration = {
    version: 30,
    name: 'broken',
    sql: 'CREATE TABLE extra (a INTEGER) STRICT; SELECT nothing;',
  };

  it('brings data along and keeps a copy of how it was', () => {
    using dir = tempDir();
    const old = openStore(dir.path, { now, migrations: [initial] });
    writeSetting(old.db, 'theme', 'dark');
    revision(old.db, 'api');
    old.close();

    const store = openStore(dir.path, { now, migrations: [initial, next] });
    expect(store.notice).toBeNull();
    expect(store.db.pragma('user_version', { simple: true })).toBe(20);
    expect(store.db.prepare('SELECT * FROM settings').all()).toEqual([
      { key: 'theme', value: '"dark"', changed_by: 'unknown' },
    ]);
    expect(latestRevision(store.db)?.config).toEqual(configWith('api'));
    expect(store.db.pragma('foreign_keys', { simple: true })).toBe(1);
    store.close();

    expect(dir.list()).toEqual(['sluice-v10-20261120T224400Z.db', 'sluice.db']);
    const copy = new Database(join(dir.path, 'sluice-v10-20261120T224400Z.db'), { readonly: true });
    expect(copy.pragma('user_version', { simple: true })).toBe(10);
    expect(copy.prepare('SELECT * FROM settings').all()).toEqual([{ key: 'theme', value: '"dark"' }]);
    copy.close();
  });

  it('keeps every drain that was logged by name, and its record append-only', () => {
    using dir = tempDir();
    const old = openStore(dir.path, { now, migrations: [initial, incidentsOfABackend] });
    old.db.exec(`INSERT INTO series (id, pool, backend) VALUES (7, 'api', 'one');
      INSERT INTO intent_log (id, at, pool, backend, from_state, to_state, author) VALUES
        (3, 10, 'api', 'one', 'enabled', 'draining', 'tray'),
        (4, 20, 'api', 'two', 'draining', 'enabled', 'window'),
        (5, 30, 'api', 'two', 'enabled', 'disabled', 'api');`);
    old.close();

    const { db, close } = openStore(dir.path, { now });
    expect(listIntentLog(db, { from: 0, to: 99, limit: 9 })).toEqual([
      { at: 10, pool: 'api', backend: 'one', from: 'enabled', to: 'draining', author: 'tray' },
      { at: 20, pool: 'api', backend: 'two', from: 'draining', to: 'enabled', author: 'window' },
      { at: 30, pool: 'api', backend: 'two', from: 'enabled', to: 'disabled', author: 'api' },
    ]);
    expect(db.prepare('SELECT id, series FROM intent_log WHERE at = 10').get()).toEqual({ id: 3, series: 7 });
    expect(() => db.exec('DELETE FROM intent_log')).toThrow('append-only');
    expect(db.pragma('foreign_key_check')).toEqual([]);
    close();
  });

  it('does nothing to a database that is current', () => {
    using dir = tempDir();
    openStore(dir.path, { now }).close();
    openStore(dir.path, { now }).close();
    expect(dir.list()).toEqual(['sluice.db']);
  });

  it('finishes what an interrupted first start began, without a copy of nothing', () => {
    using dir = tempDir();
    openStore(dir.path, { now, migrations: [] }).close();
    const store = openStore(dir.path, { now });
    expect([store.notice, revision(store.db, 'api')]).toEqual([null, 1]);
    store.close();
    expect(dir.list()).toEqual(['sluice.db']);
  });

  it('that fails changes nothing, says where the copy is and does not start empty', () => {
    using dir = tempDir();
    const old = openStore(dir.path, { now, migrations: [initial] });
    revision(old.db, 'api');
    old.close();
    expect(() => openStore(dir.path, { now, migrations: [initial, broken] })).toThrow(
      /could not be brought to schema 30: .*; it is unchanged, and a copy of it lies at .*sluice-v10-20261120T224400Z\.db/,
    );
    const store = openStore(dir.path, { now, migrations: [initial] });
    const extra = store.db.prepare("SELECT name FROM sqlite_schema WHERE name = 'extra'").get();
    expect([store.notice, extra, latestRevision(store.db)?.revision]).toEqual([null, undefined, 1]);
    store.close();
  });
});

describe('a database that cannot be used', () => {
  const ASIDE = 'sluice.db.set-aside-20261120T224400Z';

  it('of a newer Sluice is set aside with its data', () => {
    using dir = tempDir();
    const newer: Migration = { version: 990, name: 'future', sql: 'CREATE TABLE future (a INTEGER) STRICT' };
    openStore(dir.path, { now, migrations: [initial, newer] }).close();
    const store = openStore(dir.path, { now });
    expect(store.notice).toBe(
      `The database at ${dir.database} was written by a newer Sluice (schema 990, this one knows ${MIGRATIONS.at(-1)?.version}). ` +
        `It was set aside as ${join(dir.path, ASIDE)}; Sluice starts with a fresh one.`,
    );
    expect(revision(store.db, 'api')).toBe(1);
    store.close();
    expect(dir.list()).toEqual(['sluice.db', ASIDE]);
    const kept = new Database(join(dir.path, ASIDE), { readonly: true });
    expect(kept.prepare("SELECT name FROM sqlite_schema WHERE name = 'future'").pluck().get()).toBe('future');
    kept.close();
  });

  it.each([
    [
      'with tables and no marks of its own',
      (db: Database.Database) => db.exec('CREATE TABLE notes (a); INSERT INTO notes VALUES (1)'),
    ],
    ['with an application id of its own', (db: Database.Database) => db.pragma('application_id = 4711')],
    [
      'with a write-ahead log',
      (db: Database.Database) => db.exec('PRAGMA journal_mode = WAL; CREATE TABLE notes (a)'),
    ],
  ])('of another program, %s, is set aside untouched', (_name, prepare) => {
    using dir = tempDir();
    const theirs = new Database(dir.database);
    prepare(theirs);
    theirs.close();
    const before = readFileSync(dir.database);
    const store = openStore(dir.path, { now });
    expect(store.notice).toContain('belongs to another program');
    store.close();
    expect(dir.list()).toEqual(['sluice.db', ASIDE]);
    expect(readFileSync(join(dir.path, ASIDE)).equals(before)).toBe(true);
  });

  it.each([
    [
      'is text',
      (path: string) =>
        writeFileSync(path, 'this is no database, though it is long enough to be one'.repeat(9)),
    ],
    ['is a stub', (path: string) => writeFileSync(path, 'x')],
  ])('because it %s is set aside', (_name, damage) => {
    using dir = tempDir();
    damage(dir.database);
    const store = openStore(dir.path, { now });
    expect(store.notice).toContain('is damaged');
    expect(revision(store.db, 'api')).toBe(1);
    store.close();
    expect(dir.list()).toEqual(['sluice.db', ASIDE]);
  });

  it.each([
    ['cut off', (path: string) => truncateSync(path, 8192)],
    ['overwritten from its second page', (path: string) => overwrite(path, 4096, statSync(path).size)],
  ])('because it is %s is set aside', (_name, damage) => {
    using dir = tempDir();
    const old = openStore(dir.path, { now });
    revision(old.db, 'api');
    old.close();
    damage(dir.database);
    const store = openStore(dir.path, { now });
    expect(store.notice).toMatch(/is damaged \(.+\)\. It was set aside as /);
    expect(revision(store.db, 'web')).toBe(1);
    store.close();
    expect(dir.list()).toEqual(['sluice.db', ASIDE]);
  });

  it('gives up its revisions and settings when only measurements are damaged', () => {
    using dir = tempDir();
    const old = openStore(dir.path, { now });
    for (const pool of ['one', 'two', 'three']) revision(old.db, pool);
    writeSetting(old.db, 'theme', 'dark');
    const drain = {
      at: 5,
      pool: 'api',
      backend: 'one',
      from: 'enabled',
      to: 'draining',
      author: 'tray',
    } as const;
    logIntent(old.db, drain);
    const root = old.db
      .prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'checks'")
      .pluck()
      .get() as number;
    old.close();
    overwrite(dir.database, (root - 1) * 4096, root * 4096);

    const store = openStore(dir.path, { now });
    expect(store.notice).toMatch(/; Sluice starts with a fresh one and took 3 revisions over from it\.$/);
    expect(listRevisions(store.db, { limit: 10 }).map((saved) => saved.revision)).toEqual([3, 2, 1]);
    expect(latestRevision(store.db)?.config).toEqual(configWith('three'));
    expect(readSettings(store.db)).toEqual({ theme: 'dark' });
    expect(listIntentLog(store.db, { from: 0, to: 9, limit: 9 })).toEqual([drain]);
    expect(revision(store.db, 'four')).toBe(4);
    store.close();
  });

  it('takes its log along, so that nothing of it leaks into the fresh one', () => {
    using dir = tempDir();
    writeFileSync(dir.database, 'not a database');
    writeFileSync(`${dir.database}-wal`, 'nor a log');
    writeFileSync(`${dir.database}-shm`, 'nor an index');
    openStore(dir.path, { now }).close();
    expect(dir.list()).toEqual(['sluice.db', ASIDE, `${ASIDE}-shm`, `${ASIDE}-wal`]);
    expect(readFileSync(join(dir.path, `${ASIDE}-wal`), 'utf8')).toBe('nor a log');
  });

  it('never overwrites what was set aside before', () => {
    using dir = tempDir();
    for (const content of ['first', 'second']) {
      writeFileSync(dir.database, content);
      openStore(dir.path, { now }).close();
    }
    expect(dir.list()).toEqual(['sluice.db', ASIDE, `${ASIDE}-2`]);
    expect(readFileSync(join(dir.path, ASIDE), 'utf8')).toBe('first');
  });

  it('is opened as new when it is empty', () => {
    using dir = tempDir();
    writeFileSync(dir.database, '');
    const store = openStore(dir.path, { now });
    expect(store.notice).toBeNull();
    store.close();
    expect(dir.list()).toEqual(['sluice.db']);
  });
});

function overwrite(path: string, fromByte: number, toByte: number): void {
  const content = readFileSync(path);
  content.fill(0xa5, fromByte, toByte);
  writeFileSync(path, content);
}
