// What a client gets when a backend fails, and when another one is tried instead:
// - nothing sent yet: any request goes to another backend
// - sent, but answered by nothing: only what is idempotent (retries.spec.ts)
// - otherwise an answer that names the backend and what it did
import { describe, expect, it, vi } from 'vitest';
import { EngineHarness } from '../../support/engine-harness.ts';
import { ok, RawServer } from '../../support/raw-server.ts';

const GET = 'GET / HTTP/1.1\r\nHost: a.test\r\n\r\n';
const POST = 'POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 2\r\n\r\nhi';

/** A port nothing listens on. */
async function closedPort(): Promise<number> {
  const server = await RawServer.listen();
  const { port } = server;
  await server[Symbol.asyncDispose]();
  return port;
}

describe('a backend that refuses the connection', () => {
  it('R1 another one serves, POST too, and exactly one gets it', async () => {
    await using good = await RawServer.listen((request) => ok(`good ${request.body}`));
    await using engine = await EngineHarness.serving({ bad: await closedPort(), good: good.port });
    await using client = await engine.client();
    for (let i = 0; i < 4; i++) expect((await client.send(POST).message()).body).toBe('good hi');
    expect(good.requests.length).toBe(4);
    expect([
      engine.count('api/bad', 'errors'),
      engine.count('api/bad', 'retries'),
      engine.count('api/good', 'errors'),
    ]).toEqual([2, 2, 0]);
    await vi.waitFor(() =>
      expect(engine.records.map(({ attempts }) => attempts).toSorted()).toEqual([1, 1, 2, 2]),
    );
  });

  it('R5 without another: 502 that names it, the connection goes on', async () => {
    const port = await closedPort();
    await using engine = await EngineHarness.serving({ 'api-1': port, 'api-2': port });
    await using client = await engine.client();
    for (let i = 0; i < 2; i++) {
      const answer = await client.send(GET).message();
      expect(answer.status).toBe(502);
      expect(answer.body).toMatch(
        new RegExp(`^Sluice: backend api/api-[12] \\(127\\.0\\.0\\.1:${port}\\) refused the connection\\n$`),
      );
    }
    expect(engine.count('api/api-1', 'errors') + engine.count('api/api-2', 'errors')).toBe(4);
    expect([engine.count('web', 'status5xx'), engine.count('web', 'inFlight')]).toEqual([2, 0]);
    await vi.waitFor(() =>
      expect(engine.records.map(({ failure }) => failure)).toEqual(['connect-refused', 'connect-refused']),
    );
  });
});

describe('a backend that closes without an answer', () => {
  async function withClosing(request: string) {
    await using bad = await RawServer.listen((_, connection) => void connection.end());
    await using good = await RawServer.named('good');
    await using engine = await EngineHarness.serving({ bad: bad.port, good: good.port });
    await using client = await engine.client();
    const answer = await client.send(request).message();
    return { status: answer.status, bad: bad.requests.length, good: good.requests.length };
  }

  it('R2 a GET is tried elsewhere', async () => {
    expect(await withClosing(GET)).toEqual({ status: 200, bad: 1, good: 1 });
  });

  it('R2 a POST is not: 502', async () => {
    expect(await withClosing(POST)).toEqual({ status: 502, bad: 1, good: 0 });
  });

  it('R5 a GET that ends every connection gets to as many backends as the pool allows', async () => {
    await using bad = await RawServer.listen((_, connection) => void connection.end());
    const backends = { a: bad.port, b: bad.port, c: bad.port, d: bad.port };
    for (const attempts of [1, 2, 4]) {
      await using engine = await EngineHarness.serving(backends, { retries: { attempts } });
      await using client = await engine.client();
      const before = bad.requests.length;
      expect((await client.send(GET).message()).status).toBe(502);
      expect(bad.requests.length - before).toBe(attempts);
    }
  });
});

describe('a kept connection that went stale', () => {
  /** Answers the first request of each connection and resets it on the second. */
  function oneEach(): Promise<RawServer> {
    const seen = new WeakSet<object>();
    return RawServer.listen((_, connection) => {
      if (seen.has(connection)) {
        connection.reset();
        return undefined;
      }
      seen.add(connection);
      return ok('a');
    });
  }

  it('R3 a GET is sent again on a fresh one, and nobody is blamed', async () => {
    await using backend = await oneEach();
    await using engine = await EngineHarness.serving({ a: backend.port });
    await using client = await engine.client();
    for (let i = 0; i < 3; i++) expect((await client.send(GET).message()).status).toBe(200);
    const counted = (['errors', 'requests', 'resends'] as const).map((name) => engine.count('api/a', name));
    expect([...counted, backend.requests.length]).toEqual([0, 3, 2, 5]);
  });

  it('R3 a POST is not: 502', async () => {
    await using backend = await oneEach();
    await using engine = await EngineHarness.serving({ a: backend.port });
    await using client = await engine.client();
    expect((await client.send(GET).message()).status).toBe(200);
    expect((await client.send(POST).message()).status).toBe(502);
  });

  it('is not used again once its backend has closed it', async () => {
    await using backend = await RawServer.named('a');
    await using engine = await EngineHarness.serving({ a: backend.port });
    await using client = await engine.client();
    await client.send(POST).message();
    backend.connections[0]!.end();
    await backend.connections[0]!.untilClosed();
    expect((await client.send(POST).message()).status).toBe(200);
    expect(backend.connections.length).toBe(2);
  });
});

