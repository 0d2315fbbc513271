// The shipping headless host does what a load balancer is for, over real sockets:
// - it splits by weight, exactly
// - a dead backend leaves and returns, and no client notices
// - a drain ends in peace, and is remembered across a crash
// - weights change under load without costing a request or a connection
import { describe, expect, it } from 'vitest';
import { type NamedBackend, startBackend } from '../../support/backends.ts';
import { tempDir } from '../../support/core-harness.ts';
import { freePort } from '../../support/free-port.ts';
import { startHeadless } from '../../support/headless.ts';
import { ask, HttpClient } from '../../support/http-get.ts';
import { apiConfig, QUICK_CHECK } from '../../support/test-config.ts';

/** The example of the design, with the ports of real backends. */
async function setUp() {
  const dir = tempDir();
  const one = await startBackend('api-1');
  const two = await startBackend('api-2');
  const config = apiConfig(
    [
      { name: 'api-1', address: one.address, weight: 90 },
      { name: 'api-2', address: two.address, weight: 10 },
    ],
    { policy: 'weighted-round-robin', healthCheck: QUICK_CHECK },
    // At full speed a connection reaches the usual limit within seconds; here none may be closed.
    { port: await freePort(), limits: { keepAliveRequests: 1_000_000_000 } },
  );
  const flags = ['--config', dir.write('sluice.json', config), '--data', `${dir.path}/data`];
  return {
    one,
    two,
    config,
    flags,
    async [Symbol.asyncDispose]() {
      await one.close();
      await two.close();
      dir.remove();
    },
  };
}

const requests = (backends: NamedBackend[]) => backends.map((backend) => backend.requests);

