// Long bodies, clients that leave and backends that break off:
// - a slow side pauses the other, memory stays bounded
// - a client that leaves frees its backend at once and is nobody's fault
// - a response cut short never looks complete
import { describe, expect, it, vi } from 'vitest';
import type { EngineHarness } from '../../support/engine-harness.ts';
import { HTTP1_FRONTS, type Http1Front } from '../../support/fronts.ts';
import { ok, RawServer } from '../../support/raw-server.ts';
import type { RawStream } from '../../support/raw-stream.ts';

const GET = 'GET / HTTP/1.1\r\nHost: a.test\r\n\r\n';
const MEGABYTE = Buffer.alloc(1_000_000, 'x');

async function expectQuiet(engine: EngineHarness): Promise<void> {
  await vi.waitFor(() =>
    expect([
      engine.count('api/a', 'inFlight'),
      engine.count('web', 'inFlight'),
      engine.count('web', 'connections'),
      engine.count('api/a', 'connections'),
    ]).toEqual([0, 0, 0, 0]),
  );
}

describe.each(HTTP1_FRONTS)('backpressure, over $name', (front) => {
  it('S1 pauses the backend while the client does not read, then delivers every byte', async () => {
    const size = 60_000_000;
    await using backend = await RawServer.listen();
    await using engine = await front.serving({ a: backend.port });
    // Two at once: neither may get what is read for the other.
    const streams = await Promise.all([0, 1].map((n) => download(front, engine, backend, n, size)));
    const heldBefore = process.memoryUsage().arrayBuffers;
    for (const { client } of streams) client.socket.pause();
    const taken = await Promise.all(streams.map(({ upstream, pattern }) => upstream.fill(pattern, size)));
    for (const bytes of taken) expect(bytes).toBeLessThan(32_000_000);
    expect(process.memoryUsage().arrayBuffers - heldBefore).toBeLessThan(24_000_000);
    for (const { client, upstream, pattern } of streams) {
      client.socket.resume();
      upstream.end();
      await client.until(() => client.closed);
      const { received } = client;
      expect(received.length).toBeGreaterThan(1_000_000);
      for (let at = 0; at < received.length; at += pattern.length) {
        const expected = pattern.subarray(0, Math.min(pattern.length, received.length - at));
        expect(received.subarray(at, at + expected.length).equals(expected)).toBe(true);
      }
    }
  });

  it('holds back further answers from a client that pipelines without reading, then gives each intact', async () => {
    const count = 1500;
    const body = (target: string): string => `${target} `.repeat(40_000 / (target.length + 1));
    await using backend = await RawServer.listen((request, connection) => {
      const answer = ok(body(request.target));
      const headEnd = answer.indexOf('\r\n\r\n') + 4;
      connection.send(answer.slice(0, headEnd));
      // Only after the engine has read the head: it runs in this very loop.
      setImmediate(() => setImmediate(() => connection.send(answer.slice(headEnd))));
      return undefined;
    });
    await using engine = await front.serving(
      { a: backend.port },
      {},
      { limits: { keepAliveRequests: count } },
    );
    await using client = await front.client(engine);
    client.socket.pause();
    const requests = Array.from({ length: count }, (_, i) => GET.replace('/', `/${i}`)).join('');
    client.send(requests).end();
    // Sixty megabytes of answers are due; a few fit into the kernel.
    await client.stuck(() => backend.requests.length);
    expect(backend.requests.length).toBeLessThan(count / 2);
    client.socket.resume();
    for (let i = 0; i < count; i++) {
      const answer = await client.message();
      expect(answer.body === body(`/${i}`)).toBe(true);
    }
    await client.untilClosed();
  });

  it('stops reading a client that pipelines while its first request is under way', async () => {
    await using backend = await RawServer.listen();
    await using engine = await front.serving({ a: backend.port });
    await using client = await front.client(engine);
    const requests = Buffer.from(GET.repeat(20_000));
    expect(await client.fill(requests, 60_000_000)).toBeLessThan(32_000_000);
  });

  it('S2 pauses the client while the backend does not read', async () => {
    const size = 60_000_000;
    await using backend = await RawServer.listen();
    await using engine = await front.serving({ a: backend.port });
    await using client = await front.client(engine);
    client.send(`POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: ${size}\r\n\r\n`);
    const upstream = await backend.connection();
    await upstream.untilText('\r\n\r\n');
    upstream.socket.pause();
    expect(await client.fill(MEGABYTE, size)).toBeLessThan(32_000_000);
    upstream.socket.resume();
    const sent = client.socket.bytesWritten;
    await upstream.until(() => upstream.receivedTotal >= sent);
  });
});

