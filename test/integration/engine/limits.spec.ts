// What a listener takes of its clients, and what one that goes beyond it gets:
// - bodies by size and by speed, with an answer the client can read
// - heads by size; clients that send theirs slowly cost the others nothing
// - connections, in all and for each client, and requests on each
import { describe, expect, it, vi } from 'vitest';
import { type Env, systemEnv } from '../../../src/main/engine/env.ts';
import { EngineHarness } from '../../support/engine-harness.ts';
import type { RawClient } from '../../support/raw-client.ts';
import { ok, RawServer } from '../../support/raw-server.ts';

const GET = 'GET / HTTP/1.1\r\nHost: a.test\r\n\r\n';
const MEGABYTE = Buffer.alloc(1_000_000, 'x');

function post(length: number, ...lines: string[]): string {
  return ['POST / HTTP/1.1', 'Host: a.test', `Content-Length: ${length}`, ...lines, '', ''].join('\r\n');
}

const CHUNKED = 'POST / HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n';

async function expectNothingUnderWay(engine: EngineHarness): Promise<void> {
  await vi.waitFor(() =>
    expect([engine.count('web', 'inFlight'), engine.count('api/a', 'inFlight')]).toEqual([0, 0]),
  );
}

describe('a request body over the limit', () => {
  it('F18 of a length that says so is answered with 413 before any backend is asked', async () => {
    await using backend = await RawServer.named('a');
    await using engine = await EngineHarness.serving({ a: backend.port }, {}, { limits: { bodyBytes: 10 } });
    await using client = await engine.client();
    client.send(post(11, 'Expect: 100-continue'));
    const answer = await client.message();
    expect([answer.status, answer.field('connection'), answer.body]).toEqual([
      413,
      'close',
      'Sluice: the request body is larger than the limit of this listener\n',
    ]);
    await client.untilOver();
    expect(backend.connections.length).toBe(0);
    await expectNothingUnderWay(engine);
    await vi.waitFor(() => expect(engine.records.map(({ failure }) => failure)).toEqual(['body-too-large']));
  });

  it('S8 is answered while the client is still sending all of it', async () => {
    await using engine = await EngineHarness.serving({ a: 1 }, {}, { limits: { bodyBytes: 1000 } });
    await using client = await engine.client();
    client.send(post(10_000_000));
    for (let i = 0; i < 10; i++) client.send(MEGABYTE);
    expect((await client.message()).status).toBe(413);
    await client.until(() => client.ended);
    expect(client.errorCode).toBe('');
  });

  it('F18 in chunks is answered with 413 as soon as it shows, and the backend is let go', async () => {
    await using backend = await RawServer.listen();
    await using engine = await EngineHarness.serving({ a: backend.port }, {}, { limits: { bodyBytes: 10 } });
    await using client = await engine.client();
    client.send(`${CHUNKED}8\r\n12345678\r\n`);
    const upstream = await backend.connection();
    await upstream.untilText('12345678');
    client.send('3\r\n901\r\n0\r\n\r\n').send(GET);
    const answer = await client.message();
    expect([answer.status, answer.field('connection')]).toEqual([413, 'close']);
    await client.untilOver();
    await upstream.untilOver();
    expect([upstream.text.includes('901'), client.text]).toEqual([false, '']);
    await expectNothingUnderWay(engine);
    expect(engine.count('api/a', 'errors')).toBe(0);
  });

  it.each([
    ['length', `${post(10)}1234567890`],
    ['chunks', `${CHUNKED}4;x=${'y'.repeat(50)}\r\n1234\r\n6\r\n567890\r\n0\r\n\r\n`],
  ])('is not one that just reaches it, by %s', async (_, request) => {
    await using backend = await RawServer.listen(({ body }) => ok(body));
    await using engine = await EngineHarness.serving({ a: backend.port }, {}, { limits: { bodyBytes: 10 } });
    await using client = await engine.client();
    for (let i = 0; i < 2; i++) expect((await client.send(request).message()).body).toBe('1234567890');
  });
});

describe('a request body below the slowest speed', () => {
  /** Three times as fast as time: as far as the engine follows. */
  const FAST: Env = {
    ...systemEnv,
    clock: { now: systemEnv.clock.now, monotonicMs: () => 3 * systemEnv.clock.monotonicMs() },
  };

  it('is answered with 408, but not while it is the backend that does not read', async () => {
    await using backend = await RawServer.listen();
    await using engine = new EngineHarness(FAST);
    await engine.apply({
      pools: { api: { backends: { a: backend.port } } },
      listeners: { web: { limits: { bodyMinBytesPerS: 1_000_000_000 } } },
    });
    await using held = await engine.client();
    held.send(post(60_000_000));
    const upstream = await backend.connection();
    await upstream.untilText('\r\n\r\n');
    upstream.socket.pause();
    await held.fill(MEGABYTE, 60_000_000);

    await using slow = await engine.client();
    slow.send(post(9)).send('abc');
    const answer = await slow.message();
    expect([answer.status, answer.body]).toEqual([408, 'Sluice: the request body arrives too slowly\n']);
    await (await backend.connection(1)).untilOver();

    const sent = held.socket.bytesWritten;
    upstream.socket.resume();
    await upstream.until(() => upstream.receivedTotal >= sent);
    expect([held.text, upstream.ended]).toEqual(['', false]);
    expect(engine.count('api/a', 'errors')).toBe(0);
  });
});

