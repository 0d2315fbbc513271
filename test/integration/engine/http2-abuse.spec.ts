// Y4: HTTP/2 clients that cost more than they are worth are disconnected with ENHANCE_YOUR_CALM, what
// they asked of backends is cancelled, and others do not notice. Limits hold per connection.
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { EngineHarness, ListenerWords } from '../../support/engine-harness.ts';
import { H2Client, servingHttp2 } from '../../support/h2-engine.ts';
import {
  ACK,
  END_HEADERS,
  END_STREAM,
  frame,
  get,
  H2RawClient,
  headers,
  PLAIN_STATUS,
  settings,
  TYPE,
  uint32,
} from '../../support/h2-frames.ts';
import { type Answer, ok, RawServer } from '../../support/raw-server.ts';
import { watchTurns } from '../../support/turns.ts';

const REFUSED_STREAM = 7;
const CANCEL = 8;
const ENHANCE_YOUR_CALM = 11;
const INITIAL_WINDOW_SIZE = 4;
const FLOOD = 10_000;
/** Of frames an honest client sends many of; as bytes they fit in the window of a stream. */
const THIN_FLOOD = 60_000;
const WINDOW_BYTES = 65_535;
/** More than one TLS record brings of them is for the next turn. */
const RECORD_BYTES = 16_384;
/** The vector's own bound on what a flood holds up. It includes the work of sending it. */
const TURN_MAX_MS = 100;

const open: AsyncDisposable[] = [];

afterEach(async () => {
  for (const resource of open.splice(0).toReversed()) await resource[Symbol.asyncDispose]();
});

async function serving(answer?: Answer, listener: ListenerWords = {}) {
  const backend = await RawServer.listen(answer);
  open.push(backend);
  const engine = await servingHttp2({ a: backend.port }, {}, listener);
  open.push(engine);
  return { backend, engine };
}

async function connected(engine: EngineHarness, first?: Buffer): Promise<H2RawClient> {
  const client = await H2RawClient.connect(engine.port(), first);
  open.push(client);
  return client;
}

function many(count: number, frameOf: (i: number) => Buffer): Buffer {
  return Buffer.concat(Array.from({ length: count }, (_, i) => frameOf(i)));
}

function posted(count: number, payload: string): Buffer {
  const piece = frame(TYPE.data, 0, 1, payload);
  return Buffer.concat([headers(1, get({ ':method': 'POST' }), END_HEADERS), many(count, () => piece)]);
}

function moreOfHead(i: number): Buffer {
  return frame(TYPE.continuation, 0, 1, `\0\x01${i % 10}\x01x`);
}

function reset(stream: number): Buffer {
  return frame(TYPE.reset, 0, stream, uint32(CANCEL));
}

async function expectDisconnected(engine: EngineHarness, client: H2RawClient): Promise<void> {
  await client.untilClosed();
  // What it was sent is lost when it goes on sending: the system answers that with a reset.
  if (client.goawayCodes.length > 0) expect(client.goawayCodes).toEqual([ENHANCE_YOUR_CALM]);
  await vi.waitFor(() => expect(engine.count('web', 'inFlight')).toBe(0));
  expect(engine.count('api/a', 'inFlight')).toBe(0);
  expect(engine.count('api/a', 'errors')).toBe(0);
  // Nobody was answered.
  await vi.waitFor(() => expect(engine.records.some(({ failure }) => failure === 'bad-request')).toBe(true));
  expect(engine.records.find(({ failure }) => failure === 'bad-request')?.status).toBe(0);
}

