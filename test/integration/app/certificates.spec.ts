// Certificates of a whole core: the local authority, pairs from files, what is said of bad ones, and
// that a renewed one is shown without a restart.
import { X509Certificate } from 'node:crypto';
import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ConfigInput } from '#shared/config/config.ts';
import { createLocalAuthority } from '../../../src/main/app/certificates/local-authority.ts';
import { type NamedBackend, startBackend } from '../../support/backends.ts';
import { type Pair, type TestAuthority, testAuthority } from '../../support/certificates.ts';
import {
  startTestCore,
  type TempDir,
  type TestCore,
  type TestCoreOptions,
  tempDir,
} from '../../support/core-harness.ts';
import { ok, RawServer } from '../../support/raw-server.ts';
import { apiConfig, QUICK_CHECK } from '../../support/test-config.ts';
import { TlsClient } from '../../support/tls-client.ts';

type ListenerInput = NonNullable<ConfigInput['listeners']>[number];

const DAY_MS = 86_400_000;

let authority: TestAuthority;
let dir: TempDir;
const open: (AsyncDisposable | Disposable)[] = [];

beforeAll(async () => {
  authority = await testAuthority();
});

afterEach(async () => {
  for (const each of open.splice(0).toReversed()) {
    if (Symbol.asyncDispose in each) await each[Symbol.asyncDispose]();
    else each[Symbol.dispose]();
  }
});

function use<T extends AsyncDisposable | Disposable>(resource: T): T {
  open.push(resource);
  return resource;
}

async function core(tls: ListenerInput['tls'], options: TestCoreOptions = {}): Promise<TestCore> {
  const backend: NamedBackend = use(await startBackend('a'));
  return use(
    await startTestCore({ config: apiConfig([backend], {}, { protocol: 'https', tls }), ...options }),
  );
}

async function connect(running: TestCore, servername: string, ca: string): Promise<TlsClient> {
  const { address } = await running.view.untilListening('web');
  return use(await TlsClient.handshake(Number(address.split(':').at(-1)), { servername, ca }));
}

