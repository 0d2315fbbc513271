// What people see of certificates: each one a listener shows with what is wrong with it, and the local
// authority with how to have it believed. Called by tls-material.ts.
import { X509Certificate } from 'node:crypto';
import type { AuthorityStatus, CertificateStatus } from '#shared/certificates.ts';
import type { Config } from '#shared/config/config.ts';
import type { ListenerConfig } from '#shared/config/listener.ts';
import type { CertificateConfig } from '#shared/config/tls.ts';
import type { LocalAuthority } from './local-authority.ts';
import { daysLeft } from './pair.ts';
import { type CertificateSupply, tlsRulesOf } from './supply.ts';
import { trustCommands, trustOf } from './trust.ts';

export function certificateStatuses(
  config: Config,
  supply: CertificateSupply,
  now: number,
): CertificateStatus[] {
  return config.listeners.flatMap((listener) =>
    (tlsRulesOf(listener)?.certificates ?? []).map((certificate) =>
      certificateStatus(listener, certificate, supply, now),
    ),
  );
}

function certificateStatus(
  listener: ListenerConfig,
  certificate: CertificateConfig,
  supply: CertificateSupply,
  now: number,
): CertificateStatus {
  const entry = { listener: listener.name, name: certificate.name, source: certificate.source };
  const found = supply.of(listener, certificate);
  if (!found.ok) {
    const hosts = certificate.hosts ?? [];
    const unknown = { issuer: '', fingerprint: '', notAfter: null, daysLeft: null };
    return { ...entry, hosts, ...unknown, problem: found.fault };
  }
  const { pair, hosts, problem } = found.value;
  return {
    ...entry,
    hosts,
    issuer: issuerOf(pair.certificate),
    fingerprint: pair.certificate.fingerprint256,
    notAfter: pair.certificate.validToDate.getTime(),
    daysLeft: daysLeft(pair.certificate, now),
    problem,
  };
}

export function authorityStatus({ certFile, cert }: LocalAuthority): AuthorityStatus {
  const pem = cert() ?? '';
  const parsed = parse(pem);
  return {
    exists: parsed !== undefined,
    path: certFile,
    fingerprint: parsed?.fingerprint256 ?? '',
    notAfter: parsed?.validToDate.getTime() ?? null,
    trust: parsed === undefined ? 'unknown' : trustOf(pem),
    commands: parsed === undefined ? [] : trustCommands(certFile),
    pem,
  };
}

/** Undefined when there is none yet, or what is there is damaged: then its listeners say so. */
function parse(pem: string): X509Certificate | undefined {
  try {
    return pem === '' ? undefined : new X509Certificate(pem);
  } catch {
    return undefined;
  }
}

/** The name a person knows the issuer by: its common name, else its organisation. */
function issuerOf({ issuer }: X509Certificate): string {
  return (/^CN=(.+)$/m.exec(issuer) ?? /^O=(.+)$/m.exec(issuer))?.[1] ?? issuer.replaceAll('\n', ', ');
}
