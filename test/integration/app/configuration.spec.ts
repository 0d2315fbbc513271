// How a Config changes, on a whole core: what makes a revision and what does not, where problems are
// reported, what becomes of drains, and what is still there after a restart.
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import type { BackendConfig } from '#shared/config/backend.ts';
import { Config, type ConfigInput } from '#shared/config/config.ts';
import { type NamedBackend, startBackend } from '../../support/backends.ts';
import { startTestCore, tempDir } from '../../support/core-harness.ts';
import type { CoreView } from '../../support/core-view.ts';
import { ask } from '../../support/http-get.ts';
import { apiConfig } from '../../support/test-config.ts';

const A = { name: 'a', address: '127.0.0.1:9' };
const B = { name: 'b', address: '127.0.0.1:9', weight: 3 };

async function backendConfig(view: CoreView, pool: string, name: string): Promise<BackendConfig | undefined> {
  const { config } = await view.call('config.get', {});
  return config.pools.find((p) => p.name === pool)?.backends.find((b) => b.name === name);
}

const admin = (view: CoreView, pool: string, backend: string) => view.backend(pool, backend)?.admin;

describe('an edit', () => {
  it('makes a revision with its author, its note and what it changes', async () => {
    await using core = await startTestCore();
    const { view } = core;
    const before = Date.now();
    const first = await view.call('config.apply', { config: apiConfig([A, B]), note: 'first light' });
    const cli = await core.open('cli');
    const second = await cli.call('backends.setWeight', { pool: 'api', backend: 'b', weight: 5 });
    expect(second).toEqual({ revision: first.revision + 1, changed: true, previous: 3 });
    const { revisions } = await view.call('revisions.list', {});
    expect(revisions).toMatchObject([
      { revision: second.revision, author: 'cli', note: '', changes: ['weight of api/b: 3 → 5'] },
      {
        revision: first.revision,
        author: 'window',
        note: 'first light',
        changes: ['add listener web', 'add pool api'],
      },
    ]);
    for (const { at } of revisions) expect(at).toBeGreaterThanOrEqual(before);
    await view.until('both were told', () => view.eventsOf('revision').length === 2);
    expect(view.eventsOf('revision')).toEqual(revisions.toReversed());
  });

  it('that changes nothing makes no revision and says so', async () => {
    await using core = await startTestCore({ config: apiConfig([A, B]) });
    const { view } = core;
    const { revision, config } = await view.call('config.get', {});
    const unchanged = { revision, changed: false };
    expect(await view.call('config.apply', { config })).toEqual(unchanged);
    expect(await view.call('config.apply', { config: apiConfig([A, B]) })).toEqual(unchanged);
    expect(await view.call('revisions.rollback', { revision })).toEqual(unchanged);
    const weight = { pool: 'api', backend: 'b', weight: 3 };
    expect(await view.call('backends.setWeight', weight)).toEqual({ ...unchanged, previous: 3 });
    expect((await view.call('revisions.list', {})).revisions).toHaveLength(1);
  });

  it('is running when it is answered', async () => {
    await using one = await startBackend('one');
    await using two = await startBackend('two');
    await using core = await startTestCore({ config: apiConfig([one]) });
    const url = await core.url();
    expect((await ask(url)).body).toBe('one');
    await core.view.call('backends.update', {
      pool: 'api',
      name: 'one',
      backend: { name: 'one', address: two.address },
    });
    expect((await ask(url)).body).toBe('two');
  });

  it('on an outdated base is refused and changes nothing', async () => {
    await using core = await startTestCore({ config: apiConfig([A]) });
    const { view } = core;
    const { revision } = await view.call('config.get', {});
    await view.call('backends.add', { pool: 'api', backend: B });
    expect(
      await view.refusal('config.apply', { config: apiConfig([]), baseRevision: revision }),
    ).toMatchObject({ code: 'conflict', message: expect.stringContaining(`r${revision + 1}`) });
    expect((await view.call('config.get', {})).config.pools[0]?.backends).toHaveLength(2);
    const applied = await view.call('config.apply', { config: apiConfig([A]), baseRevision: revision + 1 });
    expect(applied.revision).toBe(revision + 2);
  });

  it('made by two clients at once is kept from both', async () => {
    await using core = await startTestCore({ config: apiConfig([A, B]) });
    const other = await core.open('api');
    await Promise.all([
      core.view.call('backends.setWeight', { pool: 'api', backend: 'a', weight: 7 }),
      other.call('backends.setWeight', { pool: 'api', backend: 'b', weight: 8 }),
    ]);
    expect(await backendConfig(core.view, 'api', 'a')).toMatchObject({ weight: 7 });
    expect(await backendConfig(core.view, 'api', 'b')).toMatchObject({ weight: 8 });
  });
});