/** A response under way whose head the client has taken; its body repeats a pattern of its own. */
async function download(
  front: Http1Front,
  engine: EngineHarness,
  backend: RawServer,
  n: number,
  size: number,
) {
  const client = await front.client(engine);
  client.send(GET.replace('/', `/${n}`));
  const upstream = await backend.connection(n);
  const { target } = await upstream.message();
  upstream.send(`HTTP/1.1 200 OK\r\nContent-Length: ${size}\r\n\r\n`);
  await client.untilText('\r\n\r\n');
  client.take();
  // A length that is no power of two: a piece at the wrong place does not fit.
  const pattern = Buffer.alloc(1_000_003, `${target} is not what another gets; `.repeat(37));
  return { client, upstream, pattern };
}

describe.each(HTTP1_FRONTS)('a client that leaves, over $name', (front) => {
  it('A1 before the answer: the backend is freed and not blamed', async () => {
    await using backend = await RawServer.listen();
    await using engine = await front.serving({ a: backend.port });
    const client = await front.client(engine);
    client.send(GET);
    const upstream = await backend.connection();
    await upstream.message();
    expect(engine.count('api/a', 'inFlight')).toBe(1);
    client.reset();
    await upstream.untilOver();
    await expectQuiet(engine);
    expect([engine.count('api/a', 'errors'), engine.count('api/a', 'clientAborts')]).toEqual([0, 1]);
    await vi.waitFor(() => expect(engine.records.map(({ failure }) => failure)).toEqual(['client-gone']));
  });

  it('A1 in the middle of the answer', async () => {
    await using backend = await RawServer.listen();
    await using engine = await front.serving({ a: backend.port });
    const client = await front.client(engine);
    client.send(GET);
    const upstream = await backend.connection();
    await upstream.message();
    upstream.send('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nstart');
    await client.untilText('start');
    client.reset();
    await upstream.untilOver();
    await expectQuiet(engine);
  });

  it('A1 in the middle of its own body, by a plain close', async () => {
    await using backend = await RawServer.listen();
    await using engine = await front.serving({ a: backend.port });
    const client = await front.client(engine);
    client.send('POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 100\r\n\r\nstart');
    const upstream = await backend.connection();
    await upstream.untilText('start');
    client.destroy();
    await upstream.untilOver();
    await expectQuiet(engine);
  });

  it('A1 by a plain close while it waits: after a moment of grace', async () => {
    await using backend = await RawServer.listen();
    await using engine = await front.serving({ a: backend.port });
    const client = await front.client(engine);
    client.send(GET);
    const upstream = await backend.connection();
    await upstream.message();
    client.destroy();
    await upstream.untilOver();
    await expectQuiet(engine);
  });
});