describe('a flood', () => {
  it.each<[string, () => Buffer]>([
    ['PING', () => many(FLOOD, () => frame(TYPE.ping, 0, 0, Buffer.alloc(8)))],
    ['SETTINGS', () => many(FLOOD, () => settings())],
    ['PRIORITY', () => many(FLOOD, (i) => frame(TYPE.priority, 0, 1, Buffer.from([0, 0, 0, 0, i % 256])))],
    ['frames of an unknown type', () => many(FLOOD, () => frame(0xee, 0, 0))],
    ['empty DATA', () => posted(FLOOD, '')],
    [
      'requests reset at once',
      () => many(FLOOD, (i) => Buffer.concat([headers(2 * i + 1, get()), reset(2 * i + 1)])),
    ],
    ['malformed requests', () => many(FLOOD, (i) => headers(2 * i + 1, get({ ':path': 'x' })))],
    ['CONTINUATION', () => Buffer.concat([headers(1, get(), 0), many(FLOOD, moreOfHead)])],
    ['DATA of one byte', () => posted(THIN_FLOOD, 'x')],
    ['WINDOW_UPDATE', () => many(THIN_FLOOD, () => frame(TYPE.windowUpdate, 0, 0, uint32(1)))],
    ['acknowledgements nobody asked for', () => many(FLOOD, () => frame(TYPE.settings, ACK, 0))],
  ])('Y4 of %s ends the connection and holds nobody up', async (_, flood) => {
    const { backend, engine } = await serving();
    const bytes = flood();
    const client = await connected(engine);
    const other = await H2Client.connect(engine.port());
    open.push(other);
    const turns = watchTurns();
    client.send(bytes);
    await expectDisconnected(engine, client);
    expect(turns.stop().busiestMs).toBeLessThan(TURN_MAX_MS);
    expect(backend.connections.length).toBeLessThan(10);
    await vi.waitFor(() => expect(backend.openConnections).toBe(0));
    const answer = other.request({});
    (await backend.connection(backend.connections.length)).send(ok('still here'));
    expect((await answer).body).toBe('still here');
  });

  it('Y4 of requests reset once they are under way ends the connection, every one is cancelled', async () => {
    const { backend, engine } = await serving();
    const client = await connected(engine);
    const BATCH = 50;
    for (let batch = 0; !client.closed && batch < 20; batch++) {
      const first = 2 * batch * BATCH + 1;
      client.send(many(BATCH, (i) => headers(first + 2 * i, get())));
      await Promise.race([backend.connection((batch + 1) * BATCH - 1), client.untilOver()]);
      client.send(many(BATCH, (i) => reset(first + 2 * i)));
    }
    await expectDisconnected(engine, client);
    expect(backend.connections.length).toBeLessThan(600);
    await vi.waitFor(() => expect(backend.openConnections).toBe(0));
  }, 20_000);

  it('is none while a client cancels as people do', async () => {
    const { backend, engine } = await serving();
    const client = await connected(engine);
    for (let i = 0; i < 60; i++) {
      client.send(headers(2 * i + 1, get()));
      await backend.connection(i);
      client.send(reset(2 * i + 1));
    }
    client.send(headers(201, get()));
    (await backend.connection(60)).send(ok(''));
    expect(await client.status(201)).toBe(200);
  });
});

describe('small messages', () => {
  it.each([5, 13, 50])('of %i bytes, all a window takes at once, hold nobody up', async (size) => {
    const { backend, engine } = await serving((request) => (request.method === 'GET' ? ok('x') : undefined));
    const client = await connected(engine);
    const other = await H2Client.connect(engine.port());
    open.push(other);
    await other.request({});
    const turns = watchTurns(() => engine.count('web', 'bytesIn'));
    client.send(posted(Math.floor(WINDOW_BYTES / size), 'x'.repeat(size)));
    expect((await other.request({})).body).toBe('x');
    const received = (): number => Math.max(...backend.connections.map(({ receivedTotal }) => receivedTotal));
    await vi.waitFor(() => expect(received()).toBeGreaterThan(WINDOW_BYTES - size));
    const { busiestMs, counted } = turns.stop();
    expect(busiestMs).toBeLessThan(TURN_MAX_MS);
    expect(counted).toBeLessThan(RECORD_BYTES);
    expect(client.closed).toBe(false);
  });

  it('that arrive together reach the backend together', async () => {
    const { backend, engine } = await serving();
    const client = await connected(engine);
    client.send(headers(1, get({ ':method': 'POST' }), END_HEADERS));
    const upload = await backend.connection();
    await upload.untilText('\r\n\r\n');
    client.send(many(100, (i) => frame(TYPE.data, i === 99 ? END_STREAM : 0, 1, 'x')));
    await upload.untilText('0\r\n\r\n');
    expect(upload.text).toContain(`\r\n\r\n64\r\n${'x'.repeat(100)}\r\n0\r\n\r\n`);
  });
});