describe('a problem', () => {
  const config = apiConfig([A, B]);
  config.listeners.push({ name: 'admin', port: 0, routes: [] });

  it('is reported on the field of the input it is about', async () => {
    await using core = await startTestCore({ config });
    const { view } = core;
    const paths = async (refusal: Promise<{ code: string; issues?: { path: string }[] | undefined }>) => {
      const { code, issues } = await refusal;
      return [code, ...(issues ?? []).map((issue) => issue.path)];
    };
    const { revision } = await view.call('config.get', {});
    // Of the shape: the input's own path.
    expect(
      await paths(view.refusal('backends.add', { pool: 'api', backend: { name: 'c d', address: 'x' } })),
    ).toEqual(['invalid', 'backend.name', 'backend.address']);
    // Between parts of the Config, with the edited part after the other one and before it.
    const twice = ['invalid', 'backend.name'];
    expect(await paths(view.refusal('backends.add', { pool: 'api', backend: A }))).toEqual(twice);
    expect(
      await paths(view.refusal('backends.update', { pool: 'api', name: 'b', backend: { ...B, name: 'a' } })),
    ).toEqual(twice);
    expect(
      await paths(view.refusal('backends.update', { pool: 'api', name: 'a', backend: { ...A, name: 'b' } })),
    ).toEqual(twice);
    expect(
      await paths(view.refusal('listeners.update', { name: 'web', listener: { name: 'admin', port: 0 } })),
    ).toEqual(['invalid', 'listener.name']);
    expect(
      await paths(
        view.refusal('routes.add', { listener: 'admin', route: { name: 'r', pool: 'nowhere' }, index: 0 }),
      ),
    ).toEqual(['invalid', 'route.pool']);
    expect(
      await paths(
        view.refusal('pools.update', {
          name: 'api',
          pool: { name: 'api', healthCheck: { type: 'tcp', intervalMs: 100, timeoutMs: 200 } },
        }),
      ),
    ).toEqual(['invalid', 'pool.healthCheck.timeoutMs']);
    expect((await view.call('config.get', {})).revision).toBe(revision);
  });

  it('names the other listener when two want one port, whichever is edited', async () => {
    await using core = await startTestCore({ config });
    await core.view.call('listeners.update', { name: 'admin', listener: { name: 'admin', port: 65_432 } });
    const error = await core.view.refusal('listeners.update', {
      name: 'web',
      listener: { name: 'web', port: 65_432 },
    });
    expect(error.issues).toMatchObject([
      { path: 'listener.port', code: 'port-clash', message: expect.stringContaining('"admin"') },
    ]);
  });

  it('of a whole Config is reported with its path in it, every one of them, and nothing is saved', async () => {
    await using core = await startTestCore({ config });
    const bad = structuredClone(config) as ConfigInput & { pools: { backends: { weight?: number }[] }[] };
    bad.pools[0]!.backends[1]!.weight = -1;
    (bad.listeners![0] as { port: unknown }).port = 'eighty';
    const error = await core.view.refusal('config.apply', { config: bad });
    expect(error).toMatchObject({ code: 'invalid' });
    expect(error.issues?.map((issue) => issue.path)).toEqual([
      'listeners.0.port',
      'pools.0.backends.1.weight',
    ]);
    const verdict = await core.view.call('config.validate', { config: bad });
    expect(verdict).toEqual({ valid: false, issues: error.issues });
    expect((await core.view.call('revisions.list', {})).revisions).toHaveLength(1);
  });

  it('with a name that does not exist says which do', async () => {
    await using core = await startTestCore({ config });
    const error = await core.view.refusal('backends.remove', { pool: 'api', backend: 'z' });
    expect(error).toEqual({
      code: 'not-found',
      message: 'no backend of pool "api" is called "z"; there is a, b',
    });
    expect(await core.view.refusal('pools.remove', { name: 'api' })).toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('web/all'),
    });
  });
});

describe('a config that is not saved', () => {
  it('is compared with a revision in the sentences its save would get, and saves nothing', async () => {
    await using core = await startTestCore({ config: apiConfig([A, B]) });
    const { view } = core;
    const { revision: from } = await view.call('config.get', {});
    const candidate = apiConfig([{ ...A, weight: 9 }]);
    candidate.pools.push({ name: 'spare' });
    const expected = ['weight of api/a: 1 → 9', 'remove backend api/b', 'add pool spare'];
    expect(await view.call('revisions.compare', { from, config: candidate })).toEqual({ changes: expected });
    expect(await view.call('revisions.compare', { from, config: apiConfig([A, B]) })).toEqual({
      changes: [],
    });
    expect((await view.call('revisions.list', {})).revisions).toHaveLength(1);
    await view.call('config.apply', { config: candidate });
    const { revisions } = await view.call('revisions.list', { limit: 1 });
    expect(revisions).toMatchObject([{ changes: expected }]);
  });

  it('and has problems is refused with every one of them', async () => {
    await using core = await startTestCore();
    const config = { version: 1, pools: [{ name: 'x y' }, { name: 'a' }, { name: 'a' }] };
    const refused = await core.view.refusal('revisions.compare', { from: 0, config });
    expect(refused).toMatchObject({ code: 'invalid' });
    expect(refused.issues).toEqual((await core.view.call('config.validate', { config })).issues);
  });
});