describe('the headless host', () => {
  it('prints one ready line once its listeners accept, and splits 1,000 requests 900 to 100', async () => {
    await using setup = await setUp();
    const { one, two, config } = setup;
    await using sluice = await startHeadless(...setup.flags, '--control', '127.0.0.1:0');
    expect(sluice.ready).toEqual({
      event: 'ready',
      control: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      token: expect.stringMatching(/^[\w-]{32}$/),
      listeners: [{ name: 'web', address: `127.0.0.1:${config.listeners[0]?.port}` }],
    });
    // Probed before it said so: the first request is served.
    using client = new HttpClient(8);
    expect(await client.many(sluice.url(), 1000)).toEqual({ 'api-1': 900, 'api-2': 100 });
    expect(requests([one, two])).toEqual([900, 100]);
    const pool = await sluice.view.until('the minute holds them', () => {
      const found = sluice.view.pool('api');
      return found?.requestsLastMinute === 1000 && found;
    });
    expect(pool.backends.map((b) => [b.requests, b.targetShare, b.actualShare, b.errors])).toEqual([
      [900, 0.9, 0.9, 0],
      [100, 0.1, 0.1, 0],
    ]);
    expect(sluice.output().stdout.trim().split('\n')).toHaveLength(1);
    const ended = await sluice.kill('SIGTERM');
    expect([ended.code, ended.signal]).toEqual([0, null]);
  });

  it('takes a dead backend out and back in while every client is served', async () => {
    await using setup = await setUp();
    const { one, two } = setup;
    await using sluice = await startHeadless(...setup.flags);
    const { view } = sluice;
    using client = new HttpClient(4);
    let going = true;
    const answers = { good: 0, bad: [] as string[] };
    const traffic = Array.from({ length: 4 }, async () => {
      while (going) {
        const { status, body } = await client.ask(sluice.url());
        if (status === 200) answers.good += 1;
        else answers.bad.push(`${status}: ${body}`);
      }
    });
    await view.untilBackend('api', 'api-1', 'has traffic', (b) => b.requests > 0);
    view.events.length = 0;

    await one.close();
    const down = await view.untilState('api', 'api-1', 'down');
    expect(down).toMatchObject({ targetShare: 0, cause: expect.stringContaining('L4 connection refused') });
    const before = two.requests;
    await view.until('the other serves alone', () => two.requests > before + 20);
    expect(view.pool('api')).toMatchObject({ state: 'degraded', serving: 1 });

    await one.listen();
    await view.untilState('api', 'api-1', 'up');
    const returned = one.requests;
    await view.until('it gets requests again', () => one.requests > returned + 20);
    going = false;
    await Promise.all(traffic);
    expect(answers.bad).toEqual([]);
    expect(answers.good).toBeGreaterThan(50);
    expect(client.closed).toBe(0);
    const changes = view.eventsOf('transition').map(({ backend, from, to }) => `${backend} ${from} → ${to}`);
    expect(changes).toEqual([
      'api-1 up → failing',
      'api-1 failing → down',
      'api-1 down → recovering',
      'api-1 recovering → up',
    ]);
    // Stored once a second, so the last ones may be missing for a moment.
    const run = await view.untilAnswer('its checks are stored', async () => {
      const { checks } = await view.call('checks.list', { pool: 'api', backend: 'api-1' });
      const oldestFirst = checks.toReversed().map((check) => check.ok);
      return oldestFirst.lastIndexOf(true) > oldestFirst.indexOf(false) && oldestFirst;
    });
    const firstBad = run.indexOf(false);
    expect(run.slice(firstBad, firstBad + QUICK_CHECK.fall)).toEqual([false, false, false]);
  });

  it('drains: nothing new arrives, what is under way finishes, then it is drained', async () => {
    await using setup = await setUp();
    const { one, two } = setup;
    await using sluice = await startHeadless(...setup.flags);
    const { view } = sluice;
    one.hold();
    const held = ask(sluice.url());
    await one.untilHeld(1);
    await view.call('backends.setState', { pool: 'api', backend: 'api-1', state: 'draining' });
    await view.untilBackend('api', 'api-1', 'drains 1', (b) => b.state === 'draining' && b.inFlight === 1);
    using client = new HttpClient(4);
    expect(await client.many(sluice.url(), 50, 4)).toEqual({ 'api-2': 50 });
    expect(requests([one, two])).toEqual([1, 50]);
    one.release();
    expect(await held).toMatchObject({ status: 200, body: 'api-1' });
    await view.untilState('api', 'api-1', 'drained');
    await view.call('backends.setState', { pool: 'api', backend: 'api-1', state: 'enabled' });
    await view.untilState('api', 'api-1', 'up');
    expect(await client.many(sluice.url(), 10, 1)).toEqual({ 'api-1': 9, 'api-2': 1 });
  });

  it('that was killed comes back on the same data: same revision, still draining, same address', async () => {
    await using setup = await setUp();
    const { two } = setup;
    let revision: number;
    {
      await using sluice = await startHeadless(...setup.flags);
      const { view } = sluice;
      await view.call('backends.setState', { pool: 'api', backend: 'api-1', state: 'draining' });
      ({ revision } = await view.call('backends.setWeight', { pool: 'api', backend: 'api-2', weight: 55 }));
      const ended = await sluice.kill('SIGKILL');
      expect(ended.signal).toBe('SIGKILL');
    }
    await using sluice = await startHeadless(...setup.flags);
    const { view } = sluice;
    expect(view.status).toMatchObject({ revision, appliedRevision: revision });
    expect(view.system).toMatchObject({ storeNotice: null, configNotice: null });
    expect(view.backend('api', 'api-1')).toMatchObject({ admin: 'draining', state: 'drained', weight: 90 });
    expect(view.backend('api', 'api-2')).toMatchObject({ admin: 'enabled', weight: 55 });
    using client = new HttpClient(4);
    expect(await client.many(sluice.url(), 20, 4)).toEqual({ 'api-2': 20 });
    expect(two.requests).toBe(20);
  });

  it('changes weights 200 times under load without failing a request or closing a connection', async () => {
    await using setup = await setUp();
    await using sluice = await startHeadless(...setup.flags);
    const { view } = sluice;
    using client = new HttpClient(8);
    const url = sluice.url();
    let going = true;
    const seen: Record<string, number> = {};
    const traffic = Array.from({ length: 8 }, async () => {
      while (going) {
        const { status, body } = await client.ask(url);
        const key = `${status} ${body}`;
        seen[key] = (seen[key] ?? 0) + 1;
      }
    });
    const { revision: first } = await view.call('config.get', {});
    for (let i = 1; i <= 200; i++) {
      const backend = i % 2 === 0 ? 'api-1' : 'api-2';
      const saved = await view.call('backends.setWeight', { pool: 'api', backend, weight: 1 + (i % 100) });
      if (saved.revision !== first + i) throw new Error(`change ${i} made r${saved.revision}`);
    }
    going = false;
    await Promise.all(traffic);
    expect(Object.keys(seen).sort()).toEqual(['200 api-1', '200 api-2']);
    expect(Object.values(seen).reduce((sum, count) => sum + count)).toBeGreaterThan(200);
    expect([client.opened, client.closed]).toEqual([8, 0]);
    await view.until('the last one runs', () => view.status.appliedRevision === first + 200);
  });
});
