// What is probed, and whether two descriptions of it mean the same thing to a probe. Pure; the
// monitor asks this on every apply() to decide between keeping what it knows, carrying it over to
// another check, and starting anew.
import type { HealthCheckConfig } from '#shared/config/health-check.ts';
import type { PoolConfig } from '#shared/config/pool.ts';

/** How a backend is connected to over TLS: the same rules as for its traffic. */
export interface TargetTls {
  verify: boolean;
  /** Name asked for and verified; '' takes the backend's host. */
  serverName: string;
  /** Authorities to believe, PEM; '' for the system's. */
  ca: string;
}

export interface HealthTarget {
  /** Identity across apply() calls, for example `pool/backend`. */
  key: string;
  host: string;
  port: number;
  /** What its pool speaks: so do HTTP probes, and so does the handshake of TLS. */
  protocol: PoolConfig['protocol'];
  /** Null: in clear text. */
  tls: TargetTls | null;
  /** Why it cannot be connected to at all, a sentence; '' when it can. */
  fault: string;
  /** null: nothing is probed and the state is `unchecked`. */
  check: HealthCheckConfig | null;
  /** Begin as `up` instead of `checking`. */
  optimistic: boolean;
}

/** Where a connection to it is opened, and how. */
export type Endpoint = Pick<HealthTarget, 'host' | 'port' | 'protocol' | 'tls'>;

/** A target that has a check. */
export type CheckedTarget = HealthTarget & { check: HealthCheckConfig };

export function isChecked(target: HealthTarget): target is CheckedTarget {
  return target.check !== null;
}

/** Another address is another server, of which nothing is known; another spelling of the host is not. */
export function sameAddress(before: HealthTarget, after: HealthTarget): boolean {
  return before.port === after.port && hostKey(before.host) === hostKey(after.host);
}

/** Whether what was asked of `before`, and how, is what is asked of `after`. */
export function sameQuestion(before: HealthTarget, after: HealthTarget): boolean {
  return (
    before.protocol === after.protocol &&
    before.fault === after.fault &&
    JSON.stringify(before.tls) === JSON.stringify(after.tls) &&
    subject(before.check) === subject(after.check)
  );
}

/** Host names are equal whatever their case, with or without the dot that ends a full one (RFC 4343, RFC 1034 §3.1). */
function hostKey(host: string): string {
  return host.toLowerCase().replace(/\.$/, '');
}

/** What a check asks of the backend, without when and how often. */
function subject(check: HealthCheckConfig | null): string {
  if (check === null) return '';
  if (check.type === 'tcp') return 'tcp';
  const { method, path, host, expectStatus, expectBody, expectJson } = check;
  return JSON.stringify([method, path, host, expectStatus, expectBody, expectJson?.path, expectJson?.equals]);
}
