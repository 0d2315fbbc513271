// When a request goes to another backend and when it must not: by what was sent of it, by its method,
// by what the client has got already.
import { describe, expect, it, vi } from 'vitest';
import { EngineHarness } from '../../support/engine-harness.ts';
import { ok, RawServer } from '../../support/raw-server.ts';
import {
  answering,
  ask,
  bodyOf,
  closedPort,
  GET,
  hangUp,
  status,
  withBody,
} from '../../support/retried-requests.ts';

describe('a backend that nothing was sent to', () => {
  it('R1 does not cost a POST its body, however large: the next one gets every byte, once', async () => {
    await using good = await RawServer.listen((request) => ok(`${request.body.length}`));
    await using engine = await EngineHarness.serving(
      { bad: await closedPort(), good: good.port },
      { retries: { bodyBytes: 10 } },
    );
    const body = bodyOf(300_000);
    for (let i = 0; i < 2; i++) expect((await ask(engine, withBody('POST', body))).body).toBe('300000');
    expect(good.requests.map((request) => request.body === body)).toEqual([true, true]);
  });

  it('R1 is no retry that the budget counts', async () => {
    const bad = await closedPort();
    await using good = await RawServer.named('good');
    await using engine = await EngineHarness.serving(
      { a: bad, b: bad, good: good.port },
      { retries: { budgetPct: 0, budgetMin: 0 } },
    );
    for (let i = 0; i < 6; i++) expect((await ask(engine, withBody('POST', 'x'))).status).toBe(200);
    expect(engine.count('web', 'retries')).toBeGreaterThan(3);
  });

  it('R5 counts as an attempt', async () => {
    const bad = await closedPort();
    await using good = await RawServer.named('good');
    await using engine = await EngineHarness.serving(
      { a: bad, b: { port: bad }, good: { port: good.port, role: 'backup' } },
      { retries: { attempts: 1 } },
    );
    expect((await ask(engine, GET)).status).toBe(502);
    expect(engine.count('api/a', 'requests') + engine.count('api/b', 'requests')).toBe(1);
  });
});

describe('a request that a backend got and did not answer', () => {
  it.each([
    ['GET', true],
    ['HEAD', true],
    ['PUT', true],
    ['DELETE', true],
    ['POST', false],
    ['PATCH', false],
  ])('R2 %s goes elsewhere: %s', async (method, repeated) => {
    await using bad = await RawServer.listen(hangUp);
    await using good = await RawServer.named('good');
    await using engine = await EngineHarness.serving({ bad: bad.port, good: good.port });
    await using client = await engine.client();
    client.send(withBody(method, 'hello'));
    expect((await client.message(method)).status).toBe(repeated ? 200 : 502);
    expect([bad, good].map(({ requests }) => requests.map(({ body }) => body))).toEqual([
      ['hello'],
      repeated ? ['hello'] : [],
    ]);
  });

  it('R5 goes to each backend once at most, and to as many as the pool allows', async () => {
    const servers = await Promise.all(['a', 'b', 'c', 'd'].map(() => RawServer.listen(hangUp)));
    const backends = Object.fromEntries(servers.map(({ port }, i) => [`b${i}`, port]));
    const seen = () => servers.map(({ requests }) => requests.length);
    try {
      for (const [attempts, expected] of [
        [3, 3],
        [8, 4],
      ] as const) {
        const before = seen();
        await using engine = await EngineHarness.serving(backends, { retries: { attempts } });
        expect((await ask(engine, GET)).status).toBe(502);
        const each = seen().map((count, i) => count - before[i]!);
        expect([Math.max(...each), each.reduce((sum, count) => sum + count)]).toEqual([1, expected]);
        await vi.waitFor(() => expect(engine.records.map((record) => record.attempts)).toEqual([expected]));
      }
    } finally {
      for (const server of servers) await server[Symbol.asyncDispose]();
    }
  });
});