describe('a backend that announces its own idle limit', () => {
  it('has its connection closed before it does so itself', async () => {
    await using backend = await RawServer.listen(() => ok('a', 'Keep-Alive: timeout=1'));
    await using engine = await EngineHarness.serving({ a: backend.port });
    await using client = await engine.client();
    await client.send(GET).message();
    const started = performance.now();
    await backend.connections[0]!.untilOver();
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

describe('bytes nobody asked for', () => {
  it('F24 behind a complete response: not passed on, the connection not used again', async () => {
    await using backend = await RawServer.listen((request) =>
      request.target === '/' ? `${ok('hello')}HTTP/1.1 200 OK\r\n` : ok('clean'),
    );
    await using engine = await EngineHarness.serving({ a: backend.port });
    await using client = await engine.client();
    expect((await client.send(GET).message()).body).toBe('hello');
    expect((await client.send(GET.replace('/ ', '/2 ')).message()).body).toBe('clean');
    expect([client.text, backend.connections.length]).toEqual(['', 2]);
  });

  it('F25 on an idle connection: closed, never served', async () => {
    await using backend = await RawServer.listen((request) => ok(request.target));
    await using engine = await EngineHarness.serving({ a: backend.port });
    await using client = await engine.client();
    await client.send(GET).message();
    backend.connections[0]!.send(ok('poison'));
    await backend.connections[0]!.untilOver();
    expect((await client.send(GET).message()).body).toBe('/');
    expect(backend.connections.length).toBe(2);
  });
});

describe('a malformed response', () => {
  for (const [name, response] of [
    ['F23 chunked twice', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n'],
    ['F23 junk', 'SSH-2.0-OpenSSH_9.2\r\n\r\n'],
    ['F23 bare LF', 'HTTP/1.1 200 OK\nContent-Length: 1\n\na'],
    ['F2 two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\na'],
    ['an endless header', `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(70_000)}`],
  ] as const) {
    it(`${name}: 502, the connection is dropped`, async () => {
      await using backend = await RawServer.listen(() => response);
      await using engine = await EngineHarness.serving({ a: backend.port });
      await using client = await engine.client();
      const answer = await client.send(GET).message();
      expect([answer.status, answer.body.includes('malformed')]).toEqual([502, true]);
      await backend.connections[0]!.untilOver();
    });
  }
});

describe('nobody to serve', () => {
  it('answers 503 at once, says why and when to come back', async () => {
    await using engine = await EngineHarness.serving({
      'api-1': { port: 1, usable: false },
      'api-2': { port: 1, admin: 'draining' },
      'api-3': { port: 1, weight: 0 },
    });
    await using client = await engine.client();
    const answer = await client.send(GET).message();
    expect([answer.status, answer.field('retry-after'), answer.body]).toEqual([
      503,
      '1',
      'Sluice: no backend of pool api can serve: api-1 not healthy, api-2 draining, api-3 weight 0\n',
    ]);
    expect((await client.send(GET).message()).status).toBe(503);
  });

  it('answers 404 where no route matches', async () => {
    await using engine = await EngineHarness.serving({ a: 1 }, {}, { routes: [] });
    await using client = await engine.client();
    const answer = await client.send(POST).message();
    expect([answer.status, answer.field('connection')]).toEqual([404, 'close']);
    await client.untilOver();
  });
});

describe('timeouts', () => {
  it('408 for a request header that does not arrive', async () => {
    await using engine = await EngineHarness.serving({ a: 1 }, {}, { timeouts: { requestHeaderMs: 200 } });
    await using client = await engine.client();
    client.send('GET / HTTP/1.1\r\nHo');
    expect((await client.message()).status).toBe(408);
    await client.untilOver();
    expect(engine.count('web', 'status4xx')).toBe(1);
  });

  it('an idle client is closed silently', async () => {
    await using engine = await EngineHarness.serving({ a: 1 }, {}, { timeouts: { keepAliveMs: 200 } });
    await using client = await engine.client();
    await client.untilOver();
    expect(client.text).toBe('');
  });

  it('504 for a backend that does not answer', async () => {
    await using backend = await RawServer.listen();
    await using engine = await EngineHarness.serving(
      { a: backend.port },
      { timeouts: { responseHeaderMs: 200 } },
    );
    await using client = await engine.client();
    const answer = await client.send(GET).message();
    expect([answer.status, answer.body.includes('api/a')]).toEqual([504, true]);
    await (await backend.connection()).untilOver();
  });

  it('a response that falls silent is cut off', async () => {
    await using backend = await RawServer.listen(() => 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc');
    await using engine = await EngineHarness.serving({ a: backend.port }, { timeouts: { idleMs: 200 } });
    await using client = await engine.client();
    client.send(GET);
    await client.untilClosed();
    expect([client.errorCode, client.ended]).toEqual(['ECONNRESET', false]);
    await vi.waitFor(() =>
      expect(engine.records.map(({ failure }) => failure)).toEqual(['response-stalled']),
    );
  });

  it('408 for a request body that stops arriving', async () => {
    await using backend = await RawServer.listen();
    await using engine = await EngineHarness.serving({ a: backend.port }, {}, { timeouts: { idleMs: 200 } });
    await using client = await engine.client();
    client.send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc');
    expect((await client.message()).status).toBe(408);
    await (await backend.connection()).untilOver();
    expect(engine.count('api/a', 'errors')).toBe(0);
  });

  it('an idle connection to a backend is closed', async () => {
    await using backend = await RawServer.named('a');
    await using engine = await EngineHarness.serving({ a: backend.port }, { keepAlive: { idleMs: 200 } });
    await using client = await engine.client();
    await client.send(GET).message();
    await backend.connections[0]!.untilOver();
    await vi.waitFor(() => expect(engine.count('api/a', 'connections')).toBe(0));
  });
});
