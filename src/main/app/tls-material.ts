// Everything TLS needs from outside a Config, so that neither the engine nor a probe touches a file:
// certificates with their keys, and the authorities to believe. What cannot be used becomes the listener's or
// pool's fault, a sentence with the path and the fix; the rest of the Config runs. Made by core-parts.ts;
// used by configuration.ts around compilePlan and by operations.ts.
import type { AuthorityStatus, CertificateStatus } from '#shared/certificates.ts';
import type { Config } from '#shared/config/config.ts';
import type { ListenerConfig } from '#shared/config/listener.ts';
import type { PoolConfig } from '#shared/config/pool.ts';
import type { CertificateConfig } from '#shared/config/tls.ts';
import type { Issue } from '#shared/errors.ts';
import type { CompileInputs, Material } from '../engine/compile.ts';
import type { CertificatePlan } from '../engine/plan.ts';
import { authorityStatus, certificateStatuses } from './certificates/inventory.ts';
import { createLocalAuthority } from './certificates/local-authority.ts';
import { namedFileIssues } from './certificates/named-files.ts';
import { authoritiesProblem } from './certificates/pair.ts';
import { createPemFiles, readPem } from './certificates/pem-files.ts';
import { createCertificateSupply, tlsRulesOf } from './certificates/supply.ts';
import { createTicketSecret } from './certificates/ticket-secret.ts';

export interface TlsMaterial extends Pick<CompileInputs, 'listenerTls' | 'poolTls'> {
  /** Makes and reads what this Config needs: before it is compiled. */
  prepare(config: Config): Promise<void>;
  /** What cannot be used of the files an edit names anew; see named-files.ts. */
  fileIssues(before: Config, after: Config, landed: string): Issue[];
  certificates(config: Config): CertificateStatus[];
  authority(): AuthorityStatus;
  close(): void;
}

export interface TlsMaterialOptions {
  dataDir: string;
  now(): number;
  /** A file changed, or a certificate is due for renewal: the Config should be deployed again. */
  onChange(): void;
  /** Something a person should know about a certificate that is shown all the same. */
  onNotice(text: string): void;
}

/** How often is looked for what no watch reports: renewals due, files on network drives. */
const CHECK_EVERY_MS = 60_000;

