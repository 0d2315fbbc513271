// Changing the plan under traffic: what was not changed is not touched.
import net from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { EngineHarness } from '../../support/engine-harness.ts';
import { RawClient } from '../../support/raw-client.ts';
import { ok, RawServer } from '../../support/raw-server.ts';

const GET = 'GET / HTTP/1.1\r\nHost: a.test\r\n\r\n';

async function names(client: RawClient, count: number): Promise<Record<string, number>> {
  const seen: Record<string, number> = {};
  for (let i = 0; i < count; i++) {
    const { body } = await client.send(GET).message();
    seen[body] = (seen[body] ?? 0) + 1;
  }
  return seen;
}

describe('balancing', () => {
  it('splits a thousand requests 900 to 100 by weights 90 and 10', async () => {
    await using a = await RawServer.named('a');
    await using b = await RawServer.named('b');
    await using engine = await EngineHarness.serving(
      { a: { port: a.port, weight: 90 }, b: { port: b.port, weight: 10 } },
      { policy: 'weighted-round-robin' },
    );
    await using client = await engine.client();
    expect(await names(client, 1000)).toEqual({ a: 900, b: 100 });
  });

  it('leaves out what health, drain or weight 0 exclude, and takes it back', async () => {
    await using a = await RawServer.named('a');
    await using b = await RawServer.named('b');
    await using engine = await EngineHarness.serving({ a: a.port, b: b.port });
    await using client = await engine.client();
    engine.setHealth('api', 'a', false);
    expect(await names(client, 4)).toEqual({ b: 4 });
    engine.setHealth('api', 'a', true);
    expect(await names(client, 4)).toEqual({ a: 2, b: 2 });
    await engine.apply({
      pools: { api: { backends: { a: { port: a.port, admin: 'draining' }, b: b.port } } },
    });
    expect(await names(client, 4)).toEqual({ b: 4 });
    await engine.apply({ pools: { api: { backends: { a: a.port, b: { port: b.port, weight: 0 } } } } });
    expect(await names(client, 4)).toEqual({ a: 4 });
  });

  it('uses a backup only while no primary can serve', async () => {
    await using a = await RawServer.named('a');
    await using b = await RawServer.named('b');
    await using engine = await EngineHarness.serving({ a: a.port, b: { port: b.port, role: 'backup' } });
    await using client = await engine.client();
    expect(await names(client, 4)).toEqual({ a: 4 });
    engine.setHealth('api', 'a', false);
    expect(await names(client, 4)).toEqual({ b: 4 });
  });
});

describe('a change of weights', () => {
  it('closes no connection on either side', async () => {
    await using a = await RawServer.named('a');
    await using b = await RawServer.named('b');
    const backends = (x: number, y: number) => ({
      a: { port: a.port, weight: x },
      b: { port: b.port, weight: y },
    });
    await using engine = await EngineHarness.serving(backends(1, 1), { policy: 'weighted-round-robin' });
    await using client = await engine.client();
    await names(client, 4);
    const port = engine.port();
    await engine.apply({ pools: { api: { policy: 'weighted-round-robin', backends: backends(3, 1) } } });
    expect(engine.port()).toBe(port);
    expect(await names(client, 8)).toEqual({ a: 6, b: 2 });
    expect([a.connections.length, b.connections.length, client.ended]).toEqual([1, 1, false]);
  });
});

describe('removing, draining and moving a backend', () => {
  it('L2 lets its request finish, then closes; idle connections close at once', async () => {
    await using a = await RawServer.listen((request) => (request.target === '/slow' ? undefined : ok('a')));
    await using b = await RawServer.named('b');
    await using engine = await EngineHarness.serving({ a: a.port });
    await using slow = await engine.client();
    slow.send('GET /slow HTTP/1.1\r\nHost: a.test\r\n\r\n');
    await vi.waitFor(() => expect(a.requests.length).toBe(1));
    await using quick = await engine.client();
    await quick.send(GET).message();
    expect(a.openConnections).toBe(2);
    await engine.apply({ pools: { api: { backends: { b: b.port } } } });
    await a.connections[1]!.untilOver();
    expect((await quick.send(GET).message()).body).toBe('b');
    expect([a.connections[0]!.closed, engine.count('api/a', 'inFlight')]).toEqual([false, 1]);
    a.connections[0]!.send(ok('done'));
    expect((await slow.message()).body).toBe('done');
    await a.connections[0]!.untilOver();
    await vi.waitFor(() =>
      expect([engine.count('api/a', 'inFlight'), engine.count('api/a', 'connections')]).toEqual([0, 0]),
    );
  });

  it('a drained backend keeps no idle connection', async () => {
    await using a = await RawServer.named('a');
    await using engine = await EngineHarness.serving({ a: a.port });
    await using client = await engine.client();
    await client.send(GET).message();
    await engine.apply({ pools: { api: { backends: { a: { port: a.port, admin: 'draining' } } } } });
    await a.connections[0]!.untilOver();
    expect((await client.send(GET).message()).status).toBe(503);
  });

  it('a new address is used for the next request, the counters go on', async () => {
    await using a = await RawServer.named('old');
    await using b = await RawServer.named('new');
    await using engine = await EngineHarness.serving({ a: a.port });
    await using client = await engine.client();
    expect((await client.send(GET).message()).body).toBe('old');
    await engine.apply({ pools: { api: { backends: { a: b.port } } } });
    expect((await client.send(GET).message()).body).toBe('new');
    await a.connections[0]!.untilOver();
    expect(engine.count('api/a', 'requests')).toBe(2);
  });
});

