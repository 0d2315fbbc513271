// Whether the files that an edit of one listener or pool names can be used: a slip in a path is refused at
// its field instead of taking the listener or the pool out of service. Only what this edit names anew is
// judged, so files that went bad since never stand in the way of another edit. A whole Config is not
// judged: it may be there before its files are. Reads through the caller. Called by tls-material.ts.
import type { Config } from '#shared/config/config.ts';
import type { ListenerConfig } from '#shared/config/listener.ts';
import type { CertificateConfig, CertificateFromFiles } from '#shared/config/tls.ts';
import type { Issue } from '#shared/errors.ts';
import { authoritiesProblem, judgePair } from './pair.ts';
import type { PemFiles } from './pem-files.ts';
import { tlsRulesOf } from './supply.ts';

type Read = PemFiles['read'];

/** `landed`: the listener or pool in `after` that was edited, such as `pools.2`; its issues have paths in `after`. */
export function namedFileIssues(before: Config, after: Config, landed: string, read: Read): Issue[] {
  const [list, place, ...deeper] = landed.split('.');
  const i = Number(place);
  if (deeper.length > 0) return [];
  if (list === 'pools') {
    const file = after.pools[i]?.tls?.caFile;
    if (file === before.pools[i]?.tls?.caFile) return [];
    return authorityIssues(file, landed, 'tls.caFile', read);
  }
  const listener = after.listeners[i];
  return list === 'listeners' && listener !== undefined
    ? listenerIssues(before.listeners[i], listener, landed, read)
    : [];
}

function listenerIssues(
  before: ListenerConfig | undefined,
  after: ListenerConfig,
  landed: string,
  read: Read,
): Issue[] {
  const old = before && tlsRulesOf(before);
  const tls = tlsRulesOf(after);
  const known = new Set((old?.certificates ?? []).map(filesText));
  const certificates = (tls?.certificates ?? []).flatMap((certificate, i) =>
    certificate.source === 'files' && !known.has(filesText(certificate))
      ? pairIssues(certificate, `${landed}.tls.certificates.${i}`, read)
      : [],
  );
  const file = tls?.clientCertificates?.caFile;
  if (file === old?.clientCertificates?.caFile) return certificates;
  return [...certificates, ...authorityIssues(file, landed, 'tls.clientCertificates.caFile', read)];
}

function filesText(certificate: CertificateConfig): string {
  return certificate.source === 'files' ? JSON.stringify([certificate.certFile, certificate.keyFile]) : '';
}

function authorityIssues(file: string | undefined, landed: string, field: string, read: Read): Issue[] {
  if (file === undefined) return [];
  const found = read(file, field);
  const fault = found.ok ? authoritiesProblem(found.text, file, field) : found.fault;
  return fault === '' ? [] : [unusable(`${landed}.${field}`, fault)];
}

function pairIssues({ certFile, keyFile }: CertificateFromFiles, at: string, read: Read): Issue[] {
  const cert = read(certFile, 'certFile');
  const key = read(keyFile, 'keyFile');
  if (!cert.ok || !key.ok) {
    return [
      ...(cert.ok ? [] : [unusable(`${at}.certFile`, cert.fault)]),
      ...(key.ok ? [] : [unusable(`${at}.keyFile`, key.fault)]),
    ];
  }
  const judged = judgePair({ cert: cert.text, key: key.text }, { certFile, keyFile });
  return judged.ok ? [] : [unusable(`${at}.${judged.field}`, judged.fault)];
}

function unusable(path: string, message: string): Issue {
  return { path, code: 'unusable-file', message };
}