async function status(client: TlsClient, host: string): Promise<number> {
  client.send(`GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
  return (await client.message()).status;
}

/** A pair in files of a folder of its own; `write` replaces them. */
function files(pair: Partial<Pair> = {}) {
  dir = use(tempDir());
  const certFile = join(dir.path, 'fullchain.pem');
  const keyFile = join(dir.path, 'privkey.pem');
  const write = ({ cert, key }: Partial<Pair>) => {
    if (cert !== undefined) writeFileSync(certFile, cert);
    if (key !== undefined) writeFileSync(keyFile, key);
  };
  write(pair);
  return { certFile, keyFile, write, config: { name: 'own', source: 'files', certFile, keyFile } as const };
}

async function list(running: TestCore) {
  return (await running.view.call('certificates.list', {})).certificates;
}

describe('an https listener without a word about certificates', () => {
  it('serves one of the local authority, for localhost and the loopback addresses', async () => {
    const running = await core(undefined);
    const before = await running.view.call('certificates.authority', {});
    expect(before.exists).toBe(true);
    expect(before.pem).toContain('BEGIN CERTIFICATE');
    const client = await connect(running, 'localhost', before.pem);
    expect(await status(client, 'localhost')).toBe(200);
    const shown = client.tls.getPeerX509Certificate();
    expect(shown?.checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect(shown?.checkIP('::1')).toBe('::1');
    const days = ((shown?.validToDate.getTime() ?? 0) - (shown?.validFromDate.getTime() ?? 0)) / DAY_MS;
    expect(days).toBe(397);
    expect(await list(running)).toMatchObject([
      {
        listener: 'web',
        name: 'local',
        source: 'local-ca',
        hosts: ['localhost', '*.localhost'],
        issuer: expect.stringMatching(/^Sluice local authority/),
        fingerprint: shown?.fingerprint256,
        daysLeft: 396,
        problem: '',
      },
    ]);
  });

  it('is believed for a host below localhost that a route names', async () => {
    const routes = [{ name: 'app', match: { host: 'App.localhost' }, pool: 'api' }];
    const running = use(await startTestCore({ config: apiConfig([], {}, { protocol: 'https', routes }) }));
    const { pem } = await running.view.call('certificates.authority', {});
    const client = await connect(running, 'app.localhost', pem);
    expect(await status(client, 'app.localhost')).toBe(503);
  });

  it('keeps keys from everyone else, and its certificates over a restart', async () => {
    const { path } = use(tempDir());
    const first = await core(undefined, { dataDir: path });
    const [before] = await list(first);
    await first[Symbol.asyncDispose]();
    open.splice(open.indexOf(first), 1);
    const again = await core(undefined, { dataDir: path });
    expect((await list(again))[0]?.fingerprint).toBe(before?.fingerprint);
    const kept = readdirSync(join(path, 'ca'));
    expect(kept.filter((name) => name.endsWith('.key'))).toHaveLength(2);
    if (process.platform === 'win32') return;
    expect(statSync(join(path, 'ca')).mode & 0o777).toBe(0o700);
    for (const name of kept.filter((file) => file.endsWith('.key'))) {
      expect([name, statSync(join(path, 'ca', name)).mode & 0o777]).toEqual([name, 0o600]);
    }
  });

  it('makes no authority where none is needed, and says where it will be', async () => {
    const running = use(await startTestCore({ config: apiConfig([]) }));
    expect(await running.view.call('certificates.authority', {})).toMatchObject({
      exists: false,
      path: join(running.dataDir, 'ca', 'authority.pem'),
      trust: 'unknown',
      pem: '',
      commands: [],
    });
    expect(await list(running)).toEqual([]);
  });

  it('says of its authority how it is made trusted, and does not claim that it is', async () => {
    const running = await core(undefined);
    const found = await running.view.call('certificates.authority', {});
    expect(found.trust).not.toBe('trusted');
    expect(found.fingerprint).toBe(new X509Certificate(found.pem).fingerprint256);
    expect(found.commands.map(({ os }) => os)).toEqual([
      'Debian, Ubuntu',
      'Fedora, RHEL',
      'Arch',
      'macOS',
      'Windows',
      'Chrome on Linux',
      'Firefox',
    ]);
    for (const { command } of found.commands) expect(command).toContain(found.path);
  });

  it('says what to do when the authority is damaged, and serves the rest', async () => {
    const { path } = use(tempDir());
    const first = await core(undefined, { dataDir: path });
    await first[Symbol.asyncDispose]();
    open.splice(open.indexOf(first), 1);
    writeFileSync(join(path, 'ca', 'authority.key'), 'no key');
    const again = use(await startTestCore({ dataDir: path }));
    await again.view.until('web failed', () => again.view.listener('web')?.state === 'failed');
    expect(again.view.listener('web')?.error).toMatch(
      /the local authority in .* cannot be used .*; remove that folder/,
    );
    await again.view.call('listeners.add', {
      listener: { name: 'plain', port: 0, routes: [{ name: 'all', pool: 'api' }] },
    });
    await again.view.untilListening('plain');
  });
});

describe('the local authority', () => {
  it('renews what it signed 30 days before its end, and is not renewed itself', async () => {
    const { path } = use(tempDir());
    let now = Date.now();
    const local = createLocalAuthority(path, () => now);
    const first = await local.leaf(['a.test']);
    const root = local.cert();
    now += 366 * DAY_MS;
    expect((await local.leaf(['A.test'])).cert).toBe(first.cert);
    now += 1.1 * DAY_MS;
    const renewed = await local.leaf(['a.test']);
    expect(renewed.cert).not.toBe(first.cert);
    expect(local.cert()).toBe(root);
    expect(new X509Certificate(renewed.cert).verify(new X509Certificate(root ?? '').publicKey)).toBe(true);
  });

  it('makes each certificate once, however many ask', async () => {
    const { path } = use(tempDir());
    const local = createLocalAuthority(path, () => Date.now());
    const made = await Promise.all(Array.from({ length: 4 }, () => local.leaf(['a.test', 'b.test'])));
    expect(new Set(made.map(({ cert }) => cert)).size).toBe(1);
    expect((await local.leaf(['b.test', 'a.test'])).cert).toBe(made[0]?.cert);
  });

  it('signs anew when it was replaced', async () => {
    const { path } = use(tempDir());
    const local = createLocalAuthority(path, () => Date.now());
    const before = await local.leaf(['a.test']);
    rmSync(join(path, 'ca', 'authority.pem'));
    expect((await local.leaf(['a.test'])).cert).not.toBe(before.cert);
  });

  it('is an authority for servers only, and its certificates are no authority', async () => {
    const { path } = use(tempDir());
    const local = createLocalAuthority(path, () => Date.now());
    const leaf = new X509Certificate((await local.leaf(['a.test', '*.b.test'])).cert);
    const root = new X509Certificate(local.cert() ?? '');
    expect([root.ca, leaf.ca]).toEqual([true, false]);
    expect(leaf.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
    expect(leaf.checkIssued(root)).toBe(true);
    expect(leaf.subjectAltName).toBe('DNS:*.b.test, DNS:a.test');
  });
});

describe('a certificate from files', () => {
  it('is shown for the names in it', async () => {
    const { config } = files(await authority.issue(['own.test', '*.own.test']));
    const running = await core({ certificates: [config] });
    expect(await status(await connect(running, 'x.own.test', authority.cert), 'x.own.test')).toBe(200);
    expect(await list(running)).toMatchObject([
      {
        name: 'own',
        source: 'files',
        hosts: ['own.test', '*.own.test'],
        issuer: 'Test authority',
        daysLeft: 29,
        problem: '',
      },
    ]);
  });

  it.each<[string, () => Promise<Partial<Pair>>, RegExp]>([
    ['is not there', async () => ({}), /there is no file .*fullchain\.pem; create it or correct certFile$/],
    [
      'has no key',
      async () => ({ cert: (await authority.issue(['own.test'])).cert }),
      /there is no file .*privkey\.pem; create it or correct keyFile$/,
    ],
    [
      'is no PEM',
      async () => ({ cert: 'DER', key: 'DER' }),
      /fullchain\.pem holds no certificate in PEM .*; correct certFile$/,
    ],
    [
      'has a key that is none',
      async () => ({ cert: (await authority.issue(['own.test'])).cert, key: 'x' }),
      /privkey\.pem holds no private key in PEM .*; correct keyFile$/,
    ],
    [
      'has another’s key',
      async () => ({
        cert: (await authority.issue(['own.test'])).cert,
        key: (await authority.issue(['own.test'])).key,
      }),
      /the key in .*privkey\.pem does not belong to the certificate in .*fullchain\.pem; name the pair/,
    ],
  ])('that %s is the listener’s error, with the fix', async (_, pair, sentence) => {
    const { config, write } = files(await pair());
    const running = await core({ certificates: [config] });
    const { error } = await running.view.until('web failed', () => {
      const found = running.view.listener('web');
      return found?.state === 'failed' && found;
    });
    expect(error).toMatch(/^certificate "own" of listener "web": /);
    expect(error).toMatch(sentence);
    expect(await list(running)).toMatchObject([
      { issuer: '', notAfter: null, problem: expect.stringMatching(sentence) },
    ]);
    // The fix is noticed.
    write(await authority.issue(['own.test']));
    expect(await status(await connect(running, 'own.test', authority.cert), 'own.test')).toBe(200);
  });

  it('X5 is replaced when its files are, without ending a connection', async () => {
    const { config, write } = files(await authority.issue(['own.test']));
    const running = await core({ certificates: [config] });
    const before = await connect(running, 'own.test', authority.cert);
    const renewed = await authority.issue(['own.test', 'more.test'], { days: 60 });
    write(renewed);
    await running.view.untilAnswer('the new certificate is listed', async () =>
      (await list(running))[0]?.hosts.includes('more.test'),
    );
    await expect
      .poll(
        async () =>
          (await connect(running, 'own.test', authority.cert)).tls.getPeerX509Certificate()?.fingerprint256,
      )
      .toBe(new X509Certificate(renewed.cert).fingerprint256);
    expect(await status(before, 'own.test')).toBe(200);
    expect(await status(before, 'own.test')).toBe(200);
  });

  it('goes on while its files are broken, and says so', async () => {
    const { config, write } = files(await authority.issue(['own.test']));
    const running = await core({ certificates: [config] });
    await connect(running, 'own.test', authority.cert);
    write({ key: 'half written' });
    const [broken] = await running.view.untilAnswer('the problem is listed', async () => {
      const found = await list(running);
      return found[0]?.problem !== '' && found;
    });
    expect(broken?.problem).toMatch(
      /privkey\.pem holds no private key .*; the certificate read before is still shown$/,
    );
    expect(await status(await connect(running, 'own.test', authority.cert), 'own.test')).toBe(200);
    await expect.poll(() => running.log.map(({ msg }) => msg).join()).toContain('is still shown');
  });

  it.each<[string, string[], Parameters<TestAuthority['issue']>[1], RegExp]>([
    [
      'has expired',
      ['own.test'],
      { days: -1 },
      /^expired on \d{4}-\d\d-\d\d; clients refuse it until it is renewed$/,
    ],
    ['is not valid yet', ['own.test'], { startsInDays: 2 }, /^is not valid before /],
    ['ends soon', ['own.test'], { days: 5 }, /^expires on .*; renew it$/],
    [
      'is for other names',
      ['else.test'],
      {},
      /^is not made for own\.test; clients that ask for it refuse it$/,
    ],
  ])('that %s is shown all the same, with a notice', async (_, names, options, sentence) => {
    const { config } = files(await authority.issue(names, options));
    const running = await core({ certificates: [{ ...config, hosts: ['own.test'] }] });
    expect((await list(running))[0]?.problem).toMatch(sentence);
    expect((await running.view.untilListening('web')).state).toBe('listening');
    const notices = running.log.filter(({ msg }) => msg.startsWith('certificate "own" of listener "web": '));
    expect(notices).toHaveLength(1);
  });
});

describe('a pool over TLS', () => {
  const secured = async () => {
    const pair = await authority.issue(['backend.test', 'IP:127.0.0.1']);
    return use(await RawServer.listen(() => ok('encrypted'), 0, pair));
  };
  const poolConfig = (port: number, caFile: string) =>
    apiConfig([{ name: 'a', address: `127.0.0.1:${port}` }], {
      tls: { caFile },
      healthCheck: { ...QUICK_CHECK, path: '/' },
    });

  it('X4 believes the authorities in its file, for probes and traffic', async () => {
    const { port } = await secured();
    dir = use(tempDir());
    const running = use(
      await startTestCore({ config: poolConfig(port, dir.write('ca.pem', authority.cert)) }),
    );
    await running.view.untilState('api', 'a', 'up');
    const response = await fetch(await running.url());
    expect([response.status, await response.text()]).toEqual([200, 'encrypted']);
  });

  it('X4 with a file that is not there is down for that reason, until it is', async () => {
    const { port } = await secured();
    dir = use(tempDir());
    const caFile = join(dir.path, 'ca.pem');
    const running = use(await startTestCore({ config: poolConfig(port, caFile) }));
    const { cause } = await running.view.untilState('api', 'a', 'down');
    const sentence = `pool "api": there is no file ${caFile}; create it or correct tls.caFile`;
    expect(cause).toBe(`L6 settings: ${sentence}`);
    const refused = await fetch(await running.url());
    expect([refused.status, await refused.text()]).toEqual([503, `Sluice: ${sentence}\n`]);
    writeFileSync(caFile, authority.cert);
    await running.view.untilState('api', 'a', 'up');
    expect((await fetch(await running.url())).status).toBe(200);
  });

  it('X4 is down when the authorities did not sign its backends', async () => {
    const { port } = await secured();
    dir = use(tempDir());
    const stranger = await testAuthority('Stranger');
    const running = use(
      await startTestCore({ config: poolConfig(port, dir.write('ca.pem', stranger.cert)) }),
    );
    const { cause } = await running.view.untilState('api', 'a', 'down');
    expect(cause).toContain('L6 failed');
    expect(cause).toContain('its certificate is not from a trusted authority');
  });
});