describe('a change that cannot be saved', () => {
  it('is refused, and nothing knows of it', async () => {
    await using one = await startBackend('one');
    await using two = await startBackend('two');
    await using core = await startTestCore({ config: apiConfig([one]), expectErrors: true });
    const { view } = core;
    const url = await core.url();
    // What someone decided for a backend goes with it, after the new revision has been written.
    await view.call('backends.setState', { pool: 'api', backend: 'one', state: 'draining' });
    const before = await view.call('config.get', {});
    // Stands in for a disk that fails at this moment.
    const saboteur = new Database(join(core.dataDir, 'sluice.db'));
    saboteur.exec("CREATE TRIGGER fails BEFORE DELETE ON intents BEGIN SELECT RAISE(ABORT, 'no'); END");
    expect(await view.refusal('config.apply', { config: apiConfig([two]) })).toMatchObject({
      code: 'internal',
    });
    expect(await view.call('config.get', {})).toEqual(before);
    saboteur.exec('DROP TRIGGER fails');
    saboteur.close();

    const { revision } = await view.call('config.apply', { config: apiConfig([two]) });
    expect(revision).toBe(before.revision + 1);
    expect((await ask(url)).body).toBe('two');
  });
});

describe('a rollback', () => {
  it('saves the older Config as the newest revision and runs it', async () => {
    await using one = await startBackend('one');
    await using two = await startBackend('two');
    await using core = await startTestCore({ config: apiConfig([one]) });
    const { view } = core;
    const { revision } = await view.call('config.get', {});
    await view.call('config.apply', { config: apiConfig([two]) });
    const url = await core.url();
    expect((await ask(url)).body).toBe('two');
    const back = await view.call('revisions.rollback', { revision });
    expect(back.revision).toBe(revision + 2);
    expect((await ask(url)).body).toBe('one');
    const { revisions } = await view.call('revisions.list', { limit: 1 });
    expect(revisions).toMatchObject([{ note: `back to r${revision}` }]);
    expect((await view.call('config.get', { revision })).config).toEqual(
      (await view.call('config.get', {})).config,
    );
  });

  it('is told beforehand: what differs, and nothing of what was changed and changed back', async () => {
    await using core = await startTestCore({ config: apiConfig([A]) });
    const { view } = core;
    const { revision: from } = await view.call('config.get', {});
    const { pools } = (await view.call('config.get', {})).config;
    const backend = pools[0]?.backends[0]?.name ?? '';
    await view.call('backends.setWeight', { pool: 'api', backend, weight: 7 });
    await view.call('pools.add', { pool: { name: 'spare' } });
    const { revision: to } = await view.call('backends.setWeight', { pool: 'api', backend, weight: 1 });
    expect(to).toBe(from + 3);
    expect(await view.call('revisions.compare', { from, to })).toEqual({ changes: ['add pool spare'] });
    expect(await view.call('revisions.compare', { from: to, to: from })).toEqual({
      changes: ['remove pool spare'],
    });
  });

  it('to a revision that never was is refused', async () => {
    await using core = await startTestCore({ config: apiConfig([A]) });
    expect(await core.view.refusal('revisions.rollback', { revision: 99 })).toMatchObject({
      code: 'not-found',
    });
  });
});

