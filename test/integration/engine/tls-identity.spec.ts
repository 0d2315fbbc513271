// Who is who over TLS: sessions that are resumed with one certificate only, certificates replaced
// while connections live, clients that show certificates of their own.
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Pair, testAuthority } from '../../support/certificates.ts';
import type { TlsClient } from '../../support/tls-client.ts';
import { get, TlsScene } from '../../support/tls-scene.ts';

let scene: TlsScene;

beforeAll(async () => {
  scene = await TlsScene.create();
});

afterEach(() => scene.cleanUp());

async function session(client: TlsClient): Promise<Buffer> {
  const kept = client.session();
  client.send(get('127.0.0.1'));
  await client.message();
  return kept;
}

describe('a session', () => {
  it.each(['TLSv1.2', 'TLSv1.3'] as const)('is resumed over %s with its certificate', async (version) => {
    const { port, apply } = await scene.serving();
    const only = { minVersion: version, maxVersion: version };
    const first = await scene.connect(port, 'b.a.test', only);
    const kept = await session(first);
    // A plan that leaves this certificate alone leaves its sessions alone.
    await apply({ certificates: [scene.wildcard, scene.exact] });
    const again = await scene.connect(port, 'b.a.test', { ...only, session: kept });
    expect(again.tls.isSessionReused()).toBe(true);
    again.send(get('b.a.test'));
    expect((await again.message()).status).toBe(200);
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)('X4 is not resumed over %s with another', async (version) => {
    const { port } = await scene.serving();
    const only = { minVersion: version, maxVersion: version };
    const kept = await session(await scene.connect(port, 'b.a.test', only));
    const elsewhere = await scene.connect(port, 'c.a.test', { ...only, session: kept });
    expect(elsewhere.tls.isSessionReused()).toBe(false);
    expect(elsewhere.shown).toBe('wildcard.cn');
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)('is resumed over %s by another engine thread', async (version) => {
    const only = { minVersion: version, maxVersion: version };
    const [one, other] = [await scene.serving(), await scene.serving()];
    const kept = await session(await scene.connect(one.port, 'b.a.test', only));
    const again = await scene.connect(other.port, 'b.a.test', { ...only, session: kept });
    expect(again.tls.isSessionReused()).toBe(true);
    const elsewhere = await scene.connect(other.port, 'c.a.test', { ...only, session: kept });
    expect(elsewhere.tls.isSessionReused()).toBe(false);
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'is not resumed over %s once the secret of tickets is another, and the next one is',
    async (version) => {
      const only = { minVersion: version, maxVersion: version };
      const { port, apply } = await scene.serving();
      const before = await scene.connect(port, 'b.a.test', only);
      const kept = await session(before);
      await apply({ ticketSecret: 'the next' });
      // It is a matter of handshakes to come; who is connected notices nothing.
      before.send(get('b.a.test'));
      expect((await before.message()).status).toBe(200);
      const anew = await scene.connect(port, 'b.a.test', { ...only, session: kept });
      expect(anew.tls.isSessionReused()).toBe(false);
      const again = await scene.connect(port, 'b.a.test', { ...only, session: await session(anew) });
      expect(again.tls.isSessionReused()).toBe(true);
    },
  );

  it('is not resumed once clients need a certificate', async () => {
    const { port, apply } = await scene.serving();
    const kept = await session(await scene.connect(port, 'b.a.test'));
    await apply({ clientCa: scene.authority.cert });
    const client = await scene.connect(port, 'b.a.test', { session: kept });
    await client.until(() => client.errorCode !== '');
    expect(client.errorCode).toMatch(/CERTIFICATE_REQUIRED/);
  });
});

describe('a certificate that is replaced', () => {
  it('X5 is shown to new connections while the old ones live on', async () => {
    const { port, apply } = await scene.serving();
    const before = await scene.connect(port, 'b.a.test');
    before.send(get('b.a.test'));
    expect((await before.message()).status).toBe(200);
    const renewed = await scene.issued('renewed', 'b.a.test');
    await apply({ certificates: [scene.other, scene.wildcard, renewed] });
    expect((await scene.connect(port, 'b.a.test')).shown).toBe('renewed.cn');
    expect((await scene.connect(port, 'c.a.test')).shown).toBe('wildcard.cn');
    before.send(get('b.a.test'));
    expect((await before.message()).status).toBe(200);
    expect(before.shown).toBe('exact.cn');
  });

  it('X5 by one that cannot be used changes nothing', async () => {
    const { engine, port, apply } = await scene.serving();
    await apply({ certificates: [{ ...scene.exact, key: 'no key' }] });
    expect((await scene.connect(port, 'b.a.test')).shown).toBe('exact.cn');
    expect(engine.takeFaults()).toHaveLength(1);
  });

  it('X5 by one that cannot be used leaves the sessions of the others as they were', async () => {
    const { engine, port, apply } = await scene.serving();
    const kept = await session(await scene.connect(port, 'b.a.test'));
    const unusable = { ...scene.wildcard, key: 'no key' };
    await apply({ certificates: [scene.exact, unusable], ticketSecret: 'the next' });
    expect(engine.takeFaults()).toHaveLength(1);
    const again = await scene.connect(port, 'b.a.test', { session: kept });
    expect(again.tls.isSessionReused()).toBe(true);
  });
});

describe('client certificates', () => {
  let known: Pair;
  let foreign: Pair;
  beforeAll(async () => {
    known = await scene.authority.issue(['client']);
    foreign = await (await testAuthority('Another scene.authority')).issue(['client']);
  });

  /** What the engine makes of a client: with TLS 1.3 its handshake is over before the server's verdict. */
  async function outcome(port: number, pair: Partial<Pair>): Promise<string> {
    const client = await scene.connect(port, 'b.a.test', pair);
    client.send(get('b.a.test'));
    await client.until(() => client.received.length > 0 || client.ended || client.closed);
    return client.received.length > 0 ? 'served' : 'closed';
  }

  it('that are required keep out who has none or a foreign one', async () => {
    const { engine, backend, port } = await scene.serving({ clientCa: scene.authority.cert });
    expect(await outcome(port, known)).toBe('served');
    expect(await outcome(port, {})).toBe('closed');
    expect(await outcome(port, foreign)).toBe('closed');
    expect(backend.requests).toHaveLength(1);
    await expect.poll(() => engine.count('web', 'errors')).toBe(2);
  });

  it('that are optional keep out a foreign one only', async () => {
    const { backend, port } = await scene.serving({
      clientCa: scene.authority.cert,
      clientCertificateRequired: false,
    });
    expect(await outcome(port, known)).toBe('served');
    expect(await outcome(port, {})).toBe('served');
    expect(await outcome(port, foreign)).toBe('closed');
    expect(backend.requests).toHaveLength(2);
  });
});
