// U8: WebSockets to backends that speak HTTP/2: an extended CONNECT (RFC 8441) where the backend takes
// them, asked for by clients of HTTP/1.1 and HTTP/2.
import type { ServerHttp2Stream } from 'node:http2';
import { describe, expect, it, vi } from 'vitest';
import { acceptOf } from '../../../src/main/engine/exchange/web-socket-handshake.ts';
import type { PoolWords } from '../../support/engine-harness.ts';
import { EngineHarness } from '../../support/engine-harness.ts';
import { H2Backend, type H2Handler, respond } from '../../support/h2-backends.ts';
import { H2Client, servingHttp2 } from '../../support/h2-engine.ts';
import { disposedAfterEach } from '../../support/opened.ts';

const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';
const UPGRADE = `GET /chat HTTP/1.1\r\nHost: a.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${KEY}\r\n\r\n`;
const CONNECT = {
  ':method': 'CONNECT',
  ':protocol': 'websocket',
  ':path': '/chat',
  'sec-websocket-version': '13',
};
const opened = disposedAfterEach();

const echo: H2Handler = ({ stream }) => {
  stream.respond({ ':status': 200, 'sec-websocket-protocol': 'chat' });
  stream.on('data', (chunk: Buffer) => stream.write(chunk));
  stream.on('end', () => stream.end());
};

async function backendFor(handler: H2Handler, enableConnectProtocol = true): Promise<H2Backend> {
  return opened(await H2Backend.listen(handler, { settings: { enableConnectProtocol } }));
}

async function engineFor(
  backends: PoolWords['backends'],
  pool: Partial<PoolWords> = {},
): Promise<EngineHarness> {
  return opened(await EngineHarness.serving(backends, { protocol: 'http2', ...pool }));
}

async function tunnel(handler: H2Handler = echo) {
  const backend = await backendFor(handler);
  const engine = await engineFor({ a: backend.port });
  const client = opened(await engine.client());
  client.send(UPGRADE);
  await client.untilText('\r\n\r\n');
  const head = client.take();
  return { backend, engine, client, head };
}

function streamOf(backend: H2Backend): ServerHttp2Stream {
  return backend.requests[0]!.stream;
}

describe('a WebSocket to an HTTP/2 backend', () => {
  it('U8 is opened by an extended CONNECT and granted to an HTTP/1.1 client with proof', async () => {
    const { backend, engine, client, head } = await tunnel();
    expect(head.startsWith('HTTP/1.1 101 Switching Protocols\r\n')).toBe(true);
    const lines = head.toLowerCase().split('\r\n');
    expect(lines).toEqual(
      expect.arrayContaining(['connection: upgrade', 'upgrade: websocket', 'sec-websocket-protocol: chat']),
    );
    expect(head).toContain(`Sec-WebSocket-Accept: ${acceptOf(KEY)}`);
    const { headers } = backend.requests[0]!;
    expect([headers[':method'], headers[':protocol'], headers[':path'], headers[':authority']]).toEqual([
      'CONNECT',
      'websocket',
      '/chat',
      'a.test',
    ]);
    expect([headers['sec-websocket-version'], headers['sec-websocket-key'], headers.connection]).toEqual([
      '13',
      undefined,
      undefined,
    ]);
    const payload = 'x'.repeat(65_536);
    client.send(payload);
    await client.until(() => client.received.length === payload.length, 'the echo');
    expect(client.take() === payload).toBe(true);
    expect([engine.count('api/a', 'tunnels'), engine.count('web', 'tunnels')]).toEqual([1, 1]);
  });

  it('U8 works from HTTP/2 to HTTP/2', async () => {
    const backend = await backendFor(echo);
    const engine = opened(await servingHttp2({ a: backend.port }, { protocol: 'http2' }));
    const client = opened(await H2Client.connect(engine.port()));
    const stream = client.open(CONNECT, { endStream: false });
    let text = '';
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
    });
    const head = await new Promise<Record<string, unknown>>((resolve) => stream.once('response', resolve));
    expect([head[':status'], head['sec-websocket-accept']]).toEqual([200, undefined]);
    stream.write('hello');
    await vi.waitFor(() => expect(text).toBe('hello'));
    stream.end();
    await vi.waitFor(() => expect(stream.closed).toBe(true));
    expect(stream.rstCode).toBe(0);
    await vi.waitFor(() => expect(engine.count('api/a', 'tunnels')).toBe(0));
  });

  it('U8 is 502 where the backend does not take them, and goes to one that does', async () => {
    const old = await backendFor(echo, false);
    const lone = await engineFor({ old: old.port });
    await using client = await lone.client();
    client.send(UPGRADE);
    const { status, body } = await client.message();
    expect([status, body]).toEqual([502, expect.stringContaining('takes no WebSockets over HTTP/2')]);
    expect(old.requests).toHaveLength(0);
    const good = await backendFor(echo);
    const engine = await engineFor({ old: old.port, good: good.port });
    const other = opened(await engine.client());
    other.send(UPGRADE);
    await other.untilText('101 Switching Protocols');
    expect(good.requests).toHaveLength(1);
  });

  it('U4 that the backend declines gets the answer it gave, and the connection stays', async () => {
    const { client, head, backend } = await tunnel((request) => respond(request, 'no', { ':status': 403 }));
    expect(head.startsWith('HTTP/1.1 403 Forbidden\r\n')).toBe(true);
    client.send('GET / HTTP/1.1\r\nHost: a.test\r\n\r\n');
    await client.untilText('403 Forbidden');
    expect(backend.sessions).toHaveLength(1);
    await vi.waitFor(() => expect(streamOf(backend).closed).toBe(true));
  });

  it('ends each way by itself, or for both sides when one breaks', async () => {
    const calm = await tunnel(({ stream }) => {
      stream.respond({ ':status': 200 });
      stream.resume();
      stream.on('end', () => stream.end('last words'));
    });
    calm.client.end();
    await calm.client.untilText('last words');
    await calm.client.untilClosed();
    expect(calm.client.errorCode).toBe('');
    expect(calm.engine.count('api/a', 'tunnels')).toBe(0);

    const left = await tunnel();
    left.client.reset();
    await vi.waitFor(() => expect(streamOf(left.backend).rstCode).toBe(8));
    expect(left.engine.count('api/a', 'tunnels')).toBe(0);

    const broken = await tunnel();
    streamOf(broken.backend).destroy(new Error('broken'));
    await broken.client.untilOver();
    expect(broken.engine.count('api/a', 'tunnels')).toBe(0);
  });

  it('is held back by a backend that does not read', async () => {
    const { backend, client, engine } = await tunnel(({ stream }) => {
      stream.respond({ ':status': 200 });
      stream.pause();
    });
    await client.fill(Buffer.alloc(65_536, 'u'), 48_000_000);
    const taken = engine.count('api/a', 'bytesIn');
    expect(taken).toBeLessThan(16_000_000);
    streamOf(backend).resume();
    await vi.waitFor(() => expect(engine.count('api/a', 'bytesIn')).toBeGreaterThan(taken + 1_000_000));
  }, 15_000);

  it('another protocol is asked for as if it had not been', async () => {
    const backend = await backendFor((request) => respond(request, 'plain'));
    const engine = await engineFor({ a: backend.port });
    await using client = await engine.client();
    client.send('GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: foo/2\r\n\r\n');
    expect((await client.message()).body).toBe('plain');
    expect(backend.requests[0]?.headers[':method']).toBe('GET');
  });
});
