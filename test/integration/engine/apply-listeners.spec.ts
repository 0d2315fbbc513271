// Changing the listeners of a plan under traffic: no client is lost on the way from one address to
// another, and a listener whose address cannot be had says why and serves on where it was.
import net from 'node:net';
import { describe, expect, it } from 'vitest';
import { EngineHarness } from '../../support/engine-harness.ts';
import { RawClient } from '../../support/raw-client.ts';
import { ok, RawServer } from '../../support/raw-server.ts';

const GET = 'GET / HTTP/1.1\r\nHost: a.test\r\n\r\n';

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
