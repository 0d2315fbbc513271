// Probes of backends whose pool speaks HTTP/2: asked in HTTP/2 and held to the same expectations.
import { describe, expect, it } from 'vitest';
import { HttpHealthCheck, TcpHealthCheck } from '#shared/config/health-check.ts';
import { systemProbe } from '../../../src/main/health/run-probe.ts';
import type { CheckedTarget } from '../../../src/main/health/target.ts';
import { testAuthority } from '../../support/certificates.ts';
import { H2Backend, H2RawBackend, respond } from '../../support/h2-backends.ts';
import { frame, TYPE, uint32 } from '../../support/h2-frames.ts';
import { ok, RawServer } from '../../support/raw-server.ts';

const NEVER = new AbortController().signal;

function probe(port: number, check: object = {}, target: Partial<CheckedTarget> = {}) {
  return systemProbe(
    {
      key: 'api/a',
      host: '127.0.0.1',
      port,
      protocol: 'http2',
      tls: null,
      fault: '',
      check: HttpHealthCheck.parse({ type: 'http', path: '/health', ...check }),
      optimistic: false,
      ...target,
    },
    NEVER,
  );
}

describe('a probe over HTTP/2', () => {
  it('asks for its path and judges status and body', async () => {
    await using backend = await H2Backend.listen((request) => respond(request, '{"ready":true}'));
    expect(await probe(backend.port)).toMatchObject({ ok: true, code: 'L7 200' });
    expect(await probe(backend.port, { expectBody: 'ready' })).toMatchObject({ ok: true });
    expect(await probe(backend.port, { expectBody: 'absent' })).toMatchObject({ code: 'L7 body mismatch' });
    expect(await probe(backend.port, { expectStatus: ['204'] })).toMatchObject({ ok: false, code: 'L7 200' });
    const { headers } = backend.requests[0]!;
    expect([headers[':method'], headers[':path'], headers[':authority'], headers[':scheme']]).toEqual([
      'GET',
      '/health',
      `127.0.0.1:${backend.port}`,
      'http',
    ]);
    await expect.poll(() => backend.openSessions).toBe(0);
  });

  it('goes over TLS by ALPN, and says when that is not offered', async () => {
    const authority = await testAuthority();
    const pair = await authority.issue(['IP:127.0.0.1']);
    const tls = { verify: true, serverName: '', ca: authority.cert };
    await using backend = await H2Backend.listen((request) => respond(request, 'fine'), {}, pair);
    expect(await probe(backend.port, {}, { tls })).toMatchObject({ ok: true, code: 'L7 200' });
    const check = TcpHealthCheck.parse({ type: 'tcp' });
    expect(await probe(backend.port, {}, { tls, check })).toMatchObject({ ok: true, code: 'L6 ok' });
    await using old = await RawServer.listen(() => ok('fine'), 0, pair);
    expect(await probe(old.port, {}, { tls })).toMatchObject({
      ok: false,
      code: 'L6 failed',
      detail: expect.stringContaining('it does not offer HTTP/2 (ALPN)'),
    });
  });

  it('fails on a backend that speaks only HTTP/1.1', async () => {
    await using old = await RawServer.listen(() => 'HTTP/1.1 400 Bad Request\r\n\r\n');
    expect((await probe(old.port)).ok).toBe(false);
  });

  it('fails on one that resets the request, ends the connection, or is silent', async () => {
    await using backend = await H2RawBackend.listen();
    const reset = probe(backend.port);
    const first = await backend.connection();
    await first.frame(TYPE.headers, 1);
    first.send(frame(TYPE.reset, 0, 1, uint32(2)));
    expect((await reset).code).toBe('L7 invalid response');
    const ended = probe(backend.port);
    const second = await backend.connection(1);
    await second.frame(TYPE.headers, 1);
    second.end();
    expect((await ended).code).toBe('L7 no response');
    expect((await probe(backend.port, { timeoutMs: 200 })).code).toBe('L7 timeout');
  });
});
