// Backends over TLS: whom the engine believes, what it asks for, what it says when a handshake fails.
import net from 'node:net';
import type { TLSSocket, TlsOptions } from 'node:tls';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { PoolTlsPlan } from '../../../src/main/engine/plan.ts';
import { type Pair, type TestAuthority, testAuthority } from '../../support/certificates.ts';
import { EngineHarness, type PoolWords } from '../../support/engine-harness.ts';
import { type Answer, ok, RawServer } from '../../support/raw-server.ts';
import type { RawStream } from '../../support/raw-stream.ts';

let authority: TestAuthority;
let pair: Pair;
const open: AsyncDisposable[] = [];

beforeAll(async () => {
  authority = await testAuthority();
  pair = await authority.issue(['backend.test', 'localhost', 'IP:127.0.0.1']);
});

afterEach(async () => {
  for (const resource of open.splice(0).toReversed()) await resource[Symbol.asyncDispose]();
});

async function secured(
  answer: Answer = () => ok('fine'),
  options: TlsOptions = pair,
  port = 0,
): Promise<RawServer> {
  const server = await RawServer.listen(answer, port, options);
  open.push(server);
  return server;
}

function tls(rules: Partial<PoolTlsPlan> = {}): PoolTlsPlan {
  return { verify: true, serverName: '', ca: authority.cert, ...rules };
}

async function engineFor(
  backends: PoolWords['backends'],
  pool: Partial<PoolWords> = {},
): Promise<EngineHarness> {
  const engine = await EngineHarness.serving(backends, { tls: tls(), ...pool });
  open.push(engine);
  return engine;
}

async function ask(engine: EngineHarness, request = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n') {
  await using client = await engine.client();
  client.send(request);
  return await client.message();
}

/** The TLS side of a backend's connection; the type declarations leave the name out for servers. */
function encrypted(connection: RawStream | undefined): TLSSocket & { servername: string | false } {
  return connection?.socket as TLSSocket & { servername: string | false };
}

