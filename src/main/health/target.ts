// What is probed, and whether two descriptions of it mean the same thing to a probe. Pure; the
// monitor asks this on every apply() to decide between keeping what it knows and starting anew.
import type { HealthCheckConfig } from '#shared/config/health-check.ts';

export interface HealthTarget {
  /** Identity across apply() calls, for example `pool/backend`. */
  key: string;
  host: string;
  port: number;
  /** null: nothing is probed and the state is `unchecked`. */
  check: HealthCheckConfig | null;
  /** Begin as `up` instead of `checking`. */
  optimistic: boolean;
}

/** A target that has a check. */
export type CheckedTarget = HealthTarget & { check: HealthCheckConfig };

export function isChecked(target: HealthTarget): target is CheckedTarget {
  return target.check !== null;
}

/** Whether what was learned of `before` still says something about `after`. */
export function sameSubject(before: HealthTarget, after: HealthTarget): boolean {
  return (
    before.host === after.host && before.port === after.port && subject(before.check) === subject(after.check)
  );
}

/** What a check asks of the backend, without when and how often. */
function subject(check: HealthCheckConfig | null): string {
  if (check === null) return '';
  if (check.type === 'tcp') return 'tcp';
  const { method, path, host, expectStatus, expectBody, expectJson } = check;
  return JSON.stringify([method, path, host, expectStatus, expectBody, expectJson?.path, expectJson?.equals]);
}