describe('a kept connection that went stale', () => {
  /** Answers the first request of each connection and resets it on the second. */
  function oneEach(): Promise<RawServer> {
    const seen = new WeakSet<object>();
    return RawServer.listen((request, connection) => {
      if (seen.has(connection)) {
        connection.reset();
        return undefined;
      }
      seen.add(connection);
      return ok(request.body);
    });
  }

  it('R3 is no attempt: the same backend gets the same body on a fresh one', async () => {
    await using backend = await oneEach();
    await using engine = await EngineHarness.serving(
      { a: backend.port },
      { retries: { attempts: 1, budgetPct: 0, budgetMin: 0 } },
    );
    await using client = await engine.client();
    for (const body of ['one', 'two', 'three'])
      expect((await client.send(withBody('PUT', body)).message()).body).toBe(body);
    expect([engine.count('api/a', 'errors'), engine.count('api/a', 'requests')]).toEqual([0, 3]);
  });

  it('R3 is not tried again with a body that was too large to keep', async () => {
    await using backend = await oneEach();
    await using engine = await EngineHarness.serving({ a: backend.port }, { retries: { bodyBytes: 4 } });
    await using client = await engine.client();
    expect((await client.send(withBody('PUT', 'four')).message()).status).toBe(200);
    expect((await client.send(withBody('PUT', 'fifth')).message()).status).toBe(502);
  });
});

describe('once a byte of the response has reached the client', () => {
  it.each([
    ['in the body', 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc'],
    ['in a chunked body', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n'],
  ])('R7 a reset %s is not retried', async (_, response) => {
    await using bad = await RawServer.listen();
    await using good = await RawServer.named('good');
    await using engine = await EngineHarness.serving({ bad: bad.port, good: good.port });
    await using client = await engine.client();
    client.send(GET);
    const failing = await bad.connection();
    await failing.untilText('\r\n\r\n');
    failing.send(response);
    await client.untilText('abc');
    failing.reset();
    await client.untilClosed();
    expect([client.errorCode, good.requests.length]).toEqual(['ECONNRESET', 0]);
  });

  it('R7 an interim response is such a byte: neither a listed status nor an end goes elsewhere', async () => {
    for (const [after, expected] of [
      [status(503), 503],
      ['', 502],
    ] as const) {
      await using bad = await RawServer.listen((_, connection) => {
        connection.send(`HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${after}`);
        connection.end();
        return undefined;
      });
      await using good = await RawServer.named('good');
      await using engine = await EngineHarness.serving(
        { bad: bad.port, good: good.port },
        { retries: { statuses: [503] } },
      );
      await using client = await engine.client();
      client.send(GET);
      expect((await client.message()).status).toBe(103);
      expect((await client.message()).status).toBe(expected);
      expect(good.requests.length).toBe(0);
    }
  });

  it('R7 an upgrade that was granted is not repeated', async () => {
    await using bad = await RawServer.listen((_, connection) => {
      connection.send('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n');
      connection.end();
      return undefined;
    });
    await using good = await RawServer.named('good');
    await using engine = await EngineHarness.serving({ bad: bad.port, good: good.port });
    await using client = await engine.client();
    client.send('GET / HTTP/1.1\r\nHost: a.test\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n');
    expect((await client.message()).status).toBe(101);
    client.end();
    await client.untilOver();
    expect(good.requests.length).toBe(0);
  });

  it('an upgrade that got no answer goes elsewhere', async () => {
    await using bad = await RawServer.listen(hangUp);
    await using good = await RawServer.listen(answering(426));
    await using engine = await EngineHarness.serving({ bad: bad.port, good: good.port });
    const upgrade = 'GET / HTTP/1.1\r\nHost: a.test\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n';
    expect((await ask(engine, upgrade)).status).toBe(426);
  });
});

describe('a client that leaves', () => {
  it('A4 is no failure of the backend, and the request goes nowhere else', async () => {
    await using a = await RawServer.listen();
    await using b = await RawServer.named('b');
    await using engine = await EngineHarness.serving({ a: a.port, b: b.port });
    const client = await engine.client();
    client.send(GET);
    const connection = await a.connection();
    await connection.untilText('\r\n\r\n');
    client.reset();
    await connection.untilOver();
    await vi.waitFor(() => expect(engine.count('api/a', 'inFlight')).toBe(0));
    expect([
      engine.count('api/a', 'errors'),
      engine.count('api/a', 'clientAborts'),
      engine.count('web', 'retries'),
      b.requests.length,
    ]).toEqual([0, 1, 0, 0]);
  });
});
