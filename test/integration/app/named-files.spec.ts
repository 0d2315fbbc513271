// Files that an edit of a pool or a listener names: what cannot be used is refused at its field, and what
// ran before goes on. What was named before, and a Config as a whole, is taken as it is: its files may
// come later.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type TestAuthority, testAuthority } from '../../support/certificates.ts';
import { startTestCore, type TempDir, type TestCore, tempDir } from '../../support/core-harness.ts';
import { apiConfig } from '../../support/test-config.ts';

let authority: TestAuthority;
let dir: TempDir;
let core: TestCore;

beforeAll(async () => {
  authority = await testAuthority();
});

beforeEach(async () => {
  dir = tempDir();
  core = await startTestCore({ config: apiConfig([], {}, { protocol: 'https' }) });
  await core.view.untilListening('web');
});

afterEach(async () => {
  await core[Symbol.asyncDispose]();
  dir.remove();
});

const at = (name: string) => join(dir.path, name);
const updatePool = (caFile: string, name = 'api') => ({ name: 'api', pool: { name, tls: { caFile } } });
const listener = (tls: object) => ({ name: 'web', protocol: 'https' as const, port: 0, tls });
const updateListener = (tls: object) => ({ name: 'web', listener: listener(tls) });
const clients = (caFile: string) => updateListener({ clientCertificates: { caFile } });
const pair = (certFile: string, keyFile: string) =>
  updateListener({
    certificates: [
      { name: 'dev', source: 'local-ca' },
      { name: 'own', source: 'files', certFile, keyFile },
    ],
  });

/** Reading one would wait until somebody writes. */
const PIPE: [string, () => string, RegExp] = [
  'that are a pipe',
  () => {
    execFileSync('mkfifo', [at('pipe')]);
    return at('pipe');
  },
  /pipe is no file that can be read to its end; correct tls\.caFile$/,
];

describe('the authorities of a pool', () => {
  it.each<[string, () => string, RegExp]>([
    [
      'that are not there',
      () => at('none.pem'),
      /^there is no file .*none\.pem; create it or correct tls\.caFile$/,
    ],
    [
      'that are a folder',
      () => mkdirSync(at('folder/ca'), { recursive: true }) ?? '',
      /folder is a folder; .* has to name a file/,
    ],
    ...(process.platform === 'win32' ? [] : [PIPE]),
    [
      'that are far too large',
      () => dir.write('large.pem', 'x'.repeat(5_000_000)),
      /large\.pem is larger than 4 MB; correct tls\.caFile$/,
    ],
    [
      'that are no certificate',
      () => dir.write('key.pem', 'no certificate'),
      /^.*key\.pem holds no certificate in PEM .*; correct tls\.caFile$/,
    ],
  ])('%s are refused at their field, and nothing is saved', async (_, file, message) => {
    const { revision } = core.view.status;
    const caFile = file();
    const issue = { path: 'pool.tls.caFile', code: 'unusable-file', message: expect.stringMatching(message) };
    const refused = await core.view.refusal('pools.update', updatePool(caFile));
    expect(refused).toMatchObject({ code: 'invalid', issues: [issue] });
    expect(refused.message).toMatch(/caFile/);
    const added = await core.view.refusal('pools.add', {
      pool: { name: 'new', backends: [], tls: { caFile } },
    });
    expect(added).toMatchObject({ code: 'invalid', issues: [issue] });
    expect((await core.view.call('config.get', {})).revision).toBe(revision);
  });

  it('are believed once they can be read', async () => {
    await core.view.refusal('pools.update', updatePool(at('ca.pem')));
    writeFileSync(at('ca.pem'), authority.cert);
    await core.view.call('pools.update', updatePool(at('ca.pem')));
  });

  it('that were named before are no hindrance to another edit, a rename included', async () => {
    const config = apiConfig([], { tls: { caFile: at('later.pem') } });
    const applied = await core.view.call('config.apply', { config });
    await core.view.call('pools.update', updatePool(at('later.pem'), 'shop'));
    const { pool } = updatePool(at('later.pem'));
    await core.view.call('pools.update', { name: 'shop', pool: { ...pool, drainMs: 7 } });
    await core.view.refusal('pools.update', updatePool(at('other.pem')));
    await core.view.call('pools.update', { name: 'api', pool: { name: 'api' } });
    await core.view.call('revisions.rollback', { revision: applied.revision });
  });

  it('are told in the log whenever a whole Config begins to name some that are not there', async () => {
    await core.view.call('config.apply', { config: apiConfig([], { tls: { caFile: at('later.pem') } }) });
    const told = core.log.filter(({ msg }) => msg.startsWith('pool "api": there is no file'));
    expect(told).toHaveLength(1);
    await core.view.call('config.apply', { config: apiConfig([]) });
    await core.view.call('config.apply', { config: apiConfig([], { tls: { caFile: at('later.pem') } }) });
    expect(core.log.filter(({ msg }) => msg.startsWith('pool "api": there is no file'))).toHaveLength(2);
  });
});

describe('the files of a listener', () => {
  it('that name authorities of clients are refused at their field, and it goes on accepting', async () => {
    const { issues } = await core.view.refusal('listeners.update', clients(at('none.pem')));
    expect(issues).toMatchObject([
      {
        path: 'listener.tls.clientCertificates.caFile',
        message: expect.stringMatching(
          /^there is no file .*; create it or correct tls\.clientCertificates\.caFile$/,
        ),
      },
    ]);
    expect(core.view.listener('web')?.state).toBe('listening');
    await core.view.call('listeners.update', clients(dir.write('ca.pem', authority.cert)));
    await core.view.untilListening('web');
  });

  it('that are a certificate and a key are refused each at its field', async () => {
    const own = await authority.issue(['own.test']);
    const other = await authority.issue(['own.test']);
    const [cert, key] = [dir.write('cert.pem', own.cert), dir.write('key.pem', own.key)];
    const issuesOf = async (certFile: string, keyFile: string) => {
      const { issues } = await core.view.refusal('listeners.update', pair(certFile, keyFile));
      return issues?.map(({ path, message }) => [path, message]);
    };
    const field = (name: string) => `listener.tls.certificates.1.${name}`;
    expect(await issuesOf(at('a.pem'), at('b.pem'))).toEqual([
      [field('certFile'), expect.stringContaining('create it or correct certFile')],
      [field('keyFile'), expect.stringContaining('create it or correct keyFile')],
    ]);
    expect(await issuesOf(key, key)).toEqual([
      [field('certFile'), expect.stringContaining('holds no certificate in PEM')],
    ]);
    expect(await issuesOf(cert, dir.write('other.pem', other.key))).toEqual([
      [field('keyFile'), expect.stringContaining('does not belong to the certificate')],
    ]);
    expect(core.view.listener('web')?.state).toBe('listening');
    await core.view.call('listeners.update', pair(cert, key));
    await core.view.untilListening('web');
  });

  it('that broke since they were named are no hindrance to another edit', async () => {
    const own = await authority.issue(['own.test']);
    const tls = pair(dir.write('cert.pem', own.cert), dir.write('key.pem', own.key)).listener.tls;
    await core.view.call('listeners.update', updateListener(tls));
    writeFileSync(at('key.pem'), 'half written');
    await core.view.call('listeners.update', { name: 'web', listener: { ...listener(tls), via: false } });
    await core.view.untilListening('web');
  });
});
