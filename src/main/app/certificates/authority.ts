// Makes the certificate of Sluice's own local authority: one self-signed root on this machine that
// signs the certificates of `local-ca` listeners and nothing else. Loaded only when one is needed,
// after the reflection API that its library wants: local-authority.ts sees to both.
import { webcrypto } from 'node:crypto';
import {
  BasicConstraintsExtension,
  cryptoProvider,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { generateKeys, keyPem, type Pair, SIGNING, serialNumber } from './keys.ts';

const LIFETIME_MS = 10 * 365 * 86_400_000;
/** Clocks of other machines may be behind. */
const BACKDATED_MS = 3_600_000;

cryptoProvider.set(webcrypto);

/** `machine` tells authorities of several machines apart in a list of trusted ones. */
export async function makeAuthority(machine: string, now: number): Promise<Pair> {
  const keys = await generateKeys();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: [{ CN: [`Sluice local authority (${machine})`] }, { O: ['Sluice'] }],
    notBefore: new Date(now - BACKDATED_MS),
    notAfter: new Date(now + LIFETIME_MS),
    signingAlgorithm: SIGNING,
    keys,
    extensions: [
      // It signs servers, never another authority.
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { cert: `${certificate.toString('pem')}\n`, key: await keyPem(keys) };
}
