// The TCP probe against real sockets: opening is the success, nothing is sent.
import { connect, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { probeTcp } from '../../../src/main/health/probe-tcp.ts';
import { closedPort, frozenBackend, rawBackend } from './servers.ts';

const NEVER = new AbortController().signal;

describe('a TCP probe', () => {
  it.each(['127.0.0.1', '::1'])('succeeds when %s accepts, sends nothing and closes', async (host) => {
    const received: string[] = [];
    const closed = Promise.withResolvers<void>();
    await using backend = await rawBackend((socket) => {
      socket.on('data', (chunk) => received.push(chunk.toString()));
      socket.on('close', () => closed.resolve());
    }, host);
    const result = await probeTcp(backend, { timeoutMs: 1000 }, NEVER);
    expect(result).toMatchObject({ ok: true, code: 'L4 ok', detail: '' });
    await closed.promise;
    expect(received).toEqual([]);
  });

  it('fails when nothing listens', async () => {
    const port = await closedPort();
    const result = await probeTcp(
      { host: '127.0.0.1', port, protocol: 'http1', tls: null },
      { timeoutMs: 1000 },
      NEVER,
    );
    expect(result).toMatchObject({ ok: false, code: 'L4 connection refused' });
  });

  it('fails after its deadline when nobody accepts', async () => {
    await using backend = await frozenBackend();
    const fillers: Socket[] = [];
    for (let n = 0; n < 4; n++) fillers.push(connect(backend.port, '127.0.0.1').on('error', () => {}));
    await Promise.all(
      fillers.slice(0, 2).map((filler) => new Promise((resolve) => filler.once('connect', resolve))),
    );
    const result = await probeTcp(
      { host: '127.0.0.1', port: backend.port, protocol: 'http1', tls: null },
      { timeoutMs: 80 },
      NEVER,
    );
    for (const filler of fillers) filler.destroy();
    expect(result).toMatchObject({
      ok: false,
      code: 'L4 timeout',
      detail: `127.0.0.1:${backend.port} did not accept a connection within 80 ms`,
    });
  });

  it('ends at once when it is called off before it began', async () => {
    const result = await probeTcp(
      { host: '127.0.0.1', port: 9, protocol: 'http1', tls: null },
      { timeoutMs: 60_000 },
      AbortSignal.abort(),
    );
    expect(result.ok).toBe(false);
  });
});
