// What streams: events as they come (S3), answers before the request is over (S8) and the WebSockets of
// the U vectors, where a backend speaks HTTP/2. The other bodies are in streaming, http2-streaming and
// http2-upstream-bodies; WebSockets to HTTP/1.1 in tunnels and http2-websocket. U3 and U5's proof have
// no meaning to an HTTP/2 backend: 101 does not exist there (vector-http2-responses), nor has an
// extended CONNECT a key that could be answered wrongly (RFC 8441 §5).
import { describe, expect, it, vi } from 'vitest';
import { EngineHarness, type PoolWords } from '../../support/engine-harness.ts';
import { H2Backend, type H2Handler, type H2Request, respond } from '../../support/h2-backends.ts';
import { disposedAfterEach } from '../../support/opened.ts';
import { ALL_BACKENDS } from '../../support/vectors/any-backend.ts';
import { ALL_FRONTS, type AnyFront } from '../../support/vectors/front-clients.ts';
import { SteppedClock } from '../../support/vectors/stepped-clock.ts';
import { WEB_SOCKET_REQUEST, type WebSocketClient } from '../../support/vectors/web-socket-clients.ts';

const opened = disposedAfterEach();

describe.each(ALL_BACKENDS)('with a backend of $name', (kind) => {
  it.each(ALL_FRONTS)(
    'S3 over $name, each event arrives before the next is sent, and takes none of the engine’s time',
    async (front) => {
      const backend = opened(await kind.listen());
      // It stands still: no timer of the engine could send what a buffer holds.
      const clock = new SteppedClock();
      const engine = opened(new EngineHarness(clock.env));
      await engine.apply({
        pools: { api: { backends: { a: backend.port }, ...kind.pool } },
        listeners: { web: await front.listener({}) },
      });
      const client = opened(await front.slowClient(engine));
      client.ask();
      const request = await backend.request();
      request.begin('data: 0\n\n', 'text/event-stream');
      await client.untilBody('data: 0\n\n');
      for (let i = 1; i <= 10; i++) {
        request.goOn(`data: ${i}\n\n`);
        await client.untilBody(`data: ${i}\n\n`);
      }
      expect([engine.count('web', 'inFlight'), client.complete]).toEqual([1, false]);
    },
  );
});

/** The backend takes WebSockets. */
async function serving(front: AnyFront, handler: H2Handler, pool: Partial<PoolWords> = {}) {
  const backend = opened(await H2Backend.listen(handler, { settings: { enableConnectProtocol: true } }));
  const engine = opened(await front.serving({ a: backend.port }, { protocol: 'http2', ...pool }));
  return { backend, engine };
}

function grant({ stream }: H2Request, early = ''): void {
  stream.respond({ ':status': 200 });
  if (early !== '') stream.write(early);
}

function echo(request: H2Request): void {
  grant(request);
  request.stream.on('data', (chunk: Buffer) => request.stream.write(chunk));
  request.stream.on('end', () => request.stream.end());
}

async function tunnel(front: AnyFront, pool: Partial<PoolWords> = {}) {
  const { backend, engine } = await serving(front, echo, pool);
  const client = opened(await front.webSocketClient(engine));
  client.ask(WEB_SOCKET_REQUEST);
  await client.granted();
  return { engine, client, stream: backend.requests[0]!.stream };
}

async function expectNoTunnel(engine: EngineHarness): Promise<void> {
  await vi.waitFor(() =>
    expect([
      engine.count('api/a', 'tunnels'),
      engine.count('web', 'tunnels'),
      engine.count('api/a', 'inFlight'),
    ]).toEqual([0, 0, 0]),
  );
}

