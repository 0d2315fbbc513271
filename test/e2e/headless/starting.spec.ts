// How the shipping headless host starts, or says in one sentence why not: flags, ports that are taken,
// config files that cannot be used, data that is in use.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Config, emptyConfig } from '#shared/config/config.ts';
import { openStore } from '../../../src/main/store/open.ts';
import { listRevisions, saveRevision } from '../../../src/main/store/revisions.ts';
import { startBackend } from '../../support/backends.ts';
import { tempDir } from '../../support/core-harness.ts';
import { occupy } from '../../support/free-port.ts';
import { runHeadless, startHeadless } from '../../support/headless.ts';
import { ask } from '../../support/http-get.ts';
import { apiConfig } from '../../support/test-config.ts';

const EXIT_CANNOT_START = 1;
const EXIT_USAGE = 2;

describe('flags', () => {
  it.each<[flags: string[], sentence: RegExp]>([
    [['--bogus'], /^Unknown option '--bogus'/],
    [['stray'], /^Unexpected argument 'stray'/],
    [
      ['--control', '0.0.0.0:7070'],
      /^--control 0\.0\.0\.0:7070: the control endpoint is for this machine only; use /,
    ],
    [
      ['--control', '192.168.1.5:0'],
      /^--control 192\.168\.1\.5:0: the control endpoint is for this machine only; use /,
    ],
    [['--control', 'seven'], /^--control seven: use HOST:PORT, for example 127\.0\.0\.1:7070\n/],
    [['--config'], /^Option '--config' argument is ambiguous/],
  ])('%j are refused with a sentence and the usage, and nothing is started', async (flags, sentence) => {
    using dir = tempDir();
    const ended = await runHeadless(...flags, '--data', join(dir.path, 'data'));
    expect(ended.code).toBe(EXIT_USAGE);
    expect(ended.stderr).toMatch(sentence);
    expect(ended.stderr).toContain('Usage: npm run serve -- [options]');
    expect(ended.stdout).toBe('');
  });

  it('--help prints the usage', async () => {
    const ended = await runHeadless('--help');
    expect([ended.code, ended.stderr]).toEqual([0, '']);
    expect(ended.stdout).toContain('--control HOST:PORT');
  });
});

describe('a port that is taken', () => {
  it('by another program keeps one listener from accepting: it is said, the rest serves, and it recovers', async () => {
    using dir = tempDir();
    await using one = await startBackend('one');
    const taken = await occupy(0);
    const config = apiConfig([one]);
    config.listeners.push({ name: 'second', port: taken.port, routes: [{ name: 'all', pool: 'api' }] });
    const flags = ['--config', dir.write('sluice.json', config), '--data', join(dir.path, 'data')];
    await using sluice = await startHeadless(...flags);
    const { view } = sluice;
    expect(sluice.ready.listeners.map((listener) => listener.name)).toEqual(['web']);
    const sentence = `127.0.0.1:${taken.port} is in use by another program; stop it or give listener "second" another port`;
    expect(view.listener('second')).toMatchObject({
      state: 'failed',
      address: `127.0.0.1:${taken.port}`,
      error: sentence,
    });
    expect(sluice.output().stderr).toContain(JSON.stringify(sentence));
    expect((await ask(sluice.url())).body).toBe('one');
    await taken[Symbol.asyncDispose]();
    const recovered = await view.untilListening('second');
    expect(recovered.error).toBeUndefined();
    expect((await ask(`http://${recovered.address}`)).body).toBe('one');
  });

  it('for the control endpoint ends it with a sentence', async () => {
    using dir = tempDir();
    await using taken = await occupy(0);
    const ended = await runHeadless('--data', join(dir.path, 'data'), '--control', `127.0.0.1:${taken.port}`);
    expect(ended.code).toBe(EXIT_CANNOT_START);
    expect(ended.stderr).toBe(
      `--control 127.0.0.1:${taken.port}: the port is already in use; close what uses it or choose another port\n`,
    );
    expect(ended.stdout).toBe('');
  });
});

describe('a data folder', () => {
  it('that another Sluice uses is refused with a sentence that names it, and the first goes on', async () => {
    using dir = tempDir();
    await using first = await startHeadless('--data', dir.path);
    const ended = await runHeadless('--data', dir.path);
    expect(ended.code).toBe(EXIT_CANNOT_START);
    expect(ended.stderr).toMatch(
      /^Another Sluice \(headless, process \d+, since \d\d:\d\d\) uses .+; close it or choose another --data\n$/,
    );
    expect((await ask(`${first.ready.control}/healthz`)).status).toBe(200);
  });

  it('that cannot be made is refused with a sentence', async () => {
    using dir = tempDir();
    const ended = await runHeadless('--data', join(dir.write('file', 'not a folder'), 'data'));
    expect(ended.code).toBe(EXIT_CANNOT_START);
    expect(ended.stderr).toMatch(/ cannot be used: .+; choose another --data\n$/);
  });
});

describe('a database', () => {
  it('whose newest revision this Sluice cannot read ends it with a sentence, and is left as it was', async () => {
    using dir = tempDir();
    const store = openStore(dir.path, { now: Date.now });
    const config = { ...emptyConfig(), version: 2 } as unknown as Config;
    saveRevision(store.db, { at: 1, author: 'api', note: '', changes: [], config });
    store.close();
    const ended = await runHeadless('--data', dir.path);
    expect(ended).toMatchObject({ code: EXIT_CANNOT_START, signal: null });
    expect(ended.stderr).toMatch(/^revision 1 cannot be read by this Sluice: .*version/);
    const after = openStore(dir.path, { now: Date.now });
    expect(after.notice).toBeNull();
    expect(listRevisions(after.db, { limit: 5 })).toHaveLength(1);
    after.close();
  });
});

describe('a config file', () => {
  it('that cannot be used is said and Sluice runs without it, until it can', async () => {
    using dir = tempDir();
    await using one = await startBackend('one');
    const file = dir.write('sluice.json', '{ "version": 1, "pools": [ }');
    await using sluice = await startHeadless('--config', file, '--data', join(dir.path, 'data'));
    const { view } = sluice;
    expect(sluice.ready.listeners).toEqual([]);
    expect(view.system.configNotice).toContain(`${file} is not valid JSON`);
    dir.write('sluice.json', apiConfig([one]));
    const web = await view.untilListening('web');
    await view.until('the notice is gone', () => view.system.configNotice === null);
    expect((await ask(`http://${web.address}`)).body).toBe('one');
    rmSync(file);
    await view.until('it is missed', () =>
      view.system.configNotice?.startsWith('there is no config file at'),
    );
    expect((await ask(`http://${web.address}`)).body).toBe('one');
  });
});
