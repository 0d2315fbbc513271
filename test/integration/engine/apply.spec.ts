// Changing the plan under traffic: what was not changed is not touched.
import { describe, expect, it, vi } from 'vitest';
import { EngineHarness } from '../../support/engine-harness.ts';
import type { RawClient } from '../../support/raw-client.ts';
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
