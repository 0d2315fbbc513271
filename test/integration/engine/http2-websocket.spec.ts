// U8: WebSockets over HTTP/2 (RFC 8441) to backends that speak HTTP/1.1: opened by an extended CONNECT,
// granted only by a proper switch, then a tunnel on one stream among others.
import type { ClientHttp2Stream, IncomingHttpHeaders } from 'node:http2';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { WebSocketServer } from 'ws';
import { acceptOf } from '../../../src/main/engine/exchange/web-socket-handshake.ts';
import type { PoolWords } from '../../support/engine-harness.ts';
import { answerOf, H2Client, servingHttp2 } from '../../support/h2-engine.ts';
import {
  END_HEADERS,
  END_STREAM,
  frame,
  get,
  H2RawClient,
  headers,
  TYPE,
  uint32,
} from '../../support/h2-frames.ts';
import { ok, RawServer } from '../../support/raw-server.ts';
import type { RawMessage } from '../../support/raw-stream.ts';

const CONNECT = {
  ':method': 'CONNECT',
  ':protocol': 'websocket',
  ':path': '/hmr?token=1',
  'sec-websocket-version': '13',
};
const TEXT = 1;
const CLOSE = 8;
const open: AsyncDisposable[] = [];

afterEach(async () => {
  for (const resource of open.splice(0).toReversed()) await resource[Symbol.asyncDispose]();
});

async function serving(pool: Partial<PoolWords> = {}) {
  const backend = await RawServer.listen();
  open.push(backend);
  const engine = await servingHttp2({ a: backend.port }, pool);
  open.push(engine);
  const client = await H2Client.connect(engine.port());
  open.push(client);
  return { backend, engine, client };
}

/** A switch that fits the request. */
function granted(request: RawMessage, ...lines: string[]): string {
  const accept = acceptOf(request.field('sec-websocket-key') ?? '');
  return [
    'HTTP/1.1 101 Switching Protocols',
    'Connection: Upgrade',
    'Upgrade: websocket',
    `Sec-WebSocket-Accept: ${accept}`,
    ...lines,
    '',
    '',
  ].join('\r\n');
}

/** A whole frame below 64 KiB (RFC 6455 §5.2), masked with zeros or not at all. */
function webSocketFrame(opcode: number, payload: Buffer, masked: boolean): Buffer {
  const long = payload.length > 125;
  const header = Buffer.alloc(long ? 4 : 2);
  header[0] = 0x80 | opcode;
  header[1] = (masked ? 0x80 : 0) | (long ? 126 : payload.length);
  if (long) header.writeUInt16BE(payload.length, 2);
  return Buffer.concat([header, Buffer.alloc(masked ? 4 : 0), payload]);
}

function response(stream: ClientHttp2Stream): Promise<IncomingHttpHeaders & { ':status'?: number }> {
  return new Promise((resolve) => stream.once('response', resolve));
}

async function tunnel(pool: Partial<PoolWords> = {}) {
  const setup = await serving(pool);
  const stream = setup.client.open(CONNECT);
  const upstream = await setup.backend.connection();
  upstream.send(granted(await upstream.message()));
  expect((await response(stream))[':status']).toBe(200);
  let text = '';
  stream.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1');
  });
  return { ...setup, stream, upstream, text: () => text };
}

