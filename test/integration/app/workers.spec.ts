// Several engine threads behind one core: they share every address, one of them may die, hang or be
// taken away without a client noticing, and what they do adds up.
import { describe, expect, it } from 'vitest';
import { startBackend } from '../../support/backends.ts';
import { startTestCore } from '../../support/core-harness.ts';
import { occupy } from '../../support/free-port.ts';
import { ask, HttpClient } from '../../support/http-get.ts';
import { Load, RESET_IN_QUEUE } from '../../support/load.ts';
import { killEngine, MORTAL_ENGINE, orderEngine } from '../../support/mortal-engine.ts';
import { RawClient } from '../../support/raw-client.ts';
import { ok, RawServer } from '../../support/raw-server.ts';
import { apiConfig, QUICK_CHECK } from '../../support/test-config.ts';
import { TlsClient } from '../../support/tls-client.ts';

const portOf = (url: string): number => Number(new URL(url).port);
const withWorkers = (config: ReturnType<typeof apiConfig>, workers: number) => ({
  ...config,
  engine: { workers },
});

const resets = ({ failures }: Load): number => failures[RESET_IN_QUEUE] ?? 0;

describe.runIf(process.platform === 'linux')('several engine threads', () => {
  it('serve one port the system chose, and their counters add up', async () => {
    await using one = await startBackend('one');
    await using core = await startTestCore({ config: withWorkers(apiConfig([one]), 3) });
    const url = await core.url();
    await core.view.until('all threads run', () => core.view.system.engineWorkers === 3);
    for (let i = 0; i < 30; i++) expect((await ask(url)).body).toBe('one');
    const counted = await core.view.untilBackend('api', 'one', 'has counted', (b) => b.requests === 30);
    expect(counted.inFlight).toBe(0);
    expect(core.view.listener('web')?.requests).toBe(30);
    expect(core.view.status.appliedRevision).toBe(core.view.status.revision);
  });

  it('HA1 keep accepting while one of them is killed again and again', async () => {
    await using one = await startBackend('one');
    await using core = await startTestCore({
      engineThread: MORTAL_ENGINE,
      expectErrors: true,
      config: withWorkers(apiConfig([one]), 2),
    });
    const { view } = core;
    const connections = 16;
    const load = Load.start(portOf(await core.url()), { connections, requestsPerConnection: 1, paceMs: 40 });
    const kills = 4;
    for (let kill = 0; kill < kills; kill++) {
      await load.untilAnswered(60);
      killEngine(kill % 2);
      await view.until('one is gone', () => view.system.engineWorkers === 1);
      await view.until('both serve', () => view.system.engineWorkers === 2);
    }
    await load.untilAnswered(60);
    await load.stop();
    const refused = Object.keys(load.failures).filter((name) => name.startsWith('ECONNREFUSED'));
    expect(refused).toEqual([]);
    expect(load.failed).toBeLessThanOrEqual(kills * connections);
    expect(core.log.filter(({ level }) => level >= 50)[0]?.msg).toMatch(
      /^engine thread 1 of 2 ended and is started again/,
    );
  });

  it('resume the TLS sessions of each other, and of one that is gone', async () => {
    await using one = await startBackend('one');
    await using core = await startTestCore({
      engineThread: MORTAL_ENGINE,
      expectErrors: true,
      config: withWorkers(apiConfig([one], {}, { protocol: 'https' }), 2),
    });
    const { view } = core;
    await view.until('both serve', () => view.system.engineWorkers === 2);
    const port = portOf(await core.url());
    let session: Buffer | undefined;
    const connect = async (): Promise<boolean> => {
      await using client = await TlsClient.handshake(port, { rejectUnauthorized: false, session });
      // A resumed session brings no new one.
      const begun = session === undefined ? client.session() : undefined;
      client.send('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
      expect((await client.message()).body).toBe('one');
      session ??= await begun;
      return client.tls.isSessionReused();
    };
    expect(await connect()).toBe(false);
    // Each meets either of them.
    for (let i = 0; i < 20; i++) expect(await connect()).toBe(true);
    for (const index of [0, 1]) {
      killEngine(index);
      await view.until('one is gone', () => view.system.engineWorkers === 1);
      await view.until('both serve', () => view.system.engineWorkers === 2);
    }
    for (let i = 0; i < 5; i++) expect(await connect()).toBe(true);
  });

  it('let go of the clients of one that is gone, for the limits of all', async () => {
    await using one = await startBackend('one');
    const limits = { connections: 4, connectionsPerClient: 4 };
    await using core = await startTestCore({
      engineThread: MORTAL_ENGINE,
      expectErrors: true,
      config: withWorkers(apiConfig([one], {}, { limits }), 2),
    });
    const { view } = core;
    await view.until('both serve', () => view.system.engineWorkers === 2);
    const port = portOf(await core.url());
    const isServed = async (client: RawClient): Promise<boolean> => {
      client.send('GET / HTTP/1.1\r\nHost: a.test\r\n\r\n');
      await client.until(() => client.text.endsWith('one') || client.ended || client.closed);
      return client.text.endsWith('one');
    };
    await using clients = new AsyncDisposableStack();
    const fill = async (count: number): Promise<RawClient[]> => {
      const opened: RawClient[] = [];
      while (opened.length < count) {
        const client = clients.use(await RawClient.connect(port));
        expect(await isServed(client)).toBe(true);
        opened.push(client);
      }
      const tooMany = clients.use(await RawClient.connect(port));
      expect(await isServed(tooMany)).toBe(false);
      return opened;
    };
    let open = await fill(4);
    for (const thread of [0, 1]) {
      killEngine(thread);
      await view.until('one is gone', () => view.system.engineWorkers === 1);
      await view.until('both serve', () => view.system.engineWorkers === 2);
      open = open.filter((client) => !client.closed && !client.ended && client.errorCode === '');
      open.push(...(await fill(4 - open.length)));
    }
  });

  it('HA2 L1 come and go at run time, under load, without a client noticing', async () => {
    await using one = await startBackend('one');
    await using core = await startTestCore({ config: apiConfig([one]) });
    const { view } = core;
    const url = await core.url();
    const kept = Load.start(portOf(url), { connections: 8, paceMs: 5 });
    const fresh = Load.start(portOf(url), { connections: 4, requestsPerConnection: 1, paceMs: 20 });
    const address = view.listener('web')?.address;
    for (const workers of [3, 1, 2, 1]) {
      await view.call('config.apply', { config: withWorkers(apiConfig([one]), workers) });
      expect(view.system.engineWorkers).toBe(workers);
      expect(view.listener('web')).toMatchObject({ state: 'listening', address });
      await kept.untilAnswered(500);
    }
    await kept.stop();
    await fresh.stop();
    // A connection made in the microseconds in which a socket closes is the kernel's to reset, so there
    // may be as many as are made at a time; whoever is there before is served ("an engine that leaves").
    expect(resets(kept) + resets(fresh)).toBeLessThanOrEqual(4);
    expect([kept.failed, fresh.failed]).toEqual([resets(kept), resets(fresh)]);
    const asked = kept.ok + fresh.ok;
    await view.untilBackend('api', 'one', 'has every request counted', (b) => b.requests === asked);
    await view.untilBackend('api', 'one', 'has nothing in flight', (b) => b.inFlight === 0);
  });

  it('W3 never have more under way to a backend than it may, 200 clients at a time', async () => {
    let underWay = 0;
    let most = 0;
    await using backend = await RawServer.listen((_request, connection) => {
      most = Math.max(most, ++underWay);
      setImmediate(() => {
        underWay--;
        connection.send(ok('a'));
      });
      return undefined;
    });
    const limited = { maxInFlight: 7, policy: 'least-connections' } as const;
    const address = `127.0.0.1:${backend.port}`;
    const config = withWorkers(apiConfig([{ name: 'a', address }], limited), 2);
    await using core = await startTestCore({ config });
    const load = Load.start(portOf(await core.url()), { connections: 200 });
    await load.untilAnswered(5000);
    await load.stop();
    expect(load.failures).toEqual({});
    expect(most).toBe(7);
    await core.view.untilBackend('api', 'a', 'has nothing in flight', (b) => b.inFlight === 0);
  });

  it('HA3 leave an address to the program that has it, name it, and take it when it is free', async () => {
    await using one = await startBackend('one');
    await using core = await startTestCore({ config: withWorkers(apiConfig([one]), 2) });
    const { view } = core;
    const before = await core.url();
    const other = await occupy(0);
    const config = withWorkers(apiConfig([one], {}, { port: other.port }), 2);
    await view.call('config.apply', { config });
    const failed = await view.until('it has failed', () => {
      const listener = view.listener('web');
      return listener?.state === 'failed' && listener;
    });
    expect(failed.error).toContain(`127.0.0.1:${other.port} is in use by another program`);
    for (let i = 0; i < 10; i++) expect((await ask(before)).body).toBe('one');
    await other[Symbol.asyncDispose]();
    const { address } = await view.untilListening('web');
    expect(address).toBe(`127.0.0.1:${other.port}`);
    for (let i = 0; i < 10; i++) expect((await ask(`http://${address}`)).body).toBe('one');
  });

  it('replace a dead one with one that knows the health of now and has the same port', async () => {
    await using one = await startBackend('one');
    await using two = await startBackend('two');
    await using core = await startTestCore({
      engineThread: MORTAL_ENGINE,
      expectErrors: true,
      config: withWorkers(apiConfig([one, two], { healthCheck: QUICK_CHECK }), 2),
    });
    const { view } = core;
    const url = await core.url();
    for (const backend of ['one', 'two']) await view.untilState('api', backend, 'up');
    killEngine();
    await view.until('both are gone', () => view.system.engineWorkers === 0);
    two.healthy = false;
    await view.until('both are back', () => view.system.engineWorkers === 2);
    await view.untilState('api', 'two', 'down');
    killEngine(1);
    await view.until('one is gone', () => view.system.engineWorkers === 1);
    await view.until('it is back', () => view.system.engineWorkers === 2);
    expect(await core.url()).toBe(url);
    using client = new HttpClient(16);
    expect(await client.many(url, 64, 16)).toEqual({ one: 64 });
  });

  it('tell once of a bug that is met again and again, and go on', async () => {
    await using one = await startBackend('one');
    await using core = await startTestCore({
      engineThread: MORTAL_ENGINE,
      expectErrors: true,
      config: withWorkers(apiConfig([one]), 2),
    });
    const url = await core.url();
    for (let i = 0; i < 3; i++) orderEngine('throw');
    await core.view.until('it is told', () => core.view.eventsOf('fault').length > 0);
    for (let i = 0; i < 10; i++) expect((await ask(url)).body).toBe('one');
    expect(core.view.eventsOf('fault')).toMatchObject([{ message: 'told to throw' }]);
    const errors = core.log.filter(({ level }) => level >= 50);
    expect(errors).toMatchObject([
      {
        msg: 'a connection ended unexpectedly: told to throw',
        stack: expect.stringContaining('mortal-engine'),
      },
    ]);
    expect(core.view.system.engineWorkers).toBe(2);
  });
});
