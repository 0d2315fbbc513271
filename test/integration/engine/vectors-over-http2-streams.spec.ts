// The H, S and A vectors that take more than one exchange of bytes, over HTTP/2; what else of them has
// a meaning there is in http2-front, http2-streaming and http2-websocket. A3 has none of its own: every
// request without a body ends its side of the stream, and the end of the connection cancels (A1).
import { afterEach, describe, expect, it, vi } from 'vitest';
import { EngineHarness } from '../../support/engine-harness.ts';
import { H2Client, http2Listener, servingHttp2 } from '../../support/h2-engine.ts';
import { ok, RawServer } from '../../support/raw-server.ts';

const open: AsyncDisposable[] = [];

afterEach(async () => {
  for (const resource of open.splice(0).toReversed()) await resource[Symbol.asyncDispose]();
});

function opened<T extends AsyncDisposable>(resource: T): T {
  open.push(resource);
  return resource;
}

async function serving() {
  const backend = opened(await RawServer.listen());
  const engine = opened(await servingHttp2({ a: backend.port }));
  const client = opened(await H2Client.connect(engine.port()));
  return { backend, engine, client };
}

describe('over HTTP/2', () => {
  it('H9 a loop ends with 508 at its second turn', async () => {
    const web = await http2Listener({ via: 'sluice-web' });
    const words = (port: number) => ({
      pools: { api: { backends: { a: port } } },
      listeners: { web, back: { via: 'sluice-web' } },
    });
    const engine = opened(new EngineHarness());
    await engine.apply(words(1));
    await engine.apply(words(engine.port('back')));
    const client = opened(await H2Client.connect(engine.port()));
    expect((await client.request({})).status).toBe(508);
    expect([engine.count('web', 'requests'), engine.count('back', 'requests')]).toEqual([1, 1]);
  });

  it('S3 server-sent events pass as they come', async () => {
    const { backend, client } = await serving();
    const stream = client.open({});
    let text = '';
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
    });
    const upstream = await backend.connection();
    await upstream.message();
    upstream.send('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n');
    for (let i = 0; i < 3; i++) {
      upstream.send(`data: ${i}\n\n`);
      await vi.waitFor(() => expect(text.endsWith(`data: ${i}\n\n`)).toBe(true), { interval: 2 });
    }
  });

  it('S8 F26 an early answer reaches a client that goes on sending, and the connection stays', async () => {
    const { backend, client } = await serving();
    const upload = client.open({ ':method': 'POST' });
    const status = new Promise((resolve) => upload.once('response', (head) => resolve(head[':status'])));
    const chunk = Buffer.alloc(100_000, 'x');
    upload.write(chunk);
    const upstream = await backend.connection();
    await upstream.untilText('\r\n\r\n');
    upstream.send('HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nbig');
    for (let i = 0; i < 10; i++) upload.write(chunk);
    expect(await status).toBe(413);
    upload.close();
    const next = client.request({ ':path': '/next' });
    const other = await backend.connection(1);
    expect((await other.message()).target).toBe('/next');
    other.send(ok('next'));
    expect((await next).body).toBe('next');
  });

  it('A2 A4 three hundred cancelled requests leave nothing behind and are nobody’s fault', async () => {
    const { backend, engine } = await serving();
    for (let from = 0; from < 300; from += 50) {
      const client = await H2Client.connect(engine.port());
      for (let at = from; at < from + 50; at++) {
        const stream = client.open({ ':path': `/${at}` });
        const upstream = await backend.connection(at);
        await upstream.message();
        stream.close(8);
      }
      await client[Symbol.asyncDispose]();
    }
    await vi.waitFor(() =>
      expect([
        engine.count('api/a', 'inFlight'),
        engine.count('web', 'inFlight'),
        engine.count('api/a', 'connections'),
        engine.count('api/a', 'errors'),
        engine.count('api/a', 'clientAborts'),
        backend.openConnections,
      ]).toEqual([0, 0, 0, 0, 300, 0]),
    );
    // The one that has cancelled nothing.
    expect(engine.count('web', 'connections')).toBe(1);
  });
});