describe('a WebSocket over HTTP/2', () => {
  it('U8 is offered, asked of the backend as an HTTP/1.1 upgrade and granted with 200', async () => {
    const { backend, engine, client } = await serving();
    expect(client.session.remoteSettings.enableConnectProtocol).toBe(true);
    const stream = client.open({
      ...CONNECT,
      'sec-websocket-protocol': 'vite-hmr',
      origin: 'https://a.test',
    });
    const upstream = await backend.connection();
    const request = await upstream.message();
    expect(request.first).toBe('GET /hmr?token=1 HTTP/1.1');
    expect(
      ['upgrade', 'connection', 'sec-websocket-version', 'sec-websocket-protocol', 'origin'].map(
        request.field,
      ),
    ).toEqual(['websocket', 'Upgrade', '13', 'vite-hmr', 'https://a.test']);
    expect(Buffer.from(request.field('sec-websocket-key') ?? '', 'base64')).toHaveLength(16);
    upstream.send(`${granted(request, 'Sec-WebSocket-Protocol: vite-hmr', 'X-More: 1')}first`);
    const { ':status': status, ...fields } = await response(stream);
    expect([status, Object.entries(fields)]).toEqual([
      200,
      [
        ['sec-websocket-protocol', 'vite-hmr'],
        ['x-more', '1'],
      ],
    ]);
    const first = new Promise<string>((resolve) =>
      stream.once('data', (chunk: Buffer) => resolve(`${chunk}`)),
    );
    expect(await first).toBe('first');
    expect([engine.count('api/a', 'tunnels'), engine.count('web', 'tunnels')]).toEqual([1, 1]);
  });

  it('U8 passes 300 KB both ways, and other requests beside it', async () => {
    const { stream, upstream, text, client, backend } = await tunnel();
    const big = Buffer.alloc(300_000, 'abcdefg').toString('latin1');
    stream.write(big, 'latin1');
    upstream.send(big);
    await upstream.until(() => upstream.text === big);
    await vi.waitFor(() => expect(text()).toBe(big));
    const other = client.request({});
    (await backend.connection(1)).send(ok('beside'));
    expect((await other).body).toBe('beside');
  });

  it('is held back by the side that does not read', async () => {
    const { stream, upstream, text } = await tunnel();
    stream.pause();
    const taken = await upstream.fill(Buffer.alloc(65_536, 'd'), 64_000_000);
    expect(taken).toBeLessThan(16_000_000);
    stream.resume();
    await vi.waitFor(() => expect(text().length).toBeGreaterThan(taken));
    upstream.socket.pause();
    let sent = 0;
    const piece = Buffer.alloc(65_536, 'u');
    const push = (): void => {
      while (!stream.destroyed && stream.write(piece, () => (sent += piece.length)));
    };
    stream.on('drain', push);
    push();
    await upstream.stuck(() => sent);
    expect(sent).toBeLessThan(16_000_000);
  }, 20_000);

  it('passes each end on by itself', async () => {
    const { stream, upstream, text, engine } = await tunnel();
    stream.end('bye');
    await upstream.until(() => upstream.ended);
    expect(upstream.text).toBe('bye');
    upstream.send('last words').end();
    await vi.waitFor(() => expect(text()).toBe('last words'));
    await vi.waitFor(() => expect(stream.closed).toBe(true));
    expect(stream.rstCode).toBe(0);
    await vi.waitFor(() => expect(engine.count('api/a', 'tunnels')).toBe(0));
    expect([engine.count('web', 'inFlight'), engine.count('web', 'clientAborts')]).toEqual([0, 0]);
  });

  it('U6 that is reset closes the backend’s side, and the other way round', async () => {
    const first = await tunnel();
    first.stream.close(8);
    await first.upstream.untilOver();
    await vi.waitFor(() => expect(first.engine.count('web', 'inFlight')).toBe(0));
    const second = await tunnel();
    second.upstream.reset();
    await vi.waitFor(() => expect(second.stream.closed).toBe(true));
    expect(second.stream.rstCode).toBe(8);
  });

  it('U7 that is silent for too long is closed', async () => {
    const { stream, upstream } = await tunnel({ timeouts: { tunnelIdleMs: 200 } });
    await upstream.untilOver();
    await vi.waitFor(() => expect(stream.closed).toBe(true));
  });

  it('U2 sends nothing raw before the switch', async () => {
    const { backend, engine } = await serving();
    const raw = await H2RawClient.connect(engine.port());
    open.push(raw);
    raw.send(headers(1, get({ ':method': 'CONNECT' }, [':protocol', 'websocket']), END_HEADERS));
    raw.send(frame(TYPE.data, 0, 1, 'too early'));
    const upstream = await backend.connection();
    const request = await upstream.message();
    expect(upstream.text).toBe('');
    upstream.send(granted(request));
    await upstream.untilText('too early');
    raw.send(frame(TYPE.reset, 0, 1, uint32(8)));
    await upstream.untilOver();
  });

  it.each([401, 403, 426, 503])('U4 that the backend answers with %i gets that answer', async (status) => {
    const { backend, engine, client } = await serving();
    const answer = answerOf(client.open(CONNECT));
    const upstream = await backend.connection();
    await upstream.message();
    upstream.send(`HTTP/1.1 ${status} No\r\nUpgrade: websocket\r\nContent-Length: 4\r\n\r\nnope`);
    expect([(await answer).status, (await answer).body]).toEqual([status, 'nope']);
    await vi.waitFor(() => expect(engine.count('web', 'inFlight')).toBe(0));
  });

  it('U4 that announces a body is refused: the backend would take the next request for it', async () => {
    const { backend, engine, client } = await serving();
    const raw = await H2RawClient.connect(engine.port());
    open.push(raw);
    const opening = get({ ':method': 'CONNECT' }, [':protocol', 'websocket'], ['content-length', '5']);
    raw.send(headers(1, opening, END_HEADERS));
    expect(await raw.status(1)).toBe(400);
    const next = client.request({ ':path': '/next' });
    const upstream = await backend.connection();
    expect((await upstream.message()).target).toBe('/next');
    upstream.send(ok('next'));
    expect((await next).body).toBe('next');
  });

  it('U5 that the backend does not really grant is refused with 502', async () => {
    const refused = async (message: (request: RawMessage) => string): Promise<number> => {
      const { backend, client } = await serving();
      const answer = answerOf(client.open(CONNECT));
      const upstream = await backend.connection();
      upstream.send(message(await upstream.message()));
      return (await answer).status;
    };
    expect(await refused((request) => granted(request).replace(/Accept: .*/, 'Accept: wrong'))).toBe(502);
    expect(await refused((request) => granted(request).replace(/Sec-WebSocket-Accept.*\r\n/, ''))).toBe(502);
    expect(await refused((request) => granted(request).replace('Upgrade: websocket', 'Upgrade: x'))).toBe(
      502,
    );
    expect(await refused(() => ok('a page'))).toBe(502);
  });

  it('that is already ended by its client reaches the backend as ended', async () => {
    const { backend, engine } = await serving();
    const raw = await H2RawClient.connect(engine.port());
    open.push(raw);
    raw.send(headers(1, get({ ':method': 'CONNECT' }, [':protocol', 'websocket']), END_HEADERS | END_STREAM));
    const upstream = await backend.connection();
    upstream.send(granted(await upstream.message()));
    await upstream.until(() => upstream.ended);
  });

  it('U8 is what a hot reload server and its client agree on', async () => {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => 'vite-hmr' });
    await new Promise((resolve) => server.once('listening', resolve));
    open.push({
      async [Symbol.asyncDispose]() {
        for (const socket of server.clients) socket.terminate();
        await new Promise((resolve) => server.close(resolve));
      },
    });
    server.on('connection', (socket) =>
      socket.on('message', (data, binary) => socket.send(data, { binary })),
    );
    const { port } = server.address() as { port: number };
    const engine = await servingHttp2({ a: port });
    open.push(engine);
    const client = await H2Client.connect(engine.port());
    open.push(client);
    const stream = client.open({ ...CONNECT, 'sec-websocket-protocol': 'vite-hmr' });
    const fields = await response(stream);
    expect([fields[':status'], fields['sec-websocket-protocol']]).toEqual([200, 'vite-hmr']);
    let received = Buffer.alloc(0);
    stream.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
    });
    for (const text of ['{"type":"connected"}', 'x'.repeat(60_000)]) {
      received = Buffer.alloc(0);
      stream.write(webSocketFrame(TEXT, Buffer.from(text), true));
      await vi.waitFor(() => expect(received).toEqual(webSocketFrame(TEXT, Buffer.from(text), false)));
    }
    received = Buffer.alloc(0);
    const goingAway = Buffer.from([1001 >> 8, 1001 & 255]);
    stream.write(webSocketFrame(CLOSE, goingAway, true));
    await vi.waitFor(() => expect(received).toEqual(webSocketFrame(CLOSE, goingAway, false)));
    stream.end();
    await vi.waitFor(() => expect(engine.count('api/a', 'tunnels')).toBe(0));
  });
});