describe('a connection to an earlier address', () => {
  it('is not kept when its request ends after the move', async () => {
    await using a = await RawServer.listen();
    await using b = await RawServer.named('new');
    await using engine = await EngineHarness.serving({ a: a.port });
    await using client = await engine.client();
    client.send(GET);
    const old = await a.connection();
    await old.message();
    await engine.apply({ pools: { api: { backends: { a: b.port } } } });
    old.send(ok('old'));
    expect((await client.message()).body).toBe('old');
    await old.untilOver();
    expect((await client.send(GET).message()).body).toBe('new');
  });
});

describe('an edit of one pool', () => {
  it('leaves another pool’s tunnel and request alone', async () => {
    await using a = await RawServer.named('a');
    await using b = await RawServer.listen();
    const listeners = { web: { routes: [{ pool: 'b', pathPrefix: '/b' }, { pool: 'a' }] } };
    await using engine = new EngineHarness();
    await engine.apply({
      pools: { a: { backends: { x: a.port } }, b: { backends: { x: b.port } } },
      listeners,
    });
    await using socket = await engine.client();
    socket.send('GET /b HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: test\r\n\r\n');
    const tunnel = await b.connection(0);
    await tunnel.message();
    tunnel.send('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: test\r\n\r\n');
    await socket.message();
    await using waiting = await engine.client();
    waiting.send('GET /b HTTP/1.1\r\nHost: a\r\n\r\n');
    const request = await b.connection(1);
    await request.message();
    await engine.apply({
      pools: { a: { policy: 'random', backends: { y: a.port } }, b: { backends: { x: b.port } } },
      listeners,
    });
    socket.send('still here');
    await tunnel.untilText('still here');
    request.send(ok('b'));
    expect((await waiting.message()).body).toBe('b');
  });
});