export function createTlsMaterial(options: TlsMaterialOptions): TlsMaterial {
  const { now } = options;
  const files = createPemFiles(options.onChange);
  const local = createLocalAuthority(options.dataDir, now);
  const supply = createCertificateSupply(files, local, now);
  const ticketSecret = createTicketSecret(now);
  /** Authorities by file: what was good when it was read last. */
  const lastGood = new Map<string, string>();
  /** By certificate or pool: what was said of it last. */
  const notices = new Map<string, string>();
  const timer = setInterval(() => {
    if (ticketSecret.renew() || supply.renewalDue()) options.onChange();
    else files.check();
  }, CHECK_EVERY_MS).unref();

  function certificatePlan(
    listener: ListenerConfig,
    certificate: CertificateConfig,
  ): Material<CertificatePlan> {
    const subject = certificateSubject(listener, certificate);
    const found = supply.of(listener, certificate);
    if (!found.ok) return { ok: false, fault: `${subject}: ${found.fault}` };
    const { pair, hosts, problem } = found.value;
    tell(subject, problem);
    return { ok: true, value: { name: certificate.name, hosts, cert: pair.cert, key: pair.key } };
  }

  function authorities(subject: string, file: string | undefined, field: string): Material<string> {
    if (file === undefined) return { ok: true, value: '' };
    const read = files.read(file, field);
    const fault = read.ok ? authoritiesProblem(read.text, file, field) : read.fault;
    if (read.ok && fault === '') lastGood.set(file, read.text);
    const value = lastGood.get(file);
    if (value === undefined) return { ok: false, fault };
    tell(subject, fault === '' ? '' : `${fault}; the authorities read before are still believed`);
    return { ok: true, value };
  }

  /** Once for each thing there is to say. */
  function tell(subject: string, problem: string): void {
    if (problem !== '' && notices.get(subject) !== problem) options.onNotice(`${subject}: ${problem}`);
    notices.set(subject, problem);
  }

  return {
    async prepare(config) {
      await supply.prepare(config);
      const paths = filesOf(config);
      files.retain(paths);
      for (const path of lastGood.keys()) if (!paths.has(path)) lastGood.delete(path);
      const subjects = subjectsOf(config);
      for (const subject of notices.keys()) if (!subjects.has(subject)) notices.delete(subject);
    },

    listenerTls(listener) {
      const tls = tlsRulesOf(listener);
      if (tls === undefined)
        return { ok: false, fault: `listener "${listener.name}" is not an https listener` };
      const certificates: CertificatePlan[] = [];
      for (const certificate of tls.certificates) {
        const plan = certificatePlan(listener, certificate);
        if (!plan.ok) return plan;
        certificates.push(plan.value);
      }
      const subject = listenerSubject(listener);
      const clientCa = authorities(subject, tls.clientCertificates?.caFile, 'tls.clientCertificates.caFile');
      if (!clientCa.ok) return { ok: false, fault: `${subject}: ${clientCa.fault}` };
      return {
        ok: true,
        value: {
          certificates,
          rejectUnknownName: tls.unknownName === 'reject',
          minVersion: tls.minVersion,
          http2: tls.http2,
          clientCa: clientCa.value,
          clientCertificateRequired: tls.clientCertificates?.required ?? true,
          ticketSecret: ticketSecret.current(),
        },
      };
    },

    poolTls(pool) {
      const { tls } = pool;
      const subject = poolSubject(pool);
      const ca = authorities(subject, tls?.caFile, 'tls.caFile');
      if (!ca.ok) {
        // Unlike a listener it has no state of its own that says so.
        tell(subject, ca.fault);
        return { ok: false, fault: `${subject}: ${ca.fault}` };
      }
      const { verify = true, serverName = '' } = tls ?? {};
      return { ok: true, value: { verify, serverName: serverName.toLowerCase(), ca: ca.value } };
    },

    // Not through `files`: what a refused edit read would count as known, and a change of it as used.
    fileIssues: (before, after, landed) => namedFileIssues(before, after, landed, readPem),

    certificates: (config) => certificateStatuses(config, supply, now()),
    authority: () => authorityStatus(local),

    close() {
      clearInterval(timer);
      files.close();
    },
  };
}

function certificateSubject(listener: ListenerConfig, { name }: CertificateConfig): string {
  return `certificate "${name}" of ${listenerSubject(listener)}`;
}

function listenerSubject({ name }: ListenerConfig): string {
  return `listener "${name}"`;
}

function poolSubject({ name }: PoolConfig): string {
  return `pool "${name}"`;
}

/** All there can be something to say of. */
function subjectsOf(config: Config): Set<string> {
  const subjects = new Set<string>();
  for (const listener of config.listeners) {
    const tls = tlsRulesOf(listener);
    for (const each of tls?.certificates ?? []) subjects.add(certificateSubject(listener, each));
    if (tls?.clientCertificates !== undefined) subjects.add(listenerSubject(listener));
  }
  for (const pool of config.pools) if (pool.tls?.caFile !== undefined) subjects.add(poolSubject(pool));
  return subjects;
}

/** Every file a Config names. */
function filesOf(config: Config): Set<string> {
  const paths = new Set<string>();
  for (const listener of config.listeners) {
    const tls = tlsRulesOf(listener);
    for (const each of tls?.certificates ?? []) {
      if (each.source === 'files') paths.add(each.certFile).add(each.keyFile);
    }
    if (tls?.clientCertificates !== undefined) paths.add(tls.clientCertificates.caFile);
  }
  for (const { tls } of config.pools) if (tls?.caFile !== undefined) paths.add(tls.caFile);
  return paths;
}
