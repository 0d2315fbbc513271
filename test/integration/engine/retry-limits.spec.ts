// What bounds retries: the budget of the pool and the deadline of the request.
import { describe, expect, it, vi } from 'vitest';
import { EngineHarness } from '../../support/engine-harness.ts';
import { H2Backend } from '../../support/h2-backends.ts';
import { ok, RawServer } from '../../support/raw-server.ts';
import { answering, ask, GET, hangUp, withBody } from '../../support/retried-requests.ts';

/** More than the system and both ends keep of a connection that nobody reads. */
const LARGE_BYTES = 24_000_000;
/** A steady backend needs two seconds for that. */
const TAKEN_PER_MS = 12_000;

describe('the retry budget', () => {
  it('R8 with everything failing, retries under way stay within their share', async () => {
    const count = 40;
    await using a = await RawServer.listen();
    await using b = await RawServer.listen();
    await using engine = await EngineHarness.serving(
      { a: a.port, b: b.port },
      { retries: { attempts: 8, budgetPct: 20, budgetMin: 0 } },
    );
    const clients = await Promise.all(Array.from({ length: count }, () => engine.client()));
    for (const client of clients) client.send(GET);
    const servers = [a, b].map((server) => server.connections);
    await vi.waitFor(() => expect(servers.flat().length).toBe(count));
    const first = servers.flat();
    await Promise.all(first.map((connection) => connection.untilText('\r\n\r\n')));
    for (const connection of first) connection.end();
    const answered = () => clients.filter((client) => client.receivedTotal > 0).length;
    await vi.waitFor(() => expect(answered()).toBe(32));
    expect([engine.count('web', 'retries'), engine.count('web', 'inFlight')]).toEqual([8, 8]);
    await vi.waitFor(() => expect(servers.flat().length).toBe(count + 8));
    // The second failure of the same request: the few that are left may retry only for a fifth of them.
    for (const connection of servers.flat()) connection.end();
    await vi.waitFor(() => expect(answered()).toBe(count));
    expect(engine.count('web', 'retries')).toBe(8);
    for (const client of clients) await client[Symbol.asyncDispose]();
  });

  it('R8 is given back: one at a time, any number of requests may be retried', async () => {
    await using bad = await RawServer.listen(hangUp);
    await using good = await RawServer.named('good');
    await using engine = await EngineHarness.serving(
      { bad: bad.port, good: good.port },
      { retries: { budgetPct: 0, budgetMin: 1 } },
    );
    await using client = await engine.client();
    for (let i = 0; i < 8; i++) expect((await client.send(GET).message()).status).toBe(200);
    expect(engine.count('web', 'retries')).toBe(4);
  });

  it('R8 is asked for again by a second retry, which does not stand in its own way', async () => {
    await using bad = await RawServer.listen(hangUp);
    await using good = await RawServer.named('good');
    await using engine = await EngineHarness.serving(
      { a: bad.port, b: bad.port, good: good.port },
      { retries: { budgetPct: 0, budgetMin: 1 } },
    );
    for (let i = 0; i < 6; i++) expect((await ask(engine, GET)).status).toBe(200);
    expect(good.requests.length).toBe(6);
  });

  it('counts a listed status, and without budget the client gets that', async () => {
    await using bad = await RawServer.listen(answering(503));
    await using good = await RawServer.named('good');
    await using engine = await EngineHarness.serving(
      { bad: bad.port, good: good.port },
      { retries: { statuses: [503], budgetPct: 0, budgetMin: 0 } },
    );
    expect((await ask(engine, GET)).status).toBe(503);
    expect(good.requests.length).toBe(0);
  });
});