describe('listeners', () => {
  it('new routes and limits hold from the next request on, without a new socket', async () => {
    await using a = await RawServer.named('a');
    await using b = await RawServer.named('b');
    const pools = { a: { backends: { x: a.port } }, b: { backends: { x: b.port } } };
    await using engine = new EngineHarness();
    await engine.apply({ pools, listeners: { web: { routes: [{ pool: 'a' }] } } });
    await using client = await engine.client();
    expect((await client.send(GET).message()).body).toBe('a');
    const port = engine.port();
    await engine.apply({ pools, listeners: { web: { routes: [{ pool: 'b' }], limits: { urlBytes: 16 } } } });
    expect((await client.send(GET).message()).body).toBe('b');
    expect((await client.send(`GET /${'x'.repeat(20)} HTTP/1.1\r\nHost: a\r\n\r\n`).message()).status).toBe(
      414,
    );
    expect(engine.port()).toBe(port);
  });

  it('a changed port is bound before the old one is given up, clients stay', async () => {
    await using a = await RawServer.named('a');
    await using engine = await EngineHarness.serving({ a: a.port });
    await using client = await engine.client();
    const before = engine.port();
    const spare = await RawServer.listen();
    const wanted = spare.port;
    await spare[Symbol.asyncDispose]();
    const [report] = await engine.apply({
      pools: { api: { backends: { a: a.port } } },
      listeners: { web: { port: wanted } },
    });
    expect(report).toMatchObject({ state: 'listening', port: wanted });
    expect((await client.send(GET).message()).body).toBe('a');
    await using fresh = await engine.client();
    expect((await fresh.send(GET).message()).body).toBe('a');
    await expect(RawClient.connect(before)).rejects.toThrow('ECONNREFUSED');
  });

  it('a changed host on the same port is bound although the old one stood in its way', async () => {
    await using a = await RawServer.named('a');
    await using engine = await EngineHarness.serving({ a: a.port });
    const port = engine.port();
    const pools = { api: { backends: { a: a.port } } };
    await engine.apply({ pools, listeners: { web: { port } } });
    const [report] = await engine.apply({ pools, listeners: { web: { host: '0.0.0.0', port } } });
    expect(report).toMatchObject({ state: 'listening', host: '0.0.0.0', port });
  });

  it('an address that cannot be had leaves the old one on the same port serving', async () => {
    await using a = await RawServer.named('a');
    await using engine = await EngineHarness.serving({ a: a.port });
    const port = engine.port();
    const pools = { api: { backends: { a: a.port } } };
    await engine.apply({ pools, listeners: { web: { port } } });
    const [failed] = await engine.apply({ pools, listeners: { web: { host: '192.0.2.1', port } } });
    expect(failed).toMatchObject({ state: 'failed', servedAddress: `127.0.0.1:${port}` });
    expect(failed?.error).toContain(`127.0.0.1:${port} is still served`);
    await using client = await RawClient.connect(port);
    expect((await client.send(GET).message()).body).toBe('a');
  });

  it('two listeners may swap their ports', async () => {
    await using a = await RawServer.named('a');
    await using engine = new EngineHarness();
    const pools = { api: { backends: { a: a.port } } };
    const first = await engine.apply({ pools, listeners: { one: {}, two: {} } });
    const [one, two] = first.map(({ port }) => port);
    await engine.apply({ pools, listeners: { one: { port: one }, two: { port: two } } });
    const swapped = await engine.apply({ pools, listeners: { one: { port: two }, two: { port: one } } });
    expect(swapped.map(({ state, port }) => [state, port])).toEqual([
      ['listening', two],
      ['listening', one],
    ]);
  });

  it('HA3 a port in use is reported by name, the old one serves on, and it is bound once free', async () => {
    await using a = await RawServer.named('a');
    const blocker = net.createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => blocker.once('listening', resolve));
    const { port } = blocker.address() as net.AddressInfo;
    await using engine = await EngineHarness.serving({ a: a.port });
    const before = engine.port();
    const [failed] = await engine.apply({
      pools: { api: { backends: { a: a.port } } },
      listeners: { web: { port } },
    });
    expect(failed).toMatchObject({ name: 'web', state: 'failed', port });
    expect(failed?.error).toBe(
      `127.0.0.1:${port} is in use by another program; stop it or give listener "web" another port; 127.0.0.1:${before} is still served`,
    );
    await using old = await RawClient.connect(before);
    expect((await old.send(GET).message()).body).toBe('a');
    await new Promise((resolve) => blocker.close(resolve));
    await engine.until((report) => report.type === 'listener' && report.listener.state === 'listening');
    await using fresh = await RawClient.connect(port);
    expect((await fresh.send(GET).message()).body).toBe('a');
    await expect(RawClient.connect(before)).rejects.toThrow('ECONNREFUSED');
  });

  it('the old address of one that cannot have its new one is free for another listener', async () => {
    await using a = await RawServer.named('a');
    await using b = await RawServer.named('b');
    await using busy = await RawServer.listen();
    const pools = { api: { backends: { a: a.port } }, b: { backends: { b: b.port } } };
    await using engine = new EngineHarness();
    await engine.apply({ pools, listeners: { web: {} } });
    const port = engine.port();
    const wanted = busy.port;
    const [kept] = await engine.apply({ pools, listeners: { web: { port: wanted } } });
    expect(kept).toMatchObject({ state: 'failed', servedAddress: `127.0.0.1:${port}` });
    const two = { port, routes: [{ pool: 'b' }] };
    const [web, other] = await engine.apply({ pools, listeners: { web: { port: wanted }, two } });
    expect(other).toMatchObject({ name: 'two', state: 'listening', port });
    expect(web).toMatchObject({ name: 'web', state: 'failed' });
    expect(web).not.toHaveProperty('servedAddress');
    expect(web?.error).not.toContain('still served');
    await using client = await RawClient.connect(port);
    expect((await client.send(GET).message()).body).toBe('b');
    await busy[Symbol.asyncDispose]();
    await engine.until((report) => report.type === 'listener' && report.listener.state === 'listening');
    await using fresh = await RawClient.connect(wanted);
    expect((await fresh.send(GET).message()).body).toBe('a');
  });

  it('one that goes back to the address it still serves refuses nobody meanwhile', async () => {
    await using a = await RawServer.named('a');
    await using busy = await RawServer.listen();
    await using engine = await EngineHarness.serving({ a: a.port });
    const pools = { api: { backends: { a: a.port } } };
    const port = engine.port();
    await engine.apply({ pools, listeners: { web: { port } } });
    await engine.apply({ pools, listeners: { web: { port: busy.port } } });
    const back = engine.apply({ pools, listeners: { web: { port } } });
    await using client = await RawClient.connect(port);
    expect((await client.send(GET).message()).body).toBe('a');
    expect(await back).toEqual([{ name: 'web', state: 'listening', host: '127.0.0.1', port, error: '' }]);
  });

  it('an address of another machine fails with the way out', async () => {
    await using engine = new EngineHarness();
    const [failed] = await engine.apply({ listeners: { web: { host: '192.0.2.1', port: 8080 } } });
    expect(failed?.error).toBe(
      '192.0.2.1 is not an address of this machine; use 127.0.0.1 or 0.0.0.0 for listener "web"',
    );
  });

  it('a removed one closes idle clients at once and busy ones after their answer', async () => {
    await using a = await RawServer.listen();
    await using engine = await EngineHarness.serving({ a: a.port });
    await using idle = await engine.client();
    await using busy = await engine.client();
    busy.send(GET);
    const upstream = await a.connection();
    await upstream.message();
    const port = engine.port();
    await engine.apply({ pools: { api: { backends: { a: a.port } } }, listeners: {} });
    await idle.untilOver();
    await expect(RawClient.connect(port)).rejects.toThrow('ECONNREFUSED');
    upstream.send(ok('last'));
    const answer = await busy.message();
    expect([answer.body, answer.field('connection')]).toEqual(['last', 'close']);
    await busy.untilOver();
  });
});

