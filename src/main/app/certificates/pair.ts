// Whether a certificate and a key can serve, for which names and until when: the one judgement of
// what a person supplied, in sentences that name the file and the fix. Pure but for OpenSSL. Called by
// tls-material.ts.
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { CertificateHost } from '#shared/config/tls.ts';
import type { Pair } from './keys.ts';

export interface PairFiles {
  certFile: string;
  keyFile: string;
}

export interface ReadPair extends Pair {
  certificate: X509Certificate;
}

export type JudgedPair =
  | { ok: true; value: ReadPair }
  /** `field`: whose file is to blame. */
  | { ok: false; fault: string; field: keyof PairFiles };

const DAY_MS = 86_400_000;
/** So long before its end a certificate that is not renewed by itself is worth a word. */
const WARN_BEFORE_MS = 14 * DAY_MS;

export function judgePair({ cert, key }: Pair, { certFile, keyFile }: PairFiles): JudgedPair {
  const certificate = parseCertificate(cert);
  if (certificate === undefined) {
    return refused(
      'certFile',
      `${certFile} holds no certificate in PEM ("-----BEGIN CERTIFICATE-----"); correct certFile`,
    );
  }
  const parsed = parseKey(key);
  if (parsed === 'encrypted') {
    return refused('keyFile', `the key in ${keyFile} is protected by a passphrase; store it without one`);
  }
  if (parsed === undefined) {
    return refused(
      'keyFile',
      `${keyFile} holds no private key in PEM ("-----BEGIN PRIVATE KEY-----"); correct keyFile`,
    );
  }
  if (!certificate.checkPrivateKey(parsed)) {
    return refused(
      'keyFile',
      `the key in ${keyFile} does not belong to the certificate in ${certFile}; name the pair that was issued together`,
    );
  }
  const reason = contextProblem({ cert, key });
  if (reason !== '')
    return refused('certFile', `${certFile} cannot be used (${reason}); have it issued anew`);
  return { ok: true, value: { cert, key, certificate } };
}

function refused(field: keyof PairFiles, fault: string): JudgedPair {
  return { ok: false, fault, field };
}

/** Why `ca` cannot be a list of authorities; '' when it can. */
export function authoritiesProblem(ca: string, file: string, field: string): string {
  if (parseCertificate(ca) === undefined) {
    return `${file} holds no certificate in PEM ("-----BEGIN CERTIFICATE-----"); correct ${field}`;
  }
  const reason = contextProblem({ ca });
  return reason === '' ? '' : `${file} cannot be used (${reason}); correct ${field}`;
}

/** What OpenSSL refuses although it can be read: a key that is too short, a broken intermediate. */
function contextProblem(material: { cert?: string; key?: string; ca?: string }): string {
  try {
    createSecureContext(material);
    return '';
  } catch (error) {
    return (error as { reason?: string }).reason ?? (error as Error).message;
  }
}

/** The first one of a file; intermediates follow it. */
function parseCertificate(pem: string): X509Certificate | undefined {
  if (!pem.includes('-----BEGIN')) return undefined;
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}

function parseKey(pem: string): KeyObject | 'encrypted' | undefined {
  try {
    return createPrivateKey(pem);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ERR_MISSING_PASSPHRASE' ? 'encrypted' : undefined;
  }
}

/** The DNS names of a certificate, lower case; its common name where it has none. */
export function namesOf(certificate: X509Certificate): string[] {
  const names = [...(certificate.subjectAltName ?? '').matchAll(/(?:^|, )DNS:([^,"]+)/g)].map(
    (found) => found[1],
  );
  const all = names.length > 0 ? names : [/^CN=(.+)$/m.exec(certificate.subject)?.[1]];
  return all.flatMap((name) =>
    name !== undefined && CertificateHost.safeParse(name).success ? [name.toLowerCase()] : [],
  );
}

/** `renewed`: by itself, long before its end. '' when there is nothing to say. */
export function pairProblem(
  certificate: X509Certificate,
  hosts: readonly string[],
  now: number,
  renewed: boolean,
): string {
  const from = certificate.validFromDate.getTime();
  const to = certificate.validToDate.getTime();
  if (to < now) return `expired on ${dateOf(to)}; clients refuse it until it is renewed`;
  if (from > now) return `is not valid before ${dateOf(from)}; clients refuse it until then`;
  const uncovered = hosts.filter((host) => !covers(certificate, host));
  if (uncovered.length > 0)
    return `is not made for ${uncovered.join(', ')}; clients that ask for it refuse it`;
  if (!renewed && to - now < WARN_BEFORE_MS) return `expires on ${dateOf(to)}; renew it`;
  return '';
}

function covers(certificate: X509Certificate, host: string): boolean {
  return host.startsWith('*.')
    ? namesOf(certificate).includes(host)
    : certificate.checkHost(host) !== undefined;
}

export function daysLeft(certificate: X509Certificate, now: number): number {
  return Math.floor((certificate.validToDate.getTime() - now) / DAY_MS);
}

function dateOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
