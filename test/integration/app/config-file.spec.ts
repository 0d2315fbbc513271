// The watched config file, on a whole core: what is imported when, what is said when it cannot be, and
// that the last good Config keeps serving meanwhile.
import { chmodSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startBackend } from '../../support/backends.ts';
import { startTestCore, type TestCore, tempDir } from '../../support/core-harness.ts';
import { ask } from '../../support/http-get.ts';
import { apiConfig } from '../../support/test-config.ts';

const A = { name: 'a', address: '127.0.0.1:9' };

async function revisions({ view }: TestCore) {
  return (await view.call('revisions.list', {})).revisions;
}

function untilNotice({ view }: TestCore, part: string): Promise<string> {
  return view.until(`the notice says "${part}"`, () => {
    const notice = view.system.configNotice;
    return notice?.includes(part) && notice;
  });
}

describe('a config file', () => {
  it('is imported once: a restart neither imports it again nor undoes what the window changed since', async () => {
    using dir = tempDir();
    const configFile = dir.write('sluice.json', apiConfig([A]));
    const dataDir = join(dir.path, 'data');
    {
      await using core = await startTestCore({ dataDir, configFile });
      expect(await revisions(core)).toMatchObject([
        { revision: 1, author: 'file', note: 'imported from sluice.json' },
      ]);
      await core.view.call('backends.setWeight', { pool: 'api', backend: 'a', weight: 42 });
    }
    await using core = await startTestCore({ dataDir, configFile });
    expect(core.view.backend('api', 'a')).toMatchObject({ weight: 42 });
    expect(await revisions(core)).toHaveLength(2);
    expect(core.view.system.configNotice).toBeNull();
  });

  it('that changed while Sluice was not running is imported at the next start', async () => {
    using dir = tempDir();
    const configFile = dir.write('sluice.json', apiConfig([A]));
    const dataDir = join(dir.path, 'data');
    {
      await using core = await startTestCore({ dataDir, configFile });
      await core.view.call('backends.setWeight', { pool: 'api', backend: 'a', weight: 42 });
    }
    dir.write('sluice.json', apiConfig([{ ...A, weight: 7 }]));
    await using core = await startTestCore({ dataDir, configFile });
    expect(core.view.backend('api', 'a')).toMatchObject({ weight: 7 });
  });

  it('is imported when it is written, replaced by a rename, or removed and made again', async () => {
    using dir = tempDir();
    const configFile = dir.write('sluice.json', apiConfig([A]));
    await using core = await startTestCore({ configFile });
    const { view } = core;
    const untilWeight = (weight: number) =>
      view.untilBackend('api', 'a', `weighs ${weight}`, (a) => a.weight === weight);
    dir.write('sluice.json', apiConfig([{ ...A, weight: 2 }]));
    await untilWeight(2);
    renameSync(dir.write('.sluice.json.tmp', apiConfig([{ ...A, weight: 3 }])), configFile);
    await untilWeight(3);
    rmSync(configFile);
    await untilNotice(core, 'there is no config file');
    expect(view.backend('api', 'a')).toMatchObject({ weight: 3 });
    dir.write('sluice.json', apiConfig([{ ...A, weight: 4 }]));
    await untilWeight(4);
    await view.until('the notice is gone', () => view.system.configNotice === null);
  });

  it('that is not valid says every problem, changes nothing, and is imported once corrected', async () => {
    using dir = tempDir();
    await using one = await startBackend('one');
    const configFile = dir.write('sluice.json', apiConfig([one]));
    await using core = await startTestCore({ configFile });
    const { view } = core;
    const url = await core.url();

    dir.write('sluice.json', apiConfig([{ name: 'one', address: 'nowhere', weight: -1 }]));
    const notice = await untilNotice(core, 'was not imported');
    expect(notice).toContain(`${configFile} was not imported, what ran before goes on: `);
    expect(notice).toContain('pools.0.backends.0.address');
    expect(notice).toContain('pools.0.backends.0.weight');
    expect((await ask(url)).body).toBe('one');

    writeFileSync(configFile, '{ "version": 1,');
    expect(await untilNotice(core, 'is not valid JSON')).toContain('what ran before goes on');
    expect((await ask(url)).body).toBe('one');
    expect(await revisions(core)).toHaveLength(1);

    // A byte order mark, as some editors write it, is no problem.
    writeFileSync(configFile, `\uFEFF${JSON.stringify(apiConfig([{ name: 'two', address: one.address }]))}`);
    await view.untilBackend('api', 'two', 'is there', () => true);
    await view.until('the notice is gone', () => view.system.configNotice === null);
    expect((await ask(url)).body).toBe('one');
  });

  it('that is missing is said, and imported as soon as it is there', async () => {
    using dir = tempDir();
    await using core = await startTestCore({ configFile: join(dir.path, 'sluice.json') });
    const { view } = core;
    expect(view.system.configNotice).toBe(
      `there is no config file at ${join(dir.path, 'sluice.json')}; create it or correct the path; nothing runs until it can be used`,
    );
    expect(core.log.map((line) => line.msg)).toContain(view.system.configNotice);
    expect(view.status.pools).toEqual([]);
    dir.write('sluice.json', apiConfig([A]));
    await view.untilBackend('api', 'a', 'is there', () => true);
    await view.until('the notice is gone', () => view.system.configNotice === null);
  });

  it('that cannot be read is said, and the rest of Sluice works', async () => {
    using dir = tempDir();
    const folder = join(dir.path, 'folder.json');
    mkdirSync(folder);
    {
      await using core = await startTestCore({ configFile: folder });
      expect(core.view.system.configNotice).toBe(
        `${folder} is a folder; name the config file inside it; nothing runs until it can be used`,
      );
      const saved = await core.view.call('config.apply', { config: apiConfig([A]) });
      expect(saved).toEqual({ revision: 1, changed: true });
    }
    const secret = dir.write('secret.json', apiConfig([A]));
    chmodSync(secret, 0);
    // Root may read everything.
    if (process.getuid?.() === 0) return;
    await using core = await startTestCore({ configFile: secret });
    expect(core.view.system.configNotice).toBe(
      `${secret} may not be read by this user; change its permissions; nothing runs until it can be used`,
    );
  });

  it('in a folder that does not exist leaves its own notice', async () => {
    using dir = tempDir();
    const configFile = join(dir.path, 'gone', 'sluice.json');
    await using core = await startTestCore({ configFile });
    expect(core.view.system.configNotice).toContain(`there is no config file at ${configFile}`);
  });

  it('imported with a drain made by hand keeps it unless the file changes that backend’s state', async () => {
    using dir = tempDir();
    const configFile = dir.write('sluice.json', apiConfig([A]));
    await using core = await startTestCore({ configFile });
    const { view } = core;
    await view.call('backends.setState', { pool: 'api', backend: 'a', state: 'draining' });
    dir.write('sluice.json', apiConfig([{ ...A, weight: 2 }]));
    await view.untilBackend('api', 'a', 'weighs 2', (a) => a.weight === 2);
    expect(view.backend('api', 'a')?.admin).toBe('draining');
    dir.write('sluice.json', apiConfig([{ ...A, weight: 2, state: 'disabled' }]));
    await view.untilState('api', 'a', 'disabled');
  });
});
