// A client that verifies names as OpenSSL does, so without a wildcard right below localhost, is served
// for every host below localhost that a route names; from the moment the route is there.
import { afterEach, expect, it } from 'vitest';
import { startTestCore, type TestCore } from '../../support/core-harness.ts';
import { apiConfig } from '../../support/test-config.ts';
import { handshakeError, TlsClient } from '../../support/tls-client.ts';

const open: AsyncDisposable[] = [];

afterEach(async () => {
  for (const each of open.splice(0).toReversed()) await each[Symbol.asyncDispose]();
});

function use<T extends AsyncDisposable>(resource: T): T {
  open.push(resource);
  return resource;
}

function route(host: string) {
  return { name: host, match: { host }, pool: 'api' };
}

async function serving(listener: Parameters<typeof apiConfig>[2]) {
  const core = use(await startTestCore({ config: apiConfig([], {}, { protocol: 'https', ...listener }) }));
  const { pem: ca } = await core.view.call('certificates.authority', {});
  const { address } = await core.view.untilListening('web');
  const port = Number(address.split(':').at(-1));
  return {
    core,
    failure: (servername: string) => handshakeError(port, { servername, ca }),
    connect: async (servername: string) => use(await TlsClient.handshake(port, { servername, ca })),
  };
}

async function hosts(core: TestCore): Promise<string[]> {
  return (await core.view.call('certificates.list', {})).certificates.flatMap((each) => each.hosts);
}

it('a host that a route names is believed, also with more labels and whatever the hosts asked for', async () => {
  const tls = { certificates: [{ name: 'own', source: 'local-ca' as const, hosts: ['localhost'] }] };
  const routes = [route('app.localhost'), route('B.App.Localhost')];
  const { core, failure } = await serving({ routes, tls });
  expect(await failure('localhost')).toBe('');
  expect(await failure('app.localhost')).toBe('');
  expect(await failure('b.app.localhost')).toBe('');
  expect(await failure('other.localhost')).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
  expect(await hosts(core)).toEqual(['localhost', 'app.localhost', 'b.app.localhost']);
});

it('it is shown where unknown names are refused', async () => {
  const tls = { unknownName: 'reject' as const };
  const { failure } = await serving({ routes: [route('b.app.localhost')], tls });
  expect(await failure('b.app.localhost')).toBe('');
  expect(await failure('c.app.localhost')).not.toBe('');
});

it('a route that comes later brings its host at once, and ends no connection', async () => {
  const { core, failure, connect } = await serving({});
  expect(await failure('app.localhost')).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
  const before = await connect('localhost');
  await core.view.call('routes.add', { listener: 'web', route: route('app.localhost') });
  expect(await failure('app.localhost')).toBe('');
  expect(await failure('localhost')).toBe('');
  before.send('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  expect((await before.message()).status).toBe(503);
});