describe.each(HTTP1_FRONTS)('a client that ends its side, over $name', (front) => {
  it('A3 still gets the answer', async () => {
    await using backend = await RawServer.listen();
    await using engine = await front.serving({ a: backend.port });
    await using client = await front.client(engine);
    client.send(GET).end();
    const upstream = await backend.connection();
    await upstream.message();
    upstream.send(ok('late'));
    const answer = await client.message();
    expect([answer.body, answer.field('connection')]).toEqual(['late', 'close']);
    await client.untilClosed();
  });

  it('A3 is waited for as long as the listener says', async () => {
    await using backend = await RawServer.listen();
    await using engine = await front.serving({ a: backend.port }, {}, { timeouts: { halfClosedMs: 1000 } });
    await using client = await front.client(engine);
    client.send(GET).end();
    const upstream = await backend.connection();
    await upstream.message();
    const startedMs = performance.now();
    // Its backend is let go of, for the client counts as gone.
    await upstream.untilOver();
    expect(performance.now() - startedMs).toBeGreaterThan(900);
    await client.untilOver();
    expect(client.text).toBe('');
  });

  it('gets the answers to all it has pipelined', async () => {
    await using backend = await RawServer.listen((request) => ok(request.target));
    await using engine = await front.serving({ a: backend.port });
    await using client = await front.client(engine);
    client.send('GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n').end();
    expect([(await client.message()).body, (await client.message()).body]).toEqual(['/1', '/2']);
    await client.untilClosed();
  });
});

describe.each(HTTP1_FRONTS)('a response that is cut short, over $name', (front) => {
  const cases: [string, string, (upstream: RawStream) => void, boolean][] = [
    [
      'S4 length, by FIN',
      'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n0123456789',
      (upstream) => void upstream.end(),
      false,
    ],
    [
      'S5 chunked, by FIN',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\na\r\n0123456789\r\n',
      (upstream) => void upstream.end(),
      false,
    ],
    [
      'S5 chunked, by RST',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\na\r\n0123456789\r\n',
      (upstream) => upstream.reset(),
      false,
    ],
    [
      'S6 close-delimited, by RST',
      'HTTP/1.1 200 OK\r\n\r\n0123456789',
      (upstream) => upstream.reset(),
      false,
    ],
    [
      'S6 close-delimited to HTTP/1.0, by RST',
      'HTTP/1.1 200 OK\r\n\r\n0123456789',
      (upstream) => upstream.reset(),
      true,
    ],
  ];
  for (const [name, start, breakOff, old] of cases) {
    it(`${name}: the client’s connection is reset`, async () => {
      await using backend = await RawServer.listen();
      await using engine = await front.serving({ a: backend.port });
      await using client = await front.client(engine);
      client.send(old ? 'GET / HTTP/1.0\r\nHost: a.test\r\n\r\n' : GET);
      const upstream = await backend.connection();
      await upstream.message();
      upstream.send(start);
      await client.untilText('0123456789');
      breakOff(upstream);
      await client.untilClosed();
      expect([client.errorCode, client.ended, client.text.includes('\r\n0\r\n')]).toEqual([
        'ECONNRESET',
        false,
        false,
      ]);
      await vi.waitFor(() => expect(engine.count('api/a', 'errors')).toBe(1));
      expect(engine.count('api/a', 'inFlight')).toBe(0);
    });
  }
});

describe.each(HTTP1_FRONTS)('an answer before the request is complete, over $name', (front) => {
  it('S8 F26 reaches the client, and what it still sends is thrown away', async () => {
    await using backend = await RawServer.listen();
    await using engine = await front.serving({ a: backend.port });
    await using client = await front.client(engine);
    client.send('POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 10000000\r\n\r\n').send(MEGABYTE);
    const upstream = await backend.connection();
    await upstream.untilText('\r\n\r\n');
    upstream.send('HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nbig');
    const answer = await client.message();
    expect([answer.status, answer.body, answer.field('connection')]).toEqual([413, 'big', 'close']);
    await upstream.untilOver();
    for (let i = 0; i < 9; i++) client.send(MEGABYTE);
    await client.until(() => client.ended);
    expect(client.errorCode).toBe('');
    client.end();
    await client.untilClosed();
    expect(backend.connections.length).toBe(1);
  });

  it('relays a response that streams while the request does', async () => {
    await using backend = await RawServer.listen();
    await using engine = await front.serving({ a: backend.port });
    await using client = await front.client(engine);
    client.send('POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 6\r\n\r\nabc');
    const upstream = await backend.connection();
    await upstream.untilText('abc');
    upstream.send('HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nabc');
    await client.untilText('abc');
    client.send('def');
    await upstream.untilText('abcdef');
    upstream.send('def');
    expect((await client.message()).body).toBe('abcdef');
  });
});
