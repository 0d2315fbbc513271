// Bodies between clients of either version and backends that speak HTTP/2: held back by whoever does not
// read, cut short visibly.
import { describe, expect, it, vi } from 'vitest';
import { EngineHarness } from '../../support/engine-harness.ts';
import { H2Backend, H2RawBackend } from '../../support/h2-backends.ts';
import { H2Client, servingHttp2 } from '../../support/h2-engine.ts';
import { disposedAfterEach } from '../../support/opened.ts';

type Front = 'HTTP/1.1' | 'HTTP/2';

const opened = disposedAfterEach();

describe.each<Front>(['HTTP/1.1', 'HTTP/2'])('bodies between %s and an HTTP/2 backend', (front) => {
  /** Starts a request, tells how to feed it and what came of it. */
  async function begin(port: number, method: 'GET' | 'POST') {
    const isHttp2 = front === 'HTTP/2';
    const engine = opened(
      isHttp2
        ? await servingHttp2({ a: port }, { protocol: 'http2' })
        : await EngineHarness.serving({ a: port }, { protocol: 'http2' }),
    );
    if (isHttp2) {
      const client = opened(await H2Client.connect(engine.port()));
      const stream = client.open({ ':method': method }, { endStream: method === 'GET' });
      return { engine, stream, socket: stream };
    }
    const client = opened(await engine.client());
    client.send(
      `${method} / HTTP/1.1\r\nHost: a.test\r\n${method === 'POST' ? 'Content-Length: 1000000000\r\n' : ''}\r\n`,
    );
    return { engine, client, socket: client.socket };
  }

  it('S1 are held back by a client that does not read', async () => {
    let written = 0;
    const backend = opened(
      await H2Backend.listen(({ stream }) => {
        stream.respond({ ':status': 200 });
        const piece = Buffer.alloc(65_536, 'd');
        const push = (): void => {
          while (!stream.destroyed && stream.write(piece, () => (written += piece.length)));
        };
        stream.on('drain', push);
        push();
      }),
    );
    const { socket } = await begin(backend.port, 'GET');
    socket.pause();
    await still(() => written);
    expect(written).toBeGreaterThan(65_536);
    expect(written).toBeLessThan(16_000_000);
    const before = written;
    socket.resume();
    await vi.waitFor(() => expect(written).toBeGreaterThan(before + 4_000_000));
    socket.destroy();
    await vi.waitFor(() => expect(backend.requests[0]?.stream.destroyed).toBe(true));
  }, 15_000);

  it('S2 are held back by a backend that does not read', async () => {
    let received = 0;
    const backend = opened(await H2Backend.listen(({ stream }) => void stream.pause()));
    const { engine, socket } = await begin(backend.port, 'POST');
    const piece = Buffer.alloc(65_536, 'u');
    const push = (): void => {
      while (!socket.destroyed && socket.write(piece));
    };
    socket.on('drain', push);
    push();
    await still(() => engine.count('web', 'bytesIn'));
    const taken = engine.count('web', 'bytesIn');
    expect(taken).toBeLessThan(16_000_000);
    const { stream } = backend.requests[0]!;
    stream.on('data', (chunk: Buffer) => {
      received += chunk.length;
    });
    stream.resume();
    await vi.waitFor(() => expect(received).toBeGreaterThan(taken + 4_000_000));
    socket.destroy();
    await vi.waitFor(() => expect(stream.destroyed).toBe(true));
  }, 15_000);

  it('A1 that their client gives up are reset, never ended', async () => {
    const backend = opened(await H2RawBackend.listen());
    const { engine, socket } = await begin(backend.port, 'POST');
    socket.write('a part');
    const connection = await backend.connection();
    await connection.until(() => connection.data(1) === 'a part', 'the part');
    socket.destroy();
    expect(await connection.resetCode(1)).toBe(8);
    expect(connection.isComplete(1)).toBe(false);
    await vi.waitFor(() => expect(engine.count('api/a', 'inFlight')).toBe(0));
    expect([engine.count('api/a', 'errors'), engine.count('api/a', 'clientAborts')]).toEqual([0, 1]);
  });
});

/** Waits until `measure` has stood still for a while. */
async function still(measure: () => number): Promise<void> {
  let last = -1;
  let same = 0;
  await vi.waitFor(
    () => {
      const now = measure();
      same = now === last && now > 0 ? same + 1 : 0;
      last = now;
      expect(same).toBeGreaterThan(5);
    },
    { timeout: 10_000, interval: 60 },
  );
}
