// The certificate behind each entry of a Config: read from its files or signed by the local authority.
// Invariant: a pair that worked goes on while its files are broken, and one of the local authority is
// replaced long before its end. Owned by tls-material.ts.
import type { Config } from '#shared/config/config.ts';
import type { ListenerConfig } from '#shared/config/listener.ts';
import { type CertificateConfig, type CertificateFromFiles, ListenerTls } from '#shared/config/tls.ts';
import type { Material } from '../../engine/compile.ts';
import { certificateHosts } from './hosts.ts';
import { isDueForRenewal, type LocalAuthority } from './local-authority.ts';
import { judgePair, namesOf, pairProblem, type ReadPair } from './pair.ts';
import type { PemFiles } from './pem-files.ts';

export interface SuppliedCertificate {
  pair: ReadPair;
  /** Names it is shown for, lower case. */
  hosts: string[];
  /** What a person should know or do, a sentence about the certificate; '' when nothing. */
  problem: string;
}

export interface CertificateSupply {
  /** Reads what this Config names and has the local authority make what it needs and does not have. */
  prepare(config: Config): Promise<void>;
  /** As it was when prepared last: what runs, not what lies on disk by now. */
  of(listener: ListenerConfig, certificate: CertificateConfig): Material<SuppliedCertificate>;
  /** Whether `prepare` would replace one. */
  renewalDue(): boolean;
}

/** A pair and, when its files hold another by now that cannot be used, why not. */
interface FilePair {
  good: ReadPair | undefined;
  fault: string;
}

const DEFAULT_TLS = ListenerTls.parse({});

/** The rules of an https listener; undefined for one in clear text. */
export function tlsRulesOf(listener: ListenerConfig): ListenerTls | undefined {
  return listener.protocol === 'https' ? (listener.tls ?? DEFAULT_TLS) : undefined;
}

export function createCertificateSupply(
  files: Pick<PemFiles, 'read'>,
  authority: LocalAuthority,
  now: () => number,
): CertificateSupply {
  /** By their names. */
  let leaves = new Map<string, Material<ReadPair>>();
  /** By their files. */
  let pairs = new Map<string, FilePair>();

  const isDue = (leaf: Material<ReadPair>) => leaf.ok && isDueForRenewal(leaf.value.certificate, now());

  async function makeLeaf(names: readonly string[]): Promise<Material<ReadPair>> {
    const where = { certFile: authority.certFile, keyFile: authority.certFile };
    try {
      return judgePair(await authority.leaf(names), where);
    } catch (error) {
      return { ok: false, fault: (error as Error).message };
    }
  }

  async function prepareLeaf(names: readonly string[]): Promise<Material<ReadPair>> {
    const kept = leaves.get(namesKey(names));
    return kept?.ok === true && !isDue(kept) ? kept : makeLeaf(names);
  }

  function readPair(certificate: CertificateFromFiles): FilePair {
    const earlier = pairs.get(filesKey(certificate));
    const { certFile, keyFile } = certificate;
    const cert = files.read(certFile, 'certFile');
    if (!cert.ok) return { good: earlier?.good, fault: cert.fault };
    const key = files.read(keyFile, 'keyFile');
    if (!key.ok) return { good: earlier?.good, fault: key.fault };
    const judged = judgePair({ cert: cert.text, key: key.text }, { certFile, keyFile });
    return judged.ok ? { good: judged.value, fault: '' } : { good: earlier?.good, fault: judged.fault };
  }

  /** What each certificate of a listener is for, as far as its files could be read. */
  function hostsOf(listener: ListenerConfig, read = pairs): string[][] {
    const certificates = tlsRulesOf(listener)?.certificates ?? [];
    return certificateHosts(
      listener.routes,
      certificates.map((each) => ({ source: each.source, hosts: askedHosts(each, read) })),
    );
  }

  function askedHosts(certificate: CertificateConfig, read: typeof pairs): readonly string[] {
    if (certificate.source === 'local-ca') return certificate.hosts;
    const pair = read.get(filesKey(certificate))?.good;
    return certificate.hosts ?? (pair === undefined ? [] : namesOf(pair.certificate));
  }

  function ofLocalCa(hosts: string[]): Material<SuppliedCertificate> {
    const leaf = leaves.get(namesKey(hosts)) ?? { ok: false, fault: 'it is being made' };
    if (!leaf.ok) return leaf;
    const problem = pairProblem(leaf.value.certificate, hosts, now(), true);
    return { ok: true, value: { pair: leaf.value, hosts, problem } };
  }

  function ofFiles(certificate: CertificateFromFiles, hosts: string[]): Material<SuppliedCertificate> {
    const { good, fault } = pairs.get(filesKey(certificate)) ?? {
      good: undefined,
      fault: 'it is being read',
    };
    if (good === undefined) return { ok: false, fault };
    const problem =
      fault === ''
        ? pairProblem(good.certificate, hosts, now(), false)
        : `${fault}; the certificate read before is still shown`;
    return { ok: true, value: { pair: good, hosts, problem } };
  }

  return {
    async prepare(config) {
      const shown = config.listeners.flatMap((listener) => tlsRulesOf(listener)?.certificates ?? []);
      // First: what is in the files decides which hosts are left to the local authority.
      const nextPairs: typeof pairs = new Map(
        shown.flatMap((each) => (each.source === 'files' ? [[filesKey(each), readPair(each)] as const] : [])),
      );
      const nextLeaves: typeof leaves = new Map();
      for (const listener of config.listeners) {
        const hosts = hostsOf(listener, nextPairs);
        for (const [i, { source }] of (tlsRulesOf(listener)?.certificates ?? []).entries()) {
          const names = hosts[i] ?? [];
          if (source === 'local-ca') nextLeaves.set(namesKey(names), await prepareLeaf(names));
        }
      }
      leaves = nextLeaves;
      pairs = nextPairs;
    },
    of(listener, certificate) {
      const certificates = tlsRulesOf(listener)?.certificates ?? [];
      const position = certificates.findIndex(({ name }) => name === certificate.name);
      const hosts = hostsOf(listener)[position] ?? [];
      return certificate.source === 'files' ? ofFiles(certificate, hosts) : ofLocalCa(hosts);
    },
    renewalDue: () => [...leaves.values()].some(isDue),
  };
}

function namesKey(hosts: readonly string[]): string {
  return hosts.toSorted().join(' ');
}

function filesKey({ certFile, keyFile }: CertificateFromFiles): string {
  return JSON.stringify([certFile, keyFile]);
}
