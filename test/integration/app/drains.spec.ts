// A drain as everyone sees it, through the contract: since when, until when, how much of what; what is
// left by name, and ended on demand. Over one engine thread and over two.
import { describe, expect, it } from 'vitest';
import { startBackend } from '../../support/backends.ts';
import { startTestCore, tempDir } from '../../support/core-harness.ts';
import { ask, HttpClient } from '../../support/http-get.ts';
import { apiConfig } from '../../support/test-config.ts';

const A = { pool: 'api', backend: 'a' };

describe('a drain', () => {
  it('is in the status with its start, its deadline and what it began with, until it is undone', async () => {
    await using a = await startBackend('a');
    await using core = await startTestCore({ config: apiConfig([a], { drainMs: 60_000 }) });
    const { view } = core;
    const url = await core.url();
    using client = new HttpClient();
    a.hold();
    const held = client.many(url, 3, 3);
    await a.untilHeld(3);
    expect(
      (await view.untilBackend('api', 'a', 'is busy', ({ inFlight }) => inFlight === 3)).drain,
    ).toBeNull();
    const before = Date.now();
    await view.call('backends.setState', { ...A, state: 'draining' });
    const { drain } = await view.untilState('api', 'a', 'draining');
    expect(drain).toMatchObject({ startedWith: 3 });
    expect(drain?.since).toBeGreaterThanOrEqual(before);
    expect(drain?.deadline).toBe((drain?.since ?? 0) + 60_000);
    // Another change does not begin it anew; the deadline is the pool's.
    await view.call('pools.update', { name: 'api', pool: { name: 'api', drainMs: 0 } });
    const later = await view.untilBackend('api', 'a', 'has no deadline', (b) => b.drain?.deadline === null);
    expect(later.drain).toEqual({ since: drain?.since, deadline: null, startedWith: 3, closed: 0 });
    a.release();
    expect(await held).toEqual({ a: 3 });
    expect((await view.untilState('api', 'a', 'drained')).drain).toMatchObject({ startedWith: 3, closed: 0 });
    await view.call('backends.setState', { ...A, state: 'enabled' });
    expect((await view.untilState('api', 'a', 'unchecked')).drain).toBeNull();
  });

  it('ends what is left when its time is up', async () => {
    await using a = await startBackend('a');
    await using core = await startTestCore({ config: apiConfig([a], { drainMs: 200 }) });
    const url = await core.url();
    a.hold();
    const held = ask(url);
    await a.untilHeld(1);
    await core.view.call('backends.setState', { ...A, state: 'draining' });
    expect((await held).status).toBe(503);
    const { drain } = await core.view.untilState('api', 'a', 'drained');
    expect(drain).toMatchObject({ startedWith: 1, closed: 1 });
    const { requests } = await core.view.untilAnswer('the request is recorded', async () => {
      const answer = await core.view.call('requests.list', {});
      return answer.requests.length === 1 && answer;
    });
    expect(requests[0]).toMatchObject({ backend: 'a', status: 503, failure: 'closed' });
  });

  it('goes on after a restart with the start it had', async () => {
    await using a = await startBackend('a');
    using dir = tempDir();
    const since = await (async () => {
      await using core = await startTestCore({ dataDir: dir.path, config: apiConfig([a]) });
      await core.view.call('backends.setState', { ...A, state: 'draining' });
      return (await core.view.untilState('api', 'a', 'drained')).drain?.since;
    })();
    await using core = await startTestCore({ dataDir: dir.path });
    const again = await core.view.untilState('api', 'a', 'drained');
    expect(again.drain).toEqual({ since, deadline: (since ?? 0) + 30_000, startedWith: 0, closed: 0 });
  });

  it('that the Config asks for keeps its start through later changes', async () => {
    await using a = await startBackend('a');
    const backend = { name: 'a', address: a.address, state: 'draining' as const };
    await using core = await startTestCore({ config: apiConfig([backend]) });
    const first = await core.view.untilState('api', 'a', 'drained');
    const { revision } = await core.view.call('backends.setWeight', { ...A, weight: 9 });
    await core.view.until('the change runs', () => core.view.status.appliedRevision === revision);
    const second = await core.view.untilBackend('api', 'a', 'has its weight', ({ weight }) => weight === 9);
    expect(second.drain?.since).toBe(first.drain?.since);
  });
});

describe.each([1, 2])('what is under way over %i threads', (workers) => {
  it('is listed, ended one by one and all at once', async () => {
    await using a = await startBackend('a');
    await using core = await startTestCore({ config: { ...apiConfig([a]), engine: { workers } } });
    const { view } = core;
    const url = await core.url();
    using client = new HttpClient(12);
    a.hold();
    const held = Promise.all(Array.from({ length: 12 }, (_, i) => client.ask(`${url}/job/${i}`)));
    await a.untilHeld(12);
    const { total, connections } = await view.call('connections.list', A);
    expect(total).toBe(12);
    expect(new Set(connections.map(({ id }) => id)).size).toBe(12);
    expect(connections.map(({ path }) => path).sort()).toEqual(
      Array.from({ length: 12 }, (_, i) => `/job/${i}`).sort(),
    );
    const ages = connections.map(({ ageMs }) => ageMs);
    expect(ages).toEqual(ages.toSorted((x, y) => y - x));

    const [chosen] = connections;
    const one = { ...A, id: chosen?.id ?? 0 };
    expect(await view.call('connections.close', one)).toEqual({ closed: 1 });
    expect(await view.call('connections.close', one)).toEqual({ closed: 0 });
    const left = await view.call('connections.list', A);
    expect([left.total, left.connections.some(({ id }) => id === one.id)]).toEqual([11, false]);
    expect(await view.call('connections.closeAll', A)).toEqual({ closed: 11 });
    expect((await held).map(({ status }) => status)).toEqual(Array<number>(12).fill(503));
    expect(await view.call('connections.list', A)).toEqual({ total: 0, connections: [] });
  });
});
