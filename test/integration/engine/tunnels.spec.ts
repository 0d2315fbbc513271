// Upgraded connections:
// - bytes pass both ways unread, also those sent right behind the heads
// - only a granted and asked-for protocol opens one; any other answer is an ordinary response
// - each side's end, loss and silence reach the other
import { describe, expect, it, vi } from 'vitest';
import { HTTP1_FRONTS, type Http1Front } from '../../support/fronts.ts';
import { ok, RawServer } from '../../support/raw-server.ts';
import type { RawStream } from '../../support/raw-stream.ts';

const UPGRADE =
  'GET /ws HTTP/1.1\r\nHost: a.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';
/** In which an end passes from one side to the other, however late the loop is. */
const TURNS = 50;
/** Of RFC 6455 §1.3, as is the key. */
const ACCEPT = 'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=';
const SWITCH = `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${ACCEPT}\r\n\r\n`;

async function openTunnel(front: Http1Front, pool = {}) {
  const backend = await RawServer.listen();
  const engine = await front.serving({ a: backend.port }, pool);
  const client = await front.client(engine);
  client.send(UPGRADE);
  const upstream = await backend.connection();
  await upstream.message();
  upstream.send(SWITCH);
  expect((await client.message()).status).toBe(101);
  return {
    backend,
    engine,
    client,
    upstream,
    async [Symbol.asyncDispose]() {
      await client[Symbol.asyncDispose]();
      await engine[Symbol.asyncDispose]();
      await backend[Symbol.asyncDispose]();
    },
  };
}

/**
 * What reached the loop of this process by then has also been handled when it resolves: a machine that is
 * late makes the time longer, never shorter.
 */
async function elapsed(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
  for (let turn = 0; turn < TURNS; turn++) await new Promise((resolve) => setImmediate(resolve));
}

const isOver = ({ ended, closed }: RawStream): boolean => ended || closed;

describe.each(HTTP1_FRONTS)('a tunnel, over $name', (front) => {
  it('U1 passes bytes both ways, those behind the heads included', async () => {
    await using backend = await RawServer.listen();
    await using engine = await front.serving({ a: backend.port });
    await using client = await front.client(engine);
    client.send(`${UPGRADE}early client`);
    const upstream = await backend.connection();
    const request = await upstream.message();
    expect([request.field('upgrade'), request.field('connection'), upstream.text]).toEqual([
      'websocket',
      'Upgrade',
      '',
    ]);
    upstream.send(`${SWITCH}early backend`);
    expect((await client.message()).field('upgrade')).toBe('websocket');
    await client.untilText('early backend');
    await upstream.untilText('early client');
    const big = Buffer.alloc(300_000, 'abcdefg').toString('latin1');
    client.take();
    upstream.take();
    client.send(big);
    upstream.send(big);
    await client.until(() => client.text === big);
    await upstream.until(() => upstream.text === big);
    expect([engine.count('api/a', 'tunnels'), engine.count('api/a', 'inFlight')]).toEqual([1, 1]);
  });

  it('passes on the end of a client that ended its side before the 101', async () => {
    await using backend = await RawServer.listen((request) => {
      return request.target === '/ws' ? undefined : ok(request.target);
    });
    await using engine = await front.serving({ a: backend.port });
    await using client = await front.client(engine);
    client.send(UPGRADE).end();
    const upstream = await backend.connection();
    await upstream.untilText('Sec-WebSocket-Key');
    // By the time a later request has been answered, the engine has seen the end.
    await using other = await front.client(engine);
    await other.send('GET /other HTTP/1.1\r\nHost: a.test\r\n\r\n').message();
    upstream.send(`${SWITCH}last words`);
    await upstream.until(() => upstream.ended);
    await client.untilText('last words');
    upstream.end();
    await client.untilClosed();
    await vi.waitFor(() => expect(engine.count('api/a', 'tunnels')).toBe(0));
  });

  it('passes each end on by itself', async () => {
    await using tunnel = await openTunnel(front);
    tunnel.client.end();
    await tunnel.upstream.until(() => tunnel.upstream.ended);
    tunnel.upstream.send('last words').end();
    await tunnel.client.untilText('last words');
    await tunnel.client.untilClosed();
    await vi.waitFor(() => expect(tunnel.engine.count('api/a', 'inFlight')).toBe(0));
    expect(tunnel.engine.count('api/a', 'tunnels')).toBe(0);
  });

  it('U6 closes the backend’s side within 100 ms of the reset of the client', async () => {
    await using tunnel = await openTunnel(front);
    tunnel.client.reset();
    await elapsed(100);
    expect(isOver(tunnel.upstream)).toBe(true);
    await vi.waitFor(() =>
      expect([tunnel.engine.count('api/a', 'tunnels'), tunnel.engine.count('web', 'connections')]).toEqual([
        0, 0,
      ]),
    );
  });

  it('U6 closes the client’s side within 100 ms of the reset of the backend', async () => {
    await using tunnel = await openTunnel(front);
    tunnel.upstream.reset();
    await elapsed(100);
    expect(isOver(tunnel.client)).toBe(true);
    await vi.waitFor(() => expect(tunnel.engine.count('api/a', 'connections')).toBe(0));
  });

  it('U7 is closed after its idle time and kept by traffic', async () => {
    await using tunnel = await openTunnel(front, { timeouts: { tunnelIdleMs: 300 } });
    const started = performance.now();
    while (performance.now() - started < 700) {
      tunnel.client.send('.');
      await tunnel.upstream.until(() => tunnel.upstream.text !== '');
      tunnel.upstream.take();
      tunnel.upstream.send('.');
      await tunnel.client.until(() => tunnel.client.text !== '');
      tunnel.client.take();
    }
    expect(tunnel.client.closed || tunnel.client.ended).toBe(false);
    await tunnel.client.untilOver();
    await tunnel.upstream.untilOver();
  });

  it('pauses the backend while the client does not read', async () => {
    await using tunnel = await openTunnel(front);
    tunnel.client.socket.pause();
    const sent = await tunnel.upstream.fill(Buffer.alloc(1_000_000, 'tunnel'), 60_000_000);
    expect(sent).toBeLessThan(32_000_000);
    tunnel.client.socket.resume();
    await tunnel.client.until(() => tunnel.client.receivedTotal >= sent);
  });

  it('records itself once, with status 101', async () => {
    await using tunnel = await openTunnel(front);
    tunnel.client.send('12345');
    await tunnel.upstream.untilText('12345');
    tunnel.client.reset();
    await vi.waitFor(() =>
      expect(tunnel.engine.records.map(({ status, failure }) => [status, failure])).toEqual([[101, '']]),
    );
    expect(tunnel.engine.count('api/a', 'status1xx')).toBe(1);
  });
});