describe('a client that takes nothing', () => {
  const BIG = 'x'.repeat(200_000);

  it('Y4 loses the stream it stalls and keeps the others', async () => {
    const { backend, engine } = await serving((request) => ok(request.target === '/big' ? BIG : 'small'), {
      timeouts: { idleMs: 300 },
    });
    const client = await connected(engine);
    client.send(headers(1, get({ ':path': '/big' })));
    expect(await client.resetCode(1)).toBeGreaterThan(0);
    expect(client.isComplete(1)).toBe(false);
    client.send(frame(TYPE.windowUpdate, 0, 0, uint32(100_000)));
    client.send(headers(3, get()));
    await client.until(() => client.data(3) === 'small');
    await vi.waitFor(() => expect(engine.count('web', 'inFlight')).toBe(0));
    await vi.waitFor(() => expect(engine.records.map(({ failure }) => failure)).toContain('client-stalled'));
    expect(backend.requests.length).toBe(2);
  });

  it('Y4 with every stream at window 0 is disconnected, its requests cancelled', async () => {
    const { backend, engine } = await serving(() => ok(BIG), { timeouts: { idleMs: 300 } });
    const client = await connected(engine, settings(PLAIN_STATUS, [INITIAL_WINDOW_SIZE, 0]));
    client.send(many(40, (i) => headers(2 * i + 1, get())));
    await client.until(() => backend.requests.length === 40 || client.closed);
    await expectDisconnected(engine, client);
    await vi.waitFor(() => expect(backend.openConnections).toBe(0));
    expect(engine.count('web', 'bytesOut')).toBeLessThan(40 * BIG.length + 100_000);
  });
});

describe('a limit', () => {
  it('of streams: what is over it is refused, to be tried again', async () => {
    const { backend, engine } = await serving(undefined, { limits: { http2Streams: 2 } });
    const client = await connected(engine);
    client.send(many(3, (i) => headers(2 * i + 1, get())));
    expect(await client.resetCode(5)).toBe(REFUSED_STREAM);
    const upstream = await backend.connection(1);
    upstream.send(ok('x'));
    await client.until(() => client.isComplete(1) || client.isComplete(3));
    // Whoever has acknowledged the limit and breaks it speaks another protocol.
    client.send(frame(TYPE.settings, ACK, 0)).send(many(2, (i) => headers(2 * i + 7, get())));
    await client.untilOver();
    await vi.waitFor(() => expect(engine.count('api/a', 'inFlight')).toBe(0));
  });

  it.each([1, 3])(
    'of %i requests: the connection ends after the last one, which is answered',
    async (limit) => {
      const { engine } = await serving(() => ok('x'), { limits: { keepAliveRequests: limit } });
      const client = await connected(engine);
      for (let i = 0; i < limit; i++) {
        client.send(headers(2 * i + 1, get()));
        expect(await client.status(2 * i + 1)).toBe(200);
      }
      await client.untilOver();
      expect(new Set(client.goawayCodes)).toEqual(new Set([0]));
    },
  );

  it('of body size: 413, for an announced size before anything is sent', async () => {
    const { backend, engine } = await serving(undefined, { limits: { bodyBytes: 10 } });
    const client = await connected(engine);
    client.send(headers(1, get({ ':method': 'POST' }, ['content-length', '11']), END_HEADERS));
    expect(await client.status(1)).toBe(413);
    expect(backend.connections).toEqual([]);
    client.send(headers(3, get({ ':method': 'POST' }), END_HEADERS));
    client.send(frame(TYPE.data, 0, 3, 'x'.repeat(8)));
    const upstream = await backend.connection();
    await upstream.untilText('xxxxxxxx');
    client.send(frame(TYPE.data, 0, 3, 'x'.repeat(8)));
    expect(await client.status(3)).toBe(413);
    await upstream.untilOver();
    expect(client.closed).toBe(false);
  });

  it('of time for the body: 408', async () => {
    const { backend, engine } = await serving(undefined, { timeouts: { idleMs: 200 } });
    const client = await connected(engine);
    client.send(headers(1, get({ ':method': 'POST' }), END_HEADERS));
    await backend.connection();
    expect(await client.status(1)).toBe(408);
    await vi.waitFor(() => expect(engine.records.map(({ failure }) => failure)).toEqual(['client-stalled']));
  });

  it('of time for SETTINGS, for a header list and for nothing at all', async () => {
    const { engine } = await serving(undefined, {
      timeouts: { requestHeaderMs: 200, keepAliveMs: 300 },
    });
    const silent = await connected(engine, Buffer.alloc(0));
    const slow = await connected(engine);
    const idle = await connected(engine);
    slow.send(headers(1, get())).send(headers(3, get(), 0));
    await Promise.all([silent.untilOver(), slow.untilOver(), idle.untilOver()]);
    expect(idle.goawayCodes).toContain(0);
    await vi.waitFor(() => expect(engine.count('web', 'connections')).toBe(0));
    expect(engine.count('web', 'inFlight')).toBe(0);
  });
});
