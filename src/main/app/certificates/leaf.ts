// Makes a server certificate signed by the local authority. It lives as long as browsers accept and
// names the hosts it is for; for localhost also the loopback addresses, which people type as well.
// Called by local-authority.ts.
import { createPrivateKey, webcrypto } from 'node:crypto';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  cryptoProvider,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type JsonGeneralName,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { generateKeys, keyPem, type Pair, SIGNING, serialNumber } from './keys.ts';

const DAY_MS = 86_400_000;
/** The most that browsers accept is 398 days. */
const LIFETIME_MS = 397 * DAY_MS;
const BACKDATED_MS = 3_600_000;
/** A common name holds no more (RFC 5280, ub-common-name). */
const COMMON_NAME_MAX = 64;

cryptoProvider.set(webcrypto);

/** `hosts` in lower case; at least one. */
export async function makeLeaf(authority: Pair, hosts: readonly string[], now: number): Promise<Pair> {
  const issuer = new X509Certificate(authority.cert);
  const keys = await generateKeys();
  const notBefore = now - BACKDATED_MS;
  const certificate = await X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: [{ CN: [hosts.find((host) => host.length <= COMMON_NAME_MAX) ?? 'Sluice'] }],
    issuer: issuer.subject,
    notBefore: new Date(notBefore),
    notAfter: new Date(Math.min(notBefore + LIFETIME_MS, issuer.notAfter.getTime())),
    signingAlgorithm: SIGNING,
    publicKey: keys.publicKey,
    signingKey: await signingKey(authority.key),
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension(alternativeNames(hosts)),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
      await AuthorityKeyIdentifierExtension.create(issuer),
    ],
  });
  return { cert: `${certificate.toString('pem')}\n`, key: await keyPem(keys) };
}

function alternativeNames(hosts: readonly string[]): JsonGeneralName[] {
  const names: JsonGeneralName[] = hosts.map((value) => ({ type: 'dns', value }));
  if (hosts.includes('localhost')) {
    names.push({ type: 'ip', value: '127.0.0.1' }, { type: 'ip', value: '::1' });
  }
  return names;
}

function signingKey(pem: string): Promise<webcrypto.CryptoKey> {
  const der = createPrivateKey(pem).export({ type: 'pkcs8', format: 'der' });
  return webcrypto.subtle.importKey('pkcs8', der, SIGNING, false, ['sign']);
}