describe.each(HTTP1_FRONTS)('an upgrade that is not granted, over $name', (front) => {
  it('U2 U4 is an ordinary response, and what the client pipelined behind it an ordinary request', async () => {
    await using backend = await RawServer.listen((request) => {
      if (request.target !== '/ws') return ok('second');
      return 'HTTP/1.1 426 Upgrade Required\r\nContent-Length: 4\r\n\r\nnope';
    });
    await using engine = await front.serving({ a: backend.port });
    await using client = await front.client(engine);
    client.send(`${UPGRADE}GET /2 HTTP/1.1\r\nHost: a.test\r\n\r\n`);
    const refused = await client.message();
    expect([refused.status, refused.body]).toEqual([426, 'nope']);
    expect((await client.message()).body).toBe('second');
    expect(backend.requests.map(({ target }) => target)).toEqual(['/ws', '/2']);
    expect(engine.count('api/a', 'tunnels')).toBe(0);
  });

  for (const [name, request, answer] of [
    ['unasked', 'GET / HTTP/1.1\r\nHost: a.test\r\n\r\n', SWITCH],
    ['to another protocol', UPGRADE, SWITCH.replace('websocket', 'other')],
  ] as const) {
    it(`U3 a switch ${name} is a 502 and the backend’s connection is dropped`, async () => {
      await using backend = await RawServer.listen(() => answer);
      await using engine = await front.serving({ a: backend.port });
      await using client = await front.client(engine);
      const response = await client.send(request).message();
      expect([response.status, response.body.includes('protocol')]).toEqual([502, true]);
      await backend.connections[0]!.untilOver();
      expect([engine.count('api/a', 'errors'), engine.count('api/a', 'inFlight')]).toEqual([1, 0]);
    });
  }

  it.each([
    ['none', ''],
    ['one that is too short', 'Sec-WebSocket-Key: eA==\r\n'],
    ['one that is no base64', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25j!!==\r\n'],
    ['one with text behind it', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==x\r\n'],
    ['two', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n'.repeat(2)],
  ])('U5 to a WebSocket with %s for a key is answered with 400', async (_, key) => {
    await using backend = await RawServer.listen(() => SWITCH);
    await using engine = await front.serving({ a: backend.port });
    await using client = await front.client(engine);
    const request = UPGRADE.replace(/Sec-WebSocket-Key: .*\r\n(?=\r\n)/, key);
    const answer = await client.send(request).message();
    expect([answer.status, answer.field('connection')]).toEqual([400, 'close']);
    expect(backend.requests).toEqual([]);
  });

  it.each([
    ['no proof', ''],
    ['the proof of another key', 'Sec-WebSocket-Accept: c3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n'],
    ['two proofs', `${ACCEPT}\r\n${ACCEPT}\r\n`],
  ])('U5 a switch with %s is a 502 and the backend’s connection is dropped', async (_, proof) => {
    await using backend = await RawServer.listen(() => SWITCH.replace(`${ACCEPT}\r\n`, proof));
    await using engine = await front.serving({ a: backend.port });
    await using client = await front.client(engine);
    const answer = await client.send(UPGRADE).message();
    expect([answer.status, answer.body]).toEqual([
      502,
      expect.stringContaining('answered the WebSocket handshake without the right Sec-WebSocket-Accept'),
    ]);
    await backend.connections[0]!.untilOver();
    expect([engine.count('api/a', 'tunnels'), engine.count('api/a', 'inFlight')]).toEqual([0, 0]);
  });
});
