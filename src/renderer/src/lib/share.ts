// What weights mean as shares, and whether the traffic that came is within what chance explains. Pure;
// used by the pool board.

import type { PolicyName } from '#shared/config/pool.ts';

/** Shares of the weights, summing to 1; all zero when there is no weight at all. */
export function sharesOf(weights: readonly number[]): number[] {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => (sum === 0 ? 0 : weight / sum));
}

/** Policies that look at weights; under the others a weight has no effect on the split. */
export function policyUsesWeights(policy: PolicyName): boolean {
  return policy !== 'round-robin';
}

/**
 * How far a share may be from its target without anything being wrong, 0 to 1: three standard
 * deviations of a random pick, the rounding of the sequence for a deterministic policy.
 */
export function expectedDeviation(policy: PolicyName, target: number, requests: number): number {
  if (requests === 0) return 1;
  const rounding = 1 / requests;
  if (policy === 'random') return 3 * Math.sqrt((target * (1 - target)) / requests) + rounding;
  // A changed weight or a backend that came or went moves the target within the window; a sequence
  // that restarts is off by a few picks.
  return Math.max(4 * rounding, 0.005);
}

/**
 * 5xx answers and failed attempts of a whole pool over the last 60 s, in percent; null without a request.
 * `unserved` came besides what went to backends, and failed.
 */
export function serverErrorPct(
  pool: {
    requestsLastMinute: number;
    backends: readonly { actualShare: number | null; serverErrorPct: number | null }[];
  },
  unserved = 0,
): number | null {
  let pct: number | null = null;
  for (const backend of pool.backends) {
    if (backend.actualShare === null || backend.serverErrorPct === null) continue;
    pct = (pct ?? 0) + backend.actualShare * backend.serverErrorPct;
  }
  if (unserved === 0) return pct;
  const tried = pool.requestsLastMinute;
  return ((pct ?? 0) * tried + 100 * unserved) / (tried + unserved);
}

export type SplitVerdict =
  | { kind: 'waiting' }
  /** Largest distance from target of any backend, 0 to 1. */
  | { kind: 'within'; deviation: number; requests: number }
  | { kind: 'outside'; deviation: number; requests: number; backend: string };

export interface SplitPart {
  name: string;
  targetShare: number;
  actualShare: number | null;
}

/** Compares what every backend got with what it should get. */
export function judgeSplit(policy: PolicyName, parts: readonly SplitPart[], requests: number): SplitVerdict {
  if (requests === 0 || parts.every((part) => part.actualShare === null)) return { kind: 'waiting' };
  let worst = { deviation: 0, excess: 0, name: '' };
  for (const part of parts) {
    const deviation = Math.abs((part.actualShare ?? 0) - part.targetShare);
    const excess = deviation - expectedDeviation(policy, part.targetShare, requests);
    if (excess > 0 && (worst.excess <= 0 || excess > worst.excess)) {
      worst = { deviation, excess, name: part.name };
    } else if (worst.excess <= 0 && deviation > worst.deviation) {
      worst = { deviation, excess, name: part.name };
    }
  }
  return worst.excess > 0
    ? { kind: 'outside', deviation: worst.deviation, requests, backend: worst.name }
    : { kind: 'within', deviation: worst.deviation, requests };
}