describe('a drain', () => {
  it('is no revision, is remembered across a restart, and ends when enabled again', async () => {
    using dir = tempDir();
    let revision: number;
    {
      await using core = await startTestCore({ dataDir: dir.path, config: apiConfig([A, B]) });
      revision = (await core.view.call('config.get', {})).revision;
      expect(
        await core.view.call('backends.setState', { pool: 'api', backend: 'a', state: 'draining' }),
      ).toEqual({ previous: 'enabled', state: 'draining' });
      await core.view.call('backends.setState', { pool: 'api', backend: 'b', state: 'disabled' });
    }
    {
      await using core = await startTestCore({ dataDir: dir.path });
      const { view } = core;
      expect(view.status).toMatchObject({ revision, appliedRevision: revision });
      expect([view.backend('api', 'a')?.state, view.backend('api', 'b')?.state]).toEqual([
        'drained',
        'disabled',
      ]);
      expect(view.pool('api')).toMatchObject({ state: 'off', serving: 0 });
      expect(await view.call('backends.setState', { pool: 'api', backend: 'a', state: 'enabled' })).toEqual({
        previous: 'draining',
        state: 'enabled',
      });
    }
    await using core = await startTestCore({ dataDir: dir.path });
    expect([admin(core.view, 'api', 'a'), admin(core.view, 'api', 'b')]).toEqual(['enabled', 'disabled']);
  });

  it('follows its backend and its pool to a new name', async () => {
    await using core = await startTestCore({ config: apiConfig([A, B]) });
    const { view } = core;
    await view.call('backends.setState', { pool: 'api', backend: 'a', state: 'draining' });
    await view.call('backends.update', { pool: 'api', name: 'a', backend: { ...A, name: 'a2' } });
    await view.call('pools.update', { name: 'api', pool: { name: 'api2' } });
    await view.untilState('api2', 'a2', 'drained');
    expect(admin(view, 'api2', 'b')).toBe('enabled');
    const { config } = await view.call('config.get', {});
    expect(config.listeners[0]?.routes[0]?.pool).toBe('api2');
  });

  it('is overruled when the Config’s own state is edited, also together with a new name', async () => {
    await using core = await startTestCore({ config: apiConfig([A, B]) });
    const { view } = core;
    for (const backend of ['a', 'b']) {
      await view.call('backends.setState', { pool: 'api', backend, state: 'draining' });
    }
    await view.call('backends.update', { pool: 'api', name: 'a', backend: { ...A, state: 'disabled' } });
    await view.call('backends.update', {
      pool: 'api',
      name: 'b',
      backend: { ...B, name: 'b2', state: 'disabled' },
    });
    await view.untilState('api', 'a', 'disabled');
    await view.untilState('api', 'b2', 'disabled');
  });

  it('outlives edits that do not speak of it', async () => {
    await using core = await startTestCore({ config: apiConfig([A, B]) });
    const { view } = core;
    await view.call('backends.setState', { pool: 'api', backend: 'a', state: 'draining' });
    await view.call('backends.setWeight', { pool: 'api', backend: 'a', weight: 9 });
    await view.call('config.apply', { config: apiConfig([A]) });
    const status = await view.call('status.get', {});
    expect(status.pools[0]?.backends).toMatchObject([{ name: 'a', weight: 1, admin: 'draining' }]);
  });

  it('is forgotten with its backend: one added later under that name is enabled', async () => {
    await using core = await startTestCore({ config: apiConfig([A, B]) });
    const { view } = core;
    await view.call('backends.setState', { pool: 'api', backend: 'a', state: 'disabled' });
    await view.call('backends.remove', { pool: 'api', backend: 'a' });
    await view.call('backends.add', { pool: 'api', backend: A });
    const status = await view.call('status.get', {});
    expect(status.pools[0]?.backends.map((b) => [b.name, b.admin])).toEqual([
      ['b', 'enabled'],
      ['a', 'enabled'],
    ]);
  });

  it('is in the exported file, which imported elsewhere runs the same', async () => {
    await using core = await startTestCore({ config: apiConfig([A, B]) });
    await core.view.call('backends.setState', { pool: 'api', backend: 'a', state: 'draining' });
    const { text } = await core.view.call('config.export', {});
    expect(Config.parse(JSON.parse(text)).pools[0]?.backends[0]).toMatchObject({ state: 'draining' });
    await using elsewhere = await startTestCore({ config: JSON.parse(text) as ConfigInput });
    await elsewhere.view.untilState('api', 'a', 'drained');
  });

  it('lets what is under way finish and takes nothing new', async () => {
    await using one = await startBackend('one');
    await using two = await startBackend('two');
    await using core = await startTestCore({ config: apiConfig([one, two]) });
    const { view } = core;
    const url = await core.url();
    const names = (backends: NamedBackend[]) => backends.map((backend) => backend.requests);
    one.hold();
    const held = [ask(url), ask(url)];
    await one.untilHeld(1);
    await Promise.race(held);
    await view.call('backends.setState', { pool: 'api', backend: 'one', state: 'draining' });
    await view.untilBackend('api', 'one', 'is draining 1', (b) => b.state === 'draining' && b.inFlight === 1);
    for (let i = 0; i < 4; i++) expect((await ask(url)).body).toBe('two');
    expect(names([one, two])).toEqual([1, 5]);
    one.release();
    expect((await Promise.all(held)).map((answer) => answer.body).sort()).toEqual(['one', 'two']);
    await view.untilState('api', 'one', 'drained');
  });
});
