// The H and S vectors that take more than one exchange of bytes, over HTTP/2; what else of them has a
// meaning there is in http2-front, http2-streaming, http2-websocket, vector-streams and vector-aborts.
import { describe, expect, it } from 'vitest';
import { EngineHarness } from '../../support/engine-harness.ts';
import { H2Client, http2Listener, servingHttp2 } from '../../support/h2-engine.ts';
import { disposedAfterEach } from '../../support/opened.ts';
import { ok, RawServer } from '../../support/raw-server.ts';

const opened = disposedAfterEach();

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
});