describe('stop', () => {
  it('D2 lets requests finish until the deadline', async () => {
    await using a = await RawServer.listen();
    await using engine = await EngineHarness.serving({ a: a.port });
    await using finishing = await engine.client();
    await using hanging = await engine.client();
    finishing.send(GET);
    await (await a.connection(0)).message();
    hanging.send(GET);
    await (await a.connection(1)).message();
    const stopped = engine.stop(400);
    a.connections[0]!.send(ok('done'));
    expect((await finishing.message()).field('connection')).toBe('close');
    finishing.end();
    await stopped;
    await hanging.untilClosed();
    expect([engine.count('api/a', 'inFlight'), engine.count('web', 'connections')]).toEqual([0, 0]);
  });
});

describe('stop with nothing under way', () => {
  it('is done at once, however long the deadline', async () => {
    await using a = await RawServer.named('a');
    await using engine = await EngineHarness.serving({ a: a.port });
    await using client = await engine.client();
    await client.send(GET).message();
    await engine.stop(60_000);
    await client.untilOver();
    await a.connections[0]!.untilOver();
  });
});

describe('an object that cannot be applied', () => {
  it('is reported and leaves the others working', async () => {
    await using a = await RawServer.named('a');
    await using engine = new EngineHarness();
    const good = { backends: { x: a.port } };
    const bad = { backends: { x: { port: 1, slot: 1_000_000 } } };
    const listeners = { web: { routes: [{ pool: 'bad', pathPrefix: '/bad' }, { pool: 'good' }] } };
    await engine.apply({ pools: { bad, good }, listeners });
    expect(engine.takeFaults()).toHaveLength(1);
    await using client = await engine.client();
    expect((await client.send(GET).message()).body).toBe('a');
    expect((await client.send(GET.replace('/', '/bad')).message()).status).toBe(404);
    await engine.apply({ pools: { bad: good, good }, listeners });
    expect((await client.send(GET.replace('/', '/bad')).message()).body).toBe('a');
  });
});

describe('records', () => {
  it('tell what happened to a request', async () => {
    await using a = await RawServer.named('a');
    await using engine = await EngineHarness.serving({ a: a.port });
    await using client = await engine.client();
    await client.send('GET /x?y=1 HTTP/1.1\r\nHost: a.test:80\r\n\r\n').message();
    await vi.waitFor(() => expect(engine.records.length).toBe(1));
    expect(engine.records[0]).toMatchObject({
      listener: 'web',
      route: 'r0',
      pool: 'api',
      backend: 'a',
      client: '127.0.0.1',
      method: 'GET',
      host: 'a.test:80',
      path: '/x?y=1',
      status: 200,
      attempts: 1,
      failure: '',
    });
  });

  it('keep the newest of a burst and count the rest', async () => {
    await using a = await RawServer.named('a');
    await using engine = await EngineHarness.serving({ a: a.port });
    await using client = await engine.client();
    const count = 600;
    client.send(GET.repeat(count));
    for (let i = 0; i < count; i++) await client.message();
    await vi.waitFor(() => {
      let total = 0;
      for (const report of engine.reports)
        if (report.type === 'requests') total += report.records.length + report.dropped;
      expect(total).toBe(count);
    });
    for (const report of engine.reports)
      if (report.type === 'requests') expect(report.records.length).toBeLessThanOrEqual(256);
  });
});
