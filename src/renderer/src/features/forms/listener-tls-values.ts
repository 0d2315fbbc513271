// What the TLS part of the listener form holds, and its way from and to ListenerTls. Certificates of
// both kinds keep their fields side by side, so switching the kind and back loses nothing. Pure.
import { type CertificateConfig, CertificateFromLocalCa, ListenerTls } from '#shared/config/tls.ts';
import { shareStructure } from '../../live/share-structure.ts';
import { textFrom, wordsFrom } from './form-schema.ts';

export interface CertificateValues {
  name: string;
  source: CertificateConfig['source'];
  /** Separated by commas or spaces. */
  hosts: string;
  certFile: string;
  keyFile: string;
}

export interface ListenerTlsValues {
  certificates: CertificateValues[];
  unknownName: ListenerTls['unknownName'];
  minVersion: ListenerTls['minVersion'];
  http2: boolean;
  clientCertificates: { ask: 'no' | 'optional' | 'required'; caFile: string };
}

const DEFAULT_TLS = ListenerTls.parse({});
const DEFAULT_HOSTS = CertificateFromLocalCa.parse({ name: 'local', source: 'local-ca' }).hosts;

export function newCertificate(name: string): CertificateValues {
  return { name, source: 'local-ca', hosts: DEFAULT_HOSTS.join(', '), certFile: '', keyFile: '' };
}

export function listenerTlsValues(tls: ListenerTls = DEFAULT_TLS): ListenerTlsValues {
  const { clientCertificates: asked } = tls;
  return {
    certificates: tls.certificates.map(certificateValues),
    unknownName: tls.unknownName,
    minVersion: tls.minVersion,
    http2: tls.http2,
    clientCertificates: {
      ask: asked === undefined ? 'no' : asked.required ? 'required' : 'optional',
      caFile: asked?.caFile ?? '',
    },
  };
}

function certificateValues(certificate: CertificateConfig): CertificateValues {
  return {
    name: certificate.name,
    source: certificate.source,
    hosts: certificate.hosts?.join(', ') ?? '',
    certFile: certificate.source === 'files' ? certificate.certFile : '',
    keyFile: certificate.source === 'files' ? certificate.keyFile : '',
  };
}

/**
 * The certificates as typed, for what they are for; undefined as soon as one speaks for itself, because its
 * names stand in its file.
 */
export function typedNames(
  certificates: readonly CertificateValues[],
): { source: CertificateValues['source']; hosts: string[] }[] | undefined {
  const typed = certificates.map(({ source, hosts }) => ({
    source,
    hosts: wordsFrom(hosts) ?? (source === 'local-ca' ? DEFAULT_HOSTS : []),
  }));
  return typed.some(({ hosts }) => hosts.length === 0) ? undefined : typed;
}

/** Input for ListenerTls; undefined for what is the default anyway and was not written out before. */
export function listenerTlsInput(values: ListenerTlsValues, original: ListenerTls | undefined): unknown {
  const { ask, caFile } = values.clientCertificates;
  const input = {
    certificates: values.certificates.map(certificateInput),
    unknownName: values.unknownName,
    minVersion: values.minVersion,
    http2: values.http2,
    clientCertificates: ask === 'no' ? undefined : { caFile: caFile.trim(), required: ask === 'required' },
  };
  const parsed = ListenerTls.safeParse(input);
  const isDefault =
    parsed.success && shareStructure(DEFAULT_TLS, withoutUndefined(parsed.data)) === DEFAULT_TLS;
  return isDefault && original === undefined ? undefined : input;
}

function withoutUndefined(tls: ListenerTls): ListenerTls {
  const { clientCertificates, ...rest } = tls;
  return clientCertificates === undefined ? rest : tls;
}

function certificateInput(values: CertificateValues): unknown {
  const common = { name: values.name.trim(), source: values.source, hosts: wordsFrom(values.hosts) };
  if (values.source === 'local-ca') return common;
  return { ...common, certFile: textFrom(values.certFile) ?? '', keyFile: textFrom(values.keyFile) ?? '' };
}
