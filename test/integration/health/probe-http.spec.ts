// The HTTP probe against real sockets:
// - every outcome is a result with a layered code and a sentence; nothing is thrown;
// - one deadline covers connecting, the head and the body;
// - each probe uses a connection of its own and follows no redirect.
import type { IncomingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { HttpHealthCheck } from '#shared/config/health-check.ts';
import { probeHttp } from '../../../src/main/health/probe-http.ts';
import { type Backend, closedPort, httpBackend, rawBackend } from './servers.ts';

const NEVER = new AbortController().signal;

function check(overrides: Partial<HttpHealthCheck> = {}): HttpHealthCheck {
  return { ...HttpHealthCheck.parse({ type: 'http' }), ...overrides };
}

function probe(backend: Pick<Backend, 'host' | 'port'>, overrides: Partial<HttpHealthCheck> = {}) {
  return probeHttp(
    { host: backend.host, port: backend.port, protocol: 'http1', tls: null },
    check(overrides),
    NEVER,
  );
}

/** More header bytes than any client takes. */
function pourHeaders(socket: Socket): void {
  socket.write(`HTTP/1.1 200 OK\r\n${'X-Filler: 0123456789\r\n'.repeat(4000)}`);
}

describe('an HTTP probe', () => {
  it('succeeds on an expected status and reports when and how long', async () => {
    await using backend = await httpBackend((_request, response) => response.end('hello'));
    const before = Date.now();
    const result = await probe(backend);
    expect(result).toMatchObject({ ok: true, code: 'L7 200', detail: '' });
    expect(result.at).toBeGreaterThanOrEqual(before);
    expect(result.tookMs).toBeGreaterThan(0);
    expect(result.tookMs).toBeLessThan(2000);
  });

  it('sends method, path and Host as configured, announces close and uses a new connection each time', async () => {
    const seen: [string | undefined, string | undefined, IncomingHttpHeaders][] = [];
    await using backend = await httpBackend((request, response) => {
      seen.push([request.method, request.url, request.headers]);
      response.end();
    });
    await probe(backend, { method: 'POST', path: '/health?deep=1', host: 'api.example' });
    await probe(backend);
    expect(seen.map(([method, url, headers]) => [method, url, headers.host, headers.connection])).toEqual([
      ['POST', '/health?deep=1', 'api.example', 'close'],
      ['GET', '/', `127.0.0.1:${backend.port}`, 'close'],
    ]);
    expect(backend.connections()).toBe(2);
  });

  it('works with HEAD, which has no body', async () => {
    await using backend = await httpBackend((_request, response) => response.end('not sent'));
    expect(await probe(backend, { method: 'HEAD' })).toMatchObject({ ok: true, code: 'L7 200' });
  });

  it('reaches IPv6 addresses and names their Host in brackets', async () => {
    let host: string | undefined;
    await using backend = await httpBackend((request, response) => {
      host = request.headers.host;
      response.end();
    }, '::1');
    expect(await probe(backend)).toMatchObject({ ok: true });
    expect(host).toBe(`[::1]:${backend.port}`);
  });

  it('resolves names, trying every address', async () => {
    await using backend = await httpBackend((_request, response) => response.end());
    expect(await probe({ host: 'localhost', port: backend.port })).toMatchObject({ ok: true });
  });

  it('does not follow redirects', async () => {
    const paths: (string | undefined)[] = [];
    await using backend = await httpBackend((request, response) => {
      paths.push(request.url);
      response.writeHead(302, { location: '/elsewhere' }).end();
    });
    expect(await probe(backend)).toMatchObject({ ok: true, code: 'L7 302' });
    expect(await probe(backend, { expectStatus: ['200'] })).toMatchObject({ ok: false, code: 'L7 302' });
    expect(paths).toEqual(['/', '/']);
  });

  it('waits through interim answers for the real one', async () => {
    await using backend = await rawBackend((socket) => {
      socket.write(
        'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n',
      );
    });
    expect(await probe(backend)).toMatchObject({ ok: true, code: 'L7 200' });
  });

  it('accepts a 304 that names the length it would have had', async () => {
    await using backend = await rawBackend((socket) => {
      socket.write('HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n');
    });
    expect(await probe(backend)).toMatchObject({ ok: true, code: 'L7 304' });
  });

  it('quotes the body of an unexpected status', async () => {
    await using backend = await httpBackend((_request, response) =>
      response.writeHead(503).end('database\u0007 down'),
    );
    const result = await probe(backend);
    expect([result.ok, result.code]).toEqual([false, 'L7 503']);
    expect(result.detail).toMatch(/^expected status 200-399, got 503 in \d+ ms: "database\\x07 down"$/);
  });

  it('checks text and JSON in the body', async () => {
    await using backend = await httpBackend((_request, response) => response.end('{"status":"degraded"}'));
    expect(await probe(backend, { expectBody: 'degraded' })).toMatchObject({ ok: true });
    expect(await probe(backend, { expectBody: 'fine' })).toMatchObject({ code: 'L7 body mismatch' });
    expect(await probe(backend, { expectJson: { path: 'status', equals: 'ok' } })).toMatchObject({
      ok: false,
      code: 'L7 json mismatch',
      detail: 'field status is "degraded", expected "ok"',
    });
  });

  it('reads no more than 64 KB of an endless body and judges that', async () => {
    await using backend = await rawBackend((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\nready');
      const pour = () => {
        while (!socket.destroyed && socket.write(Buffer.alloc(16_384, 'x')));
      };
      socket.on('drain', pour);
      pour();
    });
    expect(await probe(backend, { expectBody: 'ready' })).toMatchObject({ ok: true, code: 'L7 200' });
    expect(await probe(backend, { expectBody: 'never' })).toMatchObject({
      code: 'L7 body mismatch',
      detail: expect.stringMatching(/^the first 64 KB of the body does not contain "never"/),
    });
  });

  it('follows the layer at which it failed', async () => {
    const port = await closedPort();
    expect(await probe({ host: '127.0.0.1', port })).toMatchObject({
      ok: false,
      code: 'L4 connection refused',
      detail: `127.0.0.1:${port} refused the connection: nothing listens there`,
    });
    // A label above 63 characters is refused by the resolver itself, without asking a server.
    const name = `${'x'.repeat(64)}.invalid`;
    expect(await probe({ host: name, port: 80 })).toMatchObject({ ok: false, code: 'L4 unknown host' });
  });

  it.each<[string, string, (socket: Socket) => void]>([
    ['closes without an answer', 'L7 no response', (socket) => socket.end()],
    ['reads the request and closes', 'L7 no response', (socket) => socket.once('data', () => socket.end())],
    ['resets', 'L4 reset', (socket) => socket.once('data', () => socket.resetAndDestroy())],
    ['speaks another protocol', 'L7 invalid response', (socket) => socket.write('SSH-2.0-OpenSSH_9.6\r\n')],
    ['sends a head without end', 'L7 invalid response', (socket) => pourHeaders(socket)],
    [
      'breaks off in the body',
      'L7 incomplete body',
      (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc'),
    ],
    [
      'sends broken chunks',
      'L7 incomplete body',
      (socket) => socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n'),
    ],
  ])('fails a backend that %s with "%s"', async (_name, code, talk) => {
    await using backend = await rawBackend(talk);
    const result = await probe(backend);
    expect([result.ok, result.code]).toEqual([false, code]);
    expect(result.detail).not.toBe('');
  });

  it('fails after its deadline when no answer comes', async () => {
    await using backend = await rawBackend(() => {});
    const result = await probe(backend, { timeoutMs: 60 });
    expect(result).toMatchObject({
      ok: false,
      code: 'L7 timeout',
      detail: `127.0.0.1:${backend.port} connected but sent no answer within 60 ms`,
    });
    expect(result.tookMs).toBeGreaterThanOrEqual(55);
    expect(result.tookMs).toBeLessThan(5000);
  });

  it('fails after its deadline when the body never ends', async () => {
    await using backend = await rawBackend((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc');
    });
    expect(await probe(backend, { timeoutMs: 60 })).toMatchObject({
      ok: false,
      code: 'L7 timeout',
      detail: 'answered 200, but the body was not complete within 60 ms',
    });
  });

  it('reports a wrong status even when its body never ends', async () => {
    await using backend = await rawBackend((socket) => {
      socket.write('HTTP/1.1 500 Oops\r\nContent-Length: 100\r\n\r\nabc');
    });
    expect(await probe(backend, { timeoutMs: 60 })).toMatchObject({ ok: false, code: 'L7 500' });
  });

  it('ends at once when it is called off, and closes its connection', async () => {
    const closed = Promise.withResolvers<void>();
    const connected = Promise.withResolvers<void>();
    await using backend = await rawBackend((socket) => {
      connected.resolve();
      socket.on('close', () => closed.resolve());
    });
    const controller = new AbortController();
    const running = probeHttp(backend, check({ timeoutMs: 60_000 }), controller.signal);
    await connected.promise;
    controller.abort();
    expect((await running).ok).toBe(false);
    await closed.promise;
  });
});
