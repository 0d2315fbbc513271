// A core when things go wrong around it: its engine thread dies, its database is damaged or cannot be
// opened, its folder is taken.
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it, vi } from 'vitest';
import { startCore } from '../../../src/main/core.ts';
import { startBackend } from '../../support/backends.ts';
import { testAuthority } from '../../support/certificates.ts';
import { capture, coreOptions, type LogLine, startTestCore, tempDir } from '../../support/core-harness.ts';
import { freePort } from '../../support/free-port.ts';
import { ask } from '../../support/http-get.ts';
import { KEPT_ENGINE, keepEngines } from '../../support/kept-engine.ts';
import { apiConfig, QUICK_CHECK } from '../../support/test-config.ts';

describe('an engine thread that dies', () => {
  it('is started again and serves the same plan: address, drains, health and totals are as they were', async () => {
    await using one = await startBackend('one');
    await using two = await startBackend('two');
    await using three = await startBackend('three');
    const port = await freePort();
    using engine = keepEngines();
    await using core = await startTestCore({
      engineThread: KEPT_ENGINE,
      expectErrors: true,
      config: apiConfig([one, two, three], { healthCheck: QUICK_CHECK }, { port }),
    });
    const { view } = core;
    const url = await core.url();
    for (const backend of ['one', 'two', 'three']) await view.untilState('api', backend, 'up');
    await view.call('backends.setState', { pool: 'api', backend: 'one', state: 'draining' });
    two.healthy = false;
    await view.untilState('api', 'two', 'down');
    for (let i = 0; i < 3; i++) expect((await ask(url)).body).toBe('three');
    await view.untilBackend('api', 'three', 'has counted', (b) => b.requests === 3);
    three.hold();
    const cut = ask(url).catch((error: Error) => error);
    await three.untilHeld(1);
    const before = view.status;

    engine.kill();
    expect(await cut).toBeInstanceOf(Error);
    three.release();
    await view.until('the status says that no plan runs', () => view.status.appliedRevision === 0);
    expect(view.status).toMatchObject({
      revision: before.revision,
      listeners: [{ state: 'starting', connections: 0 }],
      pools: [{ inFlight: 0 }],
    });
    await expect(ask(url)).rejects.toThrow();
    engine.release();
    await view.until('it is back', () => view.status.appliedRevision === before.revision);
    expect((await view.untilListening('web')).address).toBe(`127.0.0.1:${port}`);
    for (let i = 0; i < 3; i++) expect((await ask(url)).body).toBe('three');
    await view.untilBackend('api', 'three', 'goes on counting', (b) => b.requests >= 6);
    expect(view.backend('api', 'one')?.admin).toBe('draining');
    expect(core.log.filter((line) => line.level >= 50).map((line) => line.msg)).toEqual([
      expect.stringContaining('the engine thread ended and is started again'),
    ]);
  });

  it('while it is gone keeps edits and health, and runs them when it is back', async () => {
    await using one = await startBackend('one');
    await using two = await startBackend('two');
    const port = await freePort();
    using engine = keepEngines();
    await using core = await startTestCore({
      engineThread: KEPT_ENGINE,
      expectErrors: true,
      config: apiConfig([one], {}, { port }),
    });
    const { view } = core;
    const url = await core.url();
    engine.kill();
    await view.until('it is gone', () => view.status.appliedRevision === 0);
    const applied = view.call('config.apply', { config: apiConfig([two], {}, { port }) });
    await view.until('it is saved', () => view.eventsOf('revision').length === 2);
    engine.release();
    const { revision } = await applied;
    await view.until('it runs', () => view.status.appliedRevision === revision);
    expect((await ask(url)).body).toBe('two');
    await view.call('backends.setState', { pool: 'api', backend: 'two', state: 'disabled' });
    expect((await ask(url)).status).toBe(503);
  });
});

describe('a data folder', () => {
  it('with a damaged database opens with a fresh one, keeps the damaged one and says so', async () => {
    using dir = tempDir();
    dir.write('sluice.db', 'this was a database once');
    await using core = await startTestCore({ dataDir: dir.path, config: apiConfig([]) });
    const kept = readdirSync(dir.path).filter((name) => name.startsWith('sluice.db.set-aside-'));
    expect(kept).toHaveLength(1);
    expect(core.view.system.storeNotice).toContain(join(dir.path, kept[0] ?? ''));
    expect(core.log.map((line) => line.msg)).toContain(core.view.system.storeNotice);
    expect((await core.view.call('config.get', {})).revision).toBe(1);
  });

  it('in use is refused to a second core in a sentence that names the first', async () => {
    using dir = tempDir();
    const second = () => startCore(coreOptions(dir.path), capture([]));
    {
      await using _first = await startTestCore({ dataDir: dir.path });
      await expect(second()).rejects.toThrow(
        new RegExp(
          `^Another Sluice \\(test, process ${process.pid}, since \\d\\d:\\d\\d\\) uses ${dir.path}; close it or choose another --data$`,
        ),
      );
    }
    await (await second()).stop(0);
  });

  it('that could not be opened is not kept locked', async () => {
    using dir = tempDir();
    mkdirSync(join(dir.path, 'sluice.db'));
    await expect(startCore(coreOptions(dir.path), capture([]))).rejects.toThrow();
    rmSync(join(dir.path, 'sluice.db'), { recursive: true });
    await using core = await startTestCore({ dataDir: dir.path });
    expect(core.view.system.storeNotice).toBeNull();
  });

  it('whose revisions cannot be read is let go of by the core that has begun on it', async () => {
    using dir = tempDir();
    const change = (sql: string) => {
      const db = new Database(join(dir.path, 'sluice.db'));
      db.exec(sql);
      db.close();
    };
    {
      await using _core = await startTestCore({ dataDir: dir.path, config: apiConfig([]) });
    }
    change('ALTER TABLE revisions RENAME TO lost');
    await expect(startCore(coreOptions(dir.path), capture([]))).rejects.toThrow('no such table: revisions');
    // The log of a database goes with the last one who has it open.
    expect(existsSync(join(dir.path, 'sluice.db-wal'))).toBe(false);
    change('ALTER TABLE lost RENAME TO revisions');
    await using core = await startTestCore({ dataDir: dir.path });
    expect((await core.view.call('config.get', {})).config.pools).toHaveLength(1);
  });

  it('has its files watched no more by a core that could not start', async () => {
    using dir = tempDir();
    const caFile = join(dir.path, 'ca.pem');
    writeFileSync(caFile, (await testAuthority()).cert);
    {
      await using _core = await startTestCore({
        dataDir: dir.path,
        config: apiConfig([], { tls: { caFile } }),
      });
    }
    const said: LogLine[] = [];
    const options = coreOptions(dir.path, { engineThread: 'no URL' });
    await expect(startCore(options, capture(said))).rejects.toThrow('Invalid URL');
    await using core = await startTestCore({ dataDir: dir.path });
    const before = said.length;
    writeFileSync(caFile, 'no certificate');
    await vi.waitFor(() => expect(core.log.map(({ msg }) => msg).join()).toContain(caFile));
    // Both would hear of it in the same turn.
    expect(said.slice(before)).toEqual([]);
  });
});