describe('a head over the limit', () => {
  it.each<[string, string, number]>([
    ['a target over both limits', `GET /${'x'.repeat(20_000)} HTTP/1.1\r\nHost: a\r\n\r\n`, 414],
    ['a target over both limits that does not end', `GET /${'x'.repeat(20_000)}`, 414],
    ['a field over the limit', `GET / HTTP/1.1\r\nX: ${'x'.repeat(20_000)}`, 431],
    ['too many lines', `GET / HTTP/1.1\r\nHost: a\r\n${'X: y\r\n'.repeat(100)}\r\n`, 431],
  ])('F18 %s', async (_, request, status) => {
    await using engine = await EngineHarness.serving({ a: 1 });
    await using client = await engine.client();
    const answer = await client.send(request).message();
    expect([answer.status, answer.field('connection')]).toEqual([status, 'close']);
    await client.untilOver();
  });
});

describe('slow heads', () => {
  const HEADER_MS = 3000;

  async function slowClients(engine: EngineHarness, count: number): Promise<RawClient[]> {
    const clients: RawClient[] = [];
    while (clients.length < count) {
      const some = await Promise.all(Array.from({ length: 100 }, () => engine.client()));
      for (const client of some) clients.push(client.send('GET / HTTP/1.1\r\nHost: a.test\r\nX: '));
    }
    return clients;
  }

  it('Z1 a thousand clients that never finish theirs: others are served, each gets 408 and is gone, closing or not', async () => {
    await using backend = await RawServer.named('a');
    await using engine = await EngineHarness.serving(
      { a: backend.port },
      {},
      { timeouts: { requestHeaderMs: HEADER_MS } },
    );
    const slow = await slowClients(engine, 1000);
    const sending = setInterval(() => {
      for (const client of slow) if (!client.closed) client.send('x');
    }, 100);
    try {
      await using client = await engine.client();
      for (let i = 0; i < 500; i++) expect((await client.send(GET).message()).body).toBe('a');
      const last = slow.at(-1)!;
      expect((await last.message()).status).toBe(408);
      // They go on sending and never close their side.
      await vi.waitFor(() => expect(engine.count('web', 'connections')).toBe(1));
      expect(engine.count('web', 'status4xx')).toBe(1000);
      expect((await client.send(GET).message()).body).toBe('a');
    } finally {
      clearInterval(sending);
      for (const client of slow) client.destroy();
    }
  });
});

describe('requests on one connection', () => {
  it('are ended by Connection: close on the last one allowed', async () => {
    await using backend = await RawServer.named('a');
    await using engine = await EngineHarness.serving(
      { a: backend.port },
      {},
      { limits: { keepAliveRequests: 3 } },
    );
    await using client = await engine.client();
    client.send(GET.repeat(5));
    const fields: (string | undefined)[] = [];
    for (let i = 0; i < 3; i++) fields.push((await client.message()).field('connection'));
    expect(fields).toEqual([undefined, undefined, 'close']);
    await client.untilOver();
    expect([client.text, client.errorCode, backend.requests.length]).toEqual(['', '', 3]);
  });
});

describe('connections', () => {
  /** Whether the listener keeps a new connection, told by an answer or by its end. */
  async function isServed(engine: EngineHarness): Promise<boolean> {
    await using client = await engine.client();
    client.send(GET);
    await client.until(() => client.closed || client.ended || client.received.length > 0);
    return client.text !== '';
  }

  it.each(['connections', 'connectionsPerClient'] as const)(
    'over the limit of %s are closed at once and counted; there is room again when one leaves',
    async (limit) => {
      await using backend = await RawServer.named('a');
      const pools = { api: { backends: { a: backend.port } } };
      await using engine = new EngineHarness();
      await engine.apply({ pools, listeners: { web: { limits: { [limit]: 2 } } } });
      await using first = await engine.client();
      await using second = await engine.client();
      for (const client of [first, second]) expect((await client.send(GET).message()).body).toBe('a');
      expect(await isServed(engine)).toBe(false);
      expect([engine.count('web', 'connectionsRefused'), engine.count('web', 'connections')]).toEqual([1, 2]);
      expect((await second.send(GET).message()).body).toBe('a');

      second.end();
      await vi.waitFor(() => expect(engine.count('web', 'connections')).toBe(1));
      expect(await isServed(engine)).toBe(true);
      expect(engine.count('web', 'connectionsRefused')).toBe(1);
    },
  );

  it('are let in by the plan in force, counting those from before', async () => {
    await using backend = await RawServer.named('a');
    const pools = { api: { backends: { a: backend.port } } };
    await using engine = new EngineHarness();
    await engine.apply({ pools, listeners: { web: {} } });
    await using first = await engine.client();
    expect((await first.send(GET).message()).body).toBe('a');
    await engine.apply({ pools, listeners: { web: { limits: { connectionsPerClient: 1 } } } });
    expect(await isServed(engine)).toBe(false);
    expect((await first.send(GET).message()).body).toBe('a');
    await engine.apply({ pools, listeners: { web: { limits: { connectionsPerClient: 2 } } } });
    expect(await isServed(engine)).toBe(true);
  });
});
