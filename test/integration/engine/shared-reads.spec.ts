// All clients of an engine thread are read into the same memory: what one of them has sent, and is not
// passed on yet, must not become what the next one sends.
import { createHash } from 'node:crypto';
import net from 'node:net';
import { describe, expect, it } from 'vitest';
import { EngineHarness } from '../../support/engine-harness.ts';
import { ok, RawServer } from '../../support/raw-server.ts';

const CLIENTS = 8;

function post(index: number): string {
  const body = String.fromCharCode(97 + index).repeat(1000 + index);
  return `POST /${index} HTTP/1.1\r\nHost: ${index}.test\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

async function servedTogether(slices: (text: string) => string[]): Promise<string[]> {
  await using backend = await RawServer.listen((request) =>
    ok(`${request.target} ${request.body[0]} ${new Set(request.body).size} ${request.body.length}`),
  );
  await using engine = await EngineHarness.serving({ a: backend.port });
  const clients = await Promise.all(Array.from({ length: CLIENTS }, () => engine.client()));
  const pieces = clients.map((_, index) => slices(post(index)));
  for (let turn = 0; turn < pieces[0]!.length; turn++) {
    clients.forEach((client, index) => {
      client.send(pieces[index]![turn]!);
    });
    // The engine has read this turn's pieces before the next ones leave.
    await new Promise(setImmediate);
  }
  const bodies = await Promise.all(clients.map(async (client) => (await client.message()).body));
  for (const client of clients) await client[Symbol.asyncDispose]();
  return bodies;
}

describe('what clients send at the same time', () => {
  const expected = Array.from(
    { length: CLIENTS },
    (_, index) => `/${index} ${String.fromCharCode(97 + index)} 1 ${1000 + index}`,
  );

  it.each([1, 10, 36, 60, 500])('stays apart when each of them stops after %i bytes', async (at) => {
    expect(await servedTogether((text) => [text.slice(0, at), text.slice(at)])).toEqual(expected);
  });

  it('stays apart in twenty pieces each', async () => {
    const twentieths = (text: string) =>
      Array.from({ length: 20 }, (_, i) => text.slice((i * text.length) / 20, ((i + 1) * text.length) / 20));
    expect(await servedTogether(twentieths)).toEqual(expected);
  });

  it('stays apart when the first connection to the backend is still being opened', async () => {
    expect(await servedTogether((text) => [text])).toEqual(expected);
  });
});

describe('long bodies sent at the same time', () => {
  const LENGTH = 3_000_000;

  /** Bytes that differ at every place and between clients. */
  function bodyOf(index: number, length = LENGTH): Buffer {
    const body = Buffer.alloc(length);
    for (let at = 0; at < length; at += 4) body.writeUInt32LE((at * 31 + index * 7_919) >>> 0, at);
    return body;
  }

  it.each(['POST', 'PUT'])(
    'arrive as they were sent, and so do the requests behind them: %s',
    async (method) => {
      await using backend = await RawServer.listen((request) =>
        ok(createHash('sha256').update(request.body, 'latin1').digest('hex')),
      );
      await using engine = await EngineHarness.serving({ a: backend.port });
      const clients = await Promise.all(Array.from({ length: 4 }, () => engine.client()));
      const digests = await Promise.all(
        clients.map(async (client, index) => {
          const body = bodyOf(index);
          const head = `${method} / HTTP/1.1\r\nHost: a.test\r\nContent-Length: ${LENGTH}\r\n\r\n`;
          const message = Buffer.concat([Buffer.from(head), body]);
          // The second request follows within the read that ends the first one.
          client.socket.write(Buffer.concat([message, message]));
          const expected = createHash('sha256').update(body).digest('hex');
          return [(await client.message()).body, (await client.message()).body].map(
            (got) => got === expected,
          );
        }),
      );
      for (const client of clients) await client[Symbol.asyncDispose]();
      expect(digests.flat()).toEqual(Array(8).fill(true));
    },
  );

  it('arrive as they were sent at a backend that takes less than what comes', async () => {
    const length = 16_000_000;
    await using backend = await sippingServer();
    await using engine = await EngineHarness.serving({ a: backend.port });
    const clients = await Promise.all(Array.from({ length: 3 }, () => engine.client()));
    const right = await Promise.all(
      clients.map(async (client, index) => {
        const body = bodyOf(index, length);
        client.send(`POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: ${length}\r\n\r\n`);
        client.socket.write(body);
        return (await client.message()).body === createHash('sha256').update(body).digest('hex');
      }),
    );
    for (const client of clients) await client[Symbol.asyncDispose]();
    expect(right).toEqual([true, true, true]);
  });
});

/** Takes a few kilobytes a turn of a request with Content-Length; answers with the digest of its body. */
async function sippingServer(): Promise<AsyncDisposable & { port: number }> {
  const sipBytes = 12_000;
  const server = net.createServer((socket) => {
    const hash = createHash('sha256');
    let left = -1;
    const sip = (): void => {
      let chunk: Buffer | null = socket.read(Math.min(sipBytes, socket.readableLength));
      if (chunk !== null && left === -1) {
        const end = chunk.indexOf('\r\n\r\n') + 4;
        left = Number(/content-length: (\d+)/i.exec(chunk.toString('latin1', 0, end))?.[1]);
        chunk = chunk.subarray(end);
      }
      if (chunk !== null) {
        hash.update(chunk);
        left -= chunk.length;
      }
      if (left === 0) socket.write(ok(hash.digest('hex')));
      else if (!socket.destroyed) setImmediate(sip);
    };
    socket.on('error', () => undefined);
    socket.once('readable', sip);
    socket.on('readable', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as net.AddressInfo).port,
    async [Symbol.asyncDispose]() {
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
