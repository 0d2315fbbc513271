// Key pairs and serial numbers of the local authority and of what it signs: ECDSA on P-256, which
// every client knows and which costs the least. Used by authority.ts and leaf.ts.
import { randomBytes, webcrypto } from 'node:crypto';

/** Both in PEM. */
export interface Pair {
  cert: string;
  key: string;
}

export const SIGNING = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

export async function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return await webcrypto.subtle.generateKey(SIGNING, true, ['sign', 'verify']);
}

export async function keyPem(keys: webcrypto.CryptoKeyPair): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey));
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN PRIVATE KEY-----\n${lines.join('\n')}\n-----END PRIVATE KEY-----\n`;
}

/** 127 random bits after a first one that keeps the number positive (RFC 5280 §4.1.2.2). */
export function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = (bytes[0]! & 0x7f) | 0x40;
  return bytes.toString('hex');
}