describe.each(ALL_FRONTS)('over $name, an HTTP/2 backend', (front) => {
  it('S8 F26 answers early: the client gets it though it goes on sending, and the session stays', async () => {
    const { backend, engine } = await serving(front, (request) =>
      request.headers[':method'] === 'GET'
        ? respond(request, 'next')
        : respond(request, 'too big', { ':status': 413 }),
    );
    const client = opened(await front.slowClient(engine));
    client.beginBody();
    expect(await client.status()).toBe(413);
    await client.untilBody('too big');
    for (let i = 0; i < 10; i++) client.goOn();
    // HTTP/1.1 has no other way to stop the request.
    if (!front.isHttp2) await client.connection.untilOver();
    expect([client.connection.errorCode, engine.count('api/a', 'errors')]).toEqual(['', 0]);
    await vi.waitFor(() => expect(backend.requests[0]?.stream.closed).toBe(true));
    const next = opened(front.client(engine));
    expect((await next.ask('GET', '/')).body).toBe('next');
    expect(backend.sessions).toHaveLength(1);
  });

  it('U1 carries a WebSocket both ways, bytes behind the heads included', async () => {
    const { backend, engine } = await serving(front, (request) => grant(request, 'early backend'));
    const client = opened(await front.webSocketClient(engine));
    client.ask(WEB_SOCKET_REQUEST, 'early client');
    await client.granted();
    const { stream } = backend.requests[0]!;
    let received = '';
    stream.on('data', (chunk: Buffer) => {
      received += chunk.toString('latin1');
    });
    await vi.waitFor(() => expect([received, client.text]).toEqual(['early client', 'early backend']));
    const big = 'abcdefgh'.repeat(8192);
    client.send(big);
    stream.write(big);
    await vi.waitFor(() => expect(received === `early client${big}`).toBe(true));
    await vi.waitFor(() => expect(client.text === `early backend${big}`).toBe(true));
    expect([engine.count('api/a', 'tunnels'), engine.count('web', 'tunnels')]).toEqual([1, 1]);
  });

  it('U2 gets nothing of a WebSocket before it has granted it', async () => {
    let asked: H2Request | undefined;
    const { engine } = await serving(front, (request) => {
      asked = request;
    });
    const client = opened(await front.webSocketClient(engine));
    client.ask(WEB_SOCKET_REQUEST, 'too early');
    await vi.waitFor(() => expect(asked).toBeDefined());
    let received = '';
    asked!.stream.on('data', (chunk: Buffer) => {
      received += chunk.toString('latin1');
    });
    // What comes later on the same connection would bring it along.
    await new Promise<void>((resolve) => asked!.stream.session?.ping(() => resolve()));
    expect(received).toBe('');
    grant(asked!);
    await vi.waitFor(() => expect(received).toBe('too early'));
  });

  it.each([401, 403, 426, 503])(
    'U4 declines a WebSocket with %i: the client gets that answer, and the next',
    async (status) => {
      const { backend, engine } = await serving(front, (request) =>
        request.headers[':method'] === 'CONNECT'
          ? respond(request, 'no', { ':status': status })
          : respond(request, String(request.headers[':path'])),
      );
      const client = opened(await front.webSocketClient(engine));
      client.ask(WEB_SOCKET_REQUEST);
      expect(await client.declined()).toEqual([status, 'no']);
      expect(await client.next('/2')).toEqual([200, '/2']);
      expect(backend.requests.map(({ headers }) => headers[':path'])).toEqual(['/ws', '/2']);
      await expectNoTunnel(engine);
    },
  );

  it('U6 hears of a client that is lost, and a client of the loss of the backend', async () => {
    const left = await tunnel(front);
    left.client.abort();
    await vi.waitFor(() => expect(left.stream.closed).toBe(true));
    expect(left.stream.rstCode).toBe(8);
    await expectNoTunnel(left.engine);

    const lost = await tunnel(front);
    lost.stream.session?.destroy();
    await vi.waitFor(() => expect(lost.client.over).toBe(true));
    await expectNoTunnel(lost.engine);

    const ended = await tunnel(front);
    ended.client.end();
    await vi.waitFor(() => expect(ended.client.over).toBe(true));
    await vi.waitFor(() => expect(ended.stream.closed).toBe(true));
    expect([ended.stream.rstCode, ended.client.broken]).toEqual([0, false]);
    await expectNoTunnel(ended.engine);
  });

  it('U7 loses a WebSocket that is silent for too long, and none that is not', async () => {
    const clock = new SteppedClock();
    const backend = opened(await H2Backend.listen(echo, { settings: { enableConnectProtocol: true } }));
    const engine = opened(new EngineHarness(clock.env));
    const timeouts = { tunnelIdleMs: 1000 };
    await engine.apply({
      pools: { api: { backends: { a: backend.port }, protocol: 'http2', timeouts } },
      listeners: { web: await front.listener({}) },
    });
    const client: WebSocketClient = opened(await front.webSocketClient(engine));
    client.ask(WEB_SOCKET_REQUEST);
    await client.granted();
    for (let i = 1; i <= 3; i++) {
      await clock.runFor(600);
      client.send('.');
      await vi.waitFor(() => expect(client.text).toBe('.'.repeat(i)), { interval: 5 });
    }
    expect([client.over, engine.count('api/a', 'tunnels')]).toEqual([false, 1]);
    await clock.runFor(2000);
    await vi.waitFor(() => expect([client.over, backend.requests[0]?.stream.closed]).toEqual([true, true]));
    await expectNoTunnel(engine);
  });
});

describe.each(ALL_FRONTS.filter(({ isHttp2 }) => !isHttp2))('over $name, a WebSocket', (front) => {
  it.each([
    ['no key', ''],
    ['a key that is too short', 'Sec-WebSocket-Key: eA==\r\n'],
    ['two keys', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n'.repeat(2)],
  ])('U5 with %s is answered with 400 before an HTTP/2 backend hears of it', async (_, key) => {
    const { backend, engine } = await serving(front, echo);
    const client = opened(await front.webSocketClient(engine));
    client.ask(WEB_SOCKET_REQUEST.replace(/Sec-WebSocket-Key: .*\r\n/, key));
    expect((await client.declined())[0]).toBe(400);
    expect([backend.sessions.length, engine.count('api/a', 'inFlight')]).toEqual([0, 0]);
  });
});
