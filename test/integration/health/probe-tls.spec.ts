// Probes of backends over TLS: as strict as the traffic, a finding of their own for each failure, and
// a new handshake every time.
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { beforeAll, describe, expect, it } from 'vitest';
import { HttpHealthCheck, TcpHealthCheck } from '#shared/config/health-check.ts';
import type { CheckResult } from '#shared/status.ts';
import { systemProbe } from '../../../src/main/health/run-probe.ts';
import type { TargetTls } from '../../../src/main/health/target.ts';
import { type Pair, type TestAuthority, testAuthority } from '../../support/certificates.ts';
import { rawBackend } from './servers.ts';

const NEVER = new AbortController().signal;
const HTTP = HttpHealthCheck.parse({ type: 'http', path: '/health' });
const TCP = TcpHealthCheck.parse({ type: 'tcp' });

let authority: TestAuthority;
let pair: Pair;

beforeAll(async () => {
  authority = await testAuthority();
  pair = await authority.issue(['backend.test', 'IP:127.0.0.1']);
});

interface SecureBackend extends AsyncDisposable {
  port: number;
  connections: TLSSocket[];
  /** What each handshake asked for, and whether it was a short one. */
  handshakes: [servername: unknown, reused: boolean][];
  hosts: (string | undefined)[];
}

async function secureBackend(own: Pair = pair): Promise<SecureBackend> {
  const connections: TLSSocket[] = [];
  const handshakes: SecureBackend['handshakes'] = [];
  const hosts: (string | undefined)[] = [];
  const server = createServer(own, (request, response) => {
    hosts.push(request.headers.host);
    response.end('fine');
  });
  server.on('secureConnection', (socket) => {
    connections.push(socket);
    handshakes.push([Reflect.get(socket, 'servername'), socket.isSessionReused()]);
  });
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    connections,
    handshakes,
    hosts,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface ProbeOptions {
  tls?: Partial<TargetTls>;
  fault?: string;
  check?: HttpHealthCheck | TcpHealthCheck;
}

function probe(
  port: number,
  { tls = {}, fault = '', check = HTTP }: ProbeOptions = {},
): Promise<CheckResult> {
  const rules = { verify: true, serverName: '', ca: authority.cert, ...tls };
  return systemProbe(
    { key: 'api/a', host: '127.0.0.1', port, protocol: 'http1', tls: rules, fault, check, optimistic: false },
    NEVER,
  );
}

describe('a probe over TLS', () => {
  it('asks over HTTP once the certificate is believed', async () => {
    await using backend = await secureBackend();
    expect(await probe(backend.port)).toMatchObject({ ok: true, code: 'L7 200' });
    expect(backend.hosts).toEqual([`127.0.0.1:${backend.port}`]);
  });

  it('of a TCP check completes the handshake and sends nothing', async () => {
    await using backend = await secureBackend();
    expect(await probe(backend.port, { check: TCP })).toMatchObject({ ok: true, code: 'L6 ok' });
    expect(backend.hosts).toEqual([]);
  });

  it('X4 asks for the name of the pool and resumes no session', async () => {
    await using backend = await secureBackend();
    for (let i = 0; i < 2; i++) {
      expect((await probe(backend.port, { tls: { serverName: 'backend.test' } })).code).toBe('L7 200');
    }
    expect(backend.handshakes).toEqual([
      ['backend.test', false],
      ['backend.test', false],
    ]);
    await expect.poll(() => backend.connections.every((socket) => socket.destroyed)).toBe(true);
  });

  it.each([
    ['HTTP', HTTP],
    ['TCP', TCP],
  ])('X4 by %s fails on a certificate that is not believed', async (_, check) => {
    await using backend = await secureBackend();
    expect(await probe(backend.port, { check, tls: { serverName: 'else.test' } })).toMatchObject({
      ok: false,
      code: 'L6 failed',
      detail: `127.0.0.1:${backend.port} failed the TLS handshake: its certificate is not for else.test; name the one it is for in tls.serverName`,
    });
    expect((await probe(backend.port, { check, tls: { ca: '' } })).detail).toContain(
      'not from a trusted authority',
    );
    expect((await probe(backend.port, { check, tls: { ca: '', verify: false } })).ok).toBe(true);
  });

  it('fails where there is no TLS', async () => {
    await using backend = await rawBackend((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    expect(await probe(backend.port)).toMatchObject({ code: 'L6 failed' });
    expect((await probe(backend.port)).detail).toContain('it does not speak TLS');
  });

  it('fails where the handshake does not come to an end', async () => {
    await using backend = await rawBackend(() => undefined);
    expect(await probe(backend.port, { check: { ...HTTP, timeoutMs: 100 } })).toMatchObject({
      ok: false,
      code: 'L6 timeout',
    });
  });

  it('fails with the reason when the pool’s settings cannot be used', async () => {
    await using backend = await secureBackend();
    const fault = 'pool "api": /ca.pem does not exist; create it or correct tls.caFile';
    expect(await probe(backend.port, { fault })).toMatchObject({
      ok: false,
      code: 'L6 settings',
      detail: fault,
    });
    expect(backend.connections).toHaveLength(0);
  });
});