describe('a backend over TLS', () => {
  it('X4 is asked for by the host of its address, and believed for it', async () => {
    const server = await secured();
    const engine = await engineFor({ a: { host: 'localhost', port: server.port } });
    expect((await ask(engine)).body).toBe('fine');
    expect(encrypted(server.connections[0]).servername).toBe('localhost');
    expect(encrypted(server.connections[0]).alpnProtocol).toBe(false);
  });

  it('X4 is verified by its address, which is no server name', async () => {
    const server = await secured();
    const engine = await engineFor({ a: server.port });
    expect((await ask(engine)).status).toBe(200);
    expect(encrypted(server.connections[0]).servername).toBe(false);
  });

  it('X4 is asked for, and believed, by the name of the pool', async () => {
    const server = await secured();
    const engine = await engineFor({ a: server.port }, { tls: tls({ serverName: 'backend.test' }) });
    expect((await ask(engine)).status).toBe(200);
    expect(encrypted(server.connections[0]).servername).toBe('backend.test');
  });

  it('keeps its connection for the next request', async () => {
    const server = await secured();
    const engine = await engineFor({ a: server.port });
    for (let i = 0; i < 3; i++) expect((await ask(engine)).status).toBe(200);
    expect(server.connections).toHaveLength(1);
    expect(engine.count('api/a', 'connectionsOpened')).toBe(1);
  });

  it('H7 carries large bodies both ways, and chunks', async () => {
    const server = await secured((request) => {
      const half = request.body.length / 2;
      const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;
      return `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${chunk(request.body.slice(0, half))}${chunk(request.body.slice(half))}0\r\n\r\n`;
    });
    const engine = await engineFor({ a: server.port });
    const body = '0123456789abcdef'.repeat(40_000);
    const answer = await ask(
      engine,
      `PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    expect(answer.body === body).toBe(true);
  });

  it('S5 that breaks off is not taken for complete', async () => {
    const server = await secured((_, connection) => {
      connection.send('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nten bytes.');
      connection.end();
      return undefined;
    });
    const engine = await engineFor({ a: server.port });
    await using client = await engine.client();
    client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    await client.untilClosed();
    expect(client.errorCode).toBe('ECONNRESET');
  });

  it('carries a tunnel, with each end by itself', async () => {
    const server = await RawServer.listen(undefined, 0, pair);
    open.push(server);
    const engine = await engineFor({ a: server.port });
    const client = await engine.client();
    open.push(client);
    client.send('GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n');
    const connection = await server.connection();
    await connection.message();
    connection.send('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\nearly');
    await client.until(() => client.text.endsWith('early'));
    client.send('ping');
    client.end();
    await connection.until(() => connection.ended && connection.text === 'ping');
    connection.send('late');
    connection.end();
    await client.until(() => client.ended && client.text.endsWith('late'));
  });
});

describe('a handshake that fails', () => {
  async function refused(engine: EngineHarness): Promise<string> {
    const answer = await ask(engine);
    expect(answer.status).toBe(502);
    await engine.until((report) => report.type === 'requests');
    expect(engine.records.at(-1)?.failure).toBe('connect-tls');
    return answer.body;
  }

  it('X4 for want of trust says so', async () => {
    const stranger = await testAuthority('Stranger');
    const server = await secured(() => ok('stolen'), await stranger.issue(['IP:127.0.0.1']));
    const engine = await engineFor({ a: server.port });
    expect(await refused(engine)).toContain(
      'failed the TLS handshake: its certificate is not from a trusted authority',
    );
    expect(server.requests).toHaveLength(0);
    expect(engine.count('api/a', 'errors')).toBe(1);
  });

  it('X4 without an authority of its own, the system’s are asked', async () => {
    const server = await secured();
    const engine = await engineFor({ a: server.port }, { tls: tls({ ca: '' }) });
    expect(await refused(engine)).toContain('not from a trusted authority');
  });

  it('X4 for the name says which', async () => {
    const server = await secured();
    const engine = await engineFor({ a: server.port }, { tls: tls({ serverName: 'else.test' }) });
    expect(await refused(engine)).toContain('its certificate is not for else.test');
  });

  it('X4 for the date says so', async () => {
    const server = await secured(() => ok('old'), await authority.issue(['IP:127.0.0.1'], { days: -1 }));
    expect(await refused(await engineFor({ a: server.port }))).toContain('has expired');
  });

  it('with what is no TLS says so', async () => {
    const server = await RawServer.listen(() => ok('plain'));
    open.push(server);
    server.connection().then((connection) => connection.send('HTTP/1.1 400 Bad Request\r\n\r\n'));
    expect(await refused(await engineFor({ a: server.port }))).toContain('it does not speak TLS');
  });

  it('because the backend closes says so', async () => {
    const server = await RawServer.listen();
    open.push(server);
    server.connection().then((connection) => connection.end());
    expect(await refused(await engineFor({ a: server.port }))).toContain('it closed the connection');
  });

  it('because nothing comes is a timeout', async () => {
    const server = await RawServer.listen();
    open.push(server);
    const engine = await engineFor({ a: server.port }, { timeouts: { connectMs: 100 } });
    const answer = await ask(engine);
    expect(answer.status).toBe(504);
    expect(answer.body).toContain('the TLS handshake was not completed');
  });

  it('because nothing listens is a refused connection, as in clear text', async () => {
    const server = await RawServer.listen();
    const { port } = server;
    await server[Symbol.asyncDispose]();
    const engine = await engineFor({ a: port });
    expect((await ask(engine)).body).toContain('refused the connection');
  });

  it('X4 R1 sends any request to another backend, never in clear text', async () => {
    const stranger = await testAuthority('Stranger');
    const bad = await secured(() => ok('stolen'), await stranger.issue(['IP:127.0.0.1']));
    const good = await secured(() => ok('good'));
    const plain: Buffer[] = [];
    const tap = net.createServer((socket) =>
      socket.on('data', (chunk) => plain.push(chunk)).on('error', () => undefined),
    );
    await new Promise<void>((resolve) => tap.listen(0, '127.0.0.1', resolve));
    open.push({ [Symbol.asyncDispose]: async () => void tap.close() });
    const engine = await engineFor({ bad: bad.port, good: good.port });
    for (let i = 0; i < 4; i++) {
      const answer = await ask(engine, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi');
      expect([answer.status, answer.body]).toEqual([200, 'good']);
    }
    expect(bad.requests).toHaveLength(0);
    expect(good.requests.map((request) => request.body)).toEqual(['hi', 'hi', 'hi', 'hi']);
  });

  it('is overlooked where the pool does not verify', async () => {
    const stranger = await testAuthority('Stranger');
    const server = await secured(() => ok('fine'), await stranger.issue(['else.test']));
    const engine = await engineFor({ a: server.port }, { tls: tls({ verify: false, ca: '' }) });
    expect((await ask(engine)).body).toBe('fine');
  });
});

describe('a session', () => {
  const noKeepAlive = { keepAlive: { maxIdle: 0 } };

  /** A backend that tells of every request whether its connection resumed a session. */
  const telling = (options: TlsOptions = pair) =>
    secured((_, connection) => ok(String(encrypted(connection).isSessionReused())), options);

  it.each(['TLSv1.2', 'TLSv1.3'] as const)('is resumed over %s by the next connection', async (version) => {
    const server = await telling({ ...pair, minVersion: version, maxVersion: version });
    const engine = await engineFor({ a: server.port }, noKeepAlive);
    const resumed: string[] = [];
    for (let i = 0; i < 3; i++) resumed.push((await ask(engine)).body);
    expect(resumed).toEqual(['false', 'true', 'true']);
  });

  it('X4 is never resumed under another name, which is verified anew', async () => {
    const server = await secured();
    const backends = { a: server.port };
    const engine = await engineFor(backends, { ...noKeepAlive, tls: tls({ serverName: 'backend.test' }) });
    expect((await ask(engine)).status).toBe(200);
    await engine.apply({
      pools: { api: { backends, ...noKeepAlive, tls: tls({ serverName: 'else.test' }) } },
    });
    expect((await ask(engine)).body).toContain('its certificate is not for else.test');
  });

  it('X4 is never resumed at another address', async () => {
    const first = await telling();
    const second = await telling();
    const engine = await engineFor({ a: first.port }, noKeepAlive);
    expect((await ask(engine)).body).toBe('false');
    expect((await ask(engine)).body).toBe('true');
    await engine.apply({ pools: { api: { backends: { a: second.port }, ...noKeepAlive, tls: tls() } } });
    expect((await ask(engine)).body).toBe('false');
  });
});

describe('a pool that changes', () => {
  it('uses no kept connection made under other rules', async () => {
    const server = await secured();
    const backends = { a: server.port };
    const engine = await engineFor(backends, { tls: tls({ verify: false }) });
    expect((await ask(engine)).status).toBe(200);
    await engine.apply({ pools: { api: { backends, tls: tls({ serverName: 'else.test' }) } } });
    expect((await ask(engine)).status).toBe(502);
    await engine.apply({ pools: { api: { backends, tls: tls() } } });
    expect((await ask(engine)).status).toBe(200);
    await engine.apply({ pools: { api: { backends, tls: tls() } } });
    expect((await ask(engine)).status).toBe(200);
    expect(server.connections).toHaveLength(2);
  });

  it('with a fault answers 503 with it and connects to nobody', async () => {
    const server = await secured();
    const backends = { a: server.port };
    const fault = 'pool "api": /ca.pem does not exist; create it or correct tls.caFile';
    const engine = await engineFor(backends, { tls: null, fault });
    const answer = await ask(engine);
    expect([answer.status, answer.body]).toEqual([503, `Sluice: ${fault}\n`]);
    expect(server.connections).toHaveLength(0);
    await engine.apply({ pools: { api: { backends, tls: tls() } } });
    expect((await ask(engine)).status).toBe(200);
  });
});
