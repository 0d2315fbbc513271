// Certificates made for a test, independent of the product's own authority: an authority of one test
// file and what it signs, with whatever is wrong with it that a test needs.
import 'reflect-metadata';

import { randomBytes, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY_MS = 86_400_000;

x509.cryptoProvider.set(webcrypto);

export interface Pair {
  cert: string;
  key: string;
}

export interface TestAuthority extends Pair {
  /** Signs a certificate for these DNS names, the first of which is its subject; `IP:…` is an address. */
  issue(names: readonly string[], options?: IssueOptions): Promise<Pair>;
}

export interface IssueOptions {
  /** Days from now; negative: expired. */
  days?: number;
  startsInDays?: number;
}

export async function testAuthority(name = 'Test authority'): Promise<TestAuthority> {
  const keys = await generateKeys();
  const authority = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serial(),
    name: `CN=${name}`,
    notBefore: new Date(Date.now() - DAY_MS),
    notAfter: new Date(Date.now() + 30 * DAY_MS),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
    ],
  });
  return {
    cert: authority.toString('pem'),
    key: await keyPem(keys),
    async issue(names, { days = 30, startsInDays = days < 0 ? days - 1 : -1 } = {}) {
      const own = await generateKeys();
      const certificate = await x509.X509CertificateGenerator.create({
        serialNumber: serial(),
        subject: `CN=${names[0]}`,
        issuer: authority.subject,
        notBefore: new Date(Date.now() + startsInDays * DAY_MS),
        notAfter: new Date(Date.now() + days * DAY_MS),
        signingAlgorithm: ALGORITHM,
        publicKey: own.publicKey,
        signingKey: keys.privateKey,
        extensions: [
          new x509.BasicConstraintsExtension(false),
          new x509.SubjectAlternativeNameExtension(
            names.map((entry) =>
              entry.startsWith('IP:')
                ? { type: 'ip' as const, value: entry.slice(3) }
                : { type: 'dns' as const, value: entry },
            ),
          ),
        ],
      });
      return { cert: certificate.toString('pem'), key: await keyPem(own) };
    },
  };
}

async function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return (await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair;
}

async function keyPem(keys: webcrypto.CryptoKeyPair): Promise<string> {
  const der = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  return x509.PemConverter.encode(der, 'PRIVATE KEY');
}

function serial(): string {
  return `01${randomBytes(8).toString('hex')}`;
}