describe('the deadline of a request', () => {
  it('R9 is one for all attempts: 504 when it has passed, whatever the last one still had', async () => {
    await using first = await RawServer.listen(hangUp);
    await using second = await RawServer.listen();
    await using engine = await EngineHarness.serving(
      { a: first.port, b: second.port },
      { retries: { deadlineMs: 300 } },
    );
    const started = performance.now();
    const answer = await ask(engine, GET);
    expect([answer.status, answer.body.includes('api/b'), answer.body.includes('deadline')]).toEqual([
      504,
      true,
      true,
    ]);
    expect(performance.now() - started).toBeGreaterThan(290);
    await (await second.connection()).untilOver();
    expect([engine.count('api/b', 'errors'), engine.count('api/b', 'inFlight')]).toEqual([1, 0]);
    await vi.waitFor(() => expect(engine.records[0]).toMatchObject({ failure: 'deadline', attempts: 2 }));
  });

  it('R9 bounds three slow tries: 504 in the middle of the second, and there is no third', async () => {
    const backends = await Promise.all(Array.from({ length: 3 }, () => RawServer.listen()));
    await using cleanup = new AsyncDisposableStack();
    for (const backend of backends) cleanup.use(backend);
    const [a, b, c] = backends.map(({ port }) => port);
    await using engine = await EngineHarness.serving(
      { a: a ?? 0, b: b ?? 0, c: c ?? 0 },
      { timeouts: { responseHeaderMs: 600 }, retries: { deadlineMs: 900 } },
    );
    const started = performance.now();
    const answer = await ask(engine, GET);
    expect([answer.status, answer.body.includes('deadline')]).toEqual([504, true]);
    expect(performance.now() - started).toBeGreaterThan(890);
    await vi.waitFor(() => expect(engine.records[0]).toMatchObject({ failure: 'deadline', attempts: 2 }));
    expect(backends.filter(({ connections }) => connections.length > 0).length).toBe(2);
  });

  it('ends with the first byte of the response', async () => {
    await using slow = await RawServer.listen(() => 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nha');
    await using silent = await RawServer.listen();
    await using engine = new EngineHarness();
    await engine.apply({
      pools: {
        slow: { backends: { a: slow.port }, retries: { deadlineMs: 200 } },
        silent: { backends: { a: silent.port }, retries: { deadlineMs: 400 } },
      },
      listeners: { web: { routes: [{ pool: 'silent', pathPrefix: '/silent' }, { pool: 'slow' }] } },
    });
    await using client = await engine.client();
    client.send(GET);
    await client.untilText('ha');
    // By the time this one is given up, the deadline of the other has long passed.
    expect((await ask(engine, GET.replace('/ ', '/silent '))).status).toBe(504);
    slow.connections[0]!.send('lf');
    expect((await client.message()).body).toBe('half');
  });

  it('does not count the time the client takes for its body', async () => {
    await using backend = await RawServer.listen((request) =>
      request.method === 'PUT' ? ok('whole') : undefined,
    );
    await using engine = await EngineHarness.serving({ a: backend.port }, { retries: { deadlineMs: 200 } });
    await using client = await engine.client();
    client.send(withBody('PUT', 'half whole').slice(0, -5));
    await (await backend.connection()).untilText('half ');
    expect((await ask(engine, GET)).status).toBe(504);
    client.send('whole');
    expect((await client.message()).body).toBe('whole');
  });

  it('R9 lets a body take longer that its backend keeps on taking, slower than it comes', async () => {
    await using backend = await RawServer.listen();
    await using engine = await EngineHarness.serving({ a: backend.port }, { retries: { deadlineMs: 800 } });
    await using client = await engine.client();
    client.send(`PUT / HTTP/1.1\r\nHost: a.test\r\nContent-Length: ${LARGE_BYTES}\r\n\r\n`);
    const upstream = await backend.connection();
    const begunAt = performance.now();
    let taken = 0;
    upstream.socket.on('data', (chunk: Buffer) => {
      taken += chunk.length;
      const aheadMs = taken / TAKEN_PER_MS - (performance.now() - begunAt);
      if (taken >= LARGE_BYTES) upstream.send(ok('whole'));
      else if (aheadMs > 1) {
        upstream.socket.pause();
        setTimeout(() => upstream.socket.resume(), aheadMs);
      }
    });
    client.send(Buffer.alloc(LARGE_BYTES));
    expect((await client.message()).status).toBe(200);
    expect(performance.now() - begunAt).toBeGreaterThan(1500);
  });

  it('R9 gives up a backend that stops taking the body', async () => {
    await using backend = await RawServer.listen();
    await using engine = await EngineHarness.serving({ a: backend.port }, { retries: { deadlineMs: 300 } });
    await using client = await engine.client();
    client.send(`PUT / HTTP/1.1\r\nHost: a.test\r\nContent-Length: ${LARGE_BYTES}\r\n\r\n`);
    (await backend.connection()).socket.pause();
    client.send(Buffer.alloc(LARGE_BYTES));
    expect((await client.message()).status).toBe(504);
    await vi.waitFor(() => expect(engine.records[0]).toMatchObject({ failure: 'deadline' }));
  });

  it('R9 gives up an HTTP/2 backend that stops taking the body', async () => {
    await using backend = await H2Backend.listen(({ stream }) => void stream.pause());
    const pool = { protocol: 'http2' as const, retries: { deadlineMs: 300 } };
    await using engine = await EngineHarness.serving({ a: backend.port }, pool);
    await using client = await engine.client();
    client.send(`PUT / HTTP/1.1\r\nHost: a.test\r\nContent-Length: ${LARGE_BYTES}\r\n\r\n`);
    client.send(Buffer.alloc(LARGE_BYTES));
    expect((await client.message()).status).toBe(504);
  });

  it('does not count the time between what a slow backend takes and what a slow client sends', async () => {
    await using backend = await RawServer.listen();
    await using engine = await EngineHarness.serving({ a: backend.port }, { retries: { deadlineMs: 400 } });
    await using client = await engine.client();
    client.send(`PUT / HTTP/1.1\r\nHost: a.test\r\nContent-Length: ${LARGE_BYTES}\r\n\r\n`);
    const upstream = await backend.connection();
    upstream.socket.pause();
    client.send(Buffer.alloc(LARGE_BYTES - 1));
    await vi.waitFor(() => expect(engine.count('web', 'bytesIn')).toBeGreaterThan(65_536));
    upstream.socket.resume();
    // The time of this one passes while the backend waits for the last byte.
    await vi.waitFor(() => expect(engine.count('web', 'bytesIn')).toBeGreaterThan(LARGE_BYTES));
    expect((await ask(engine, GET)).status).toBe(504);
    client.send('x');
    upstream.send(ok('whole'));
    expect((await client.message()).body).toBe('whole');
  });

  it('runs again once the body is there', async () => {
    await using backend = await RawServer.listen();
    await using engine = await EngineHarness.serving({ a: backend.port }, { retries: { deadlineMs: 200 } });
    expect((await ask(engine, withBody('PUT', 'whole'))).status).toBe(504);
  });
});
