// Candidates and scripted chance for the policy tests. Backends are called a, b, c, …
import type { Candidate, Policy } from '../../../../src/main/engine/balance/policy.ts';

export interface TestBackend extends Candidate {
  name: string;
  weight: number;
  inFlight: number;
}

export function backend(name: string, weight: number, inFlight = 0): TestBackend {
  return { name, weight, inFlight };
}

export function backends(weights: readonly number[]): TestBackend[] {
  return weights.map((weight, i) => backend(i < 26 ? String.fromCharCode(97 + i) : `n${i}`, weight));
}

/** Names picked in a row; nothing ever finishes or begins. */
export function picks(policy: Policy, eligible: readonly TestBackend[], count: number): string {
  let names = '';
  for (let i = 0; i < count; i++) names += policy.pick(eligible).name;
  return names;
}

export function countPicks(
  policy: Policy,
  eligible: readonly TestBackend[],
  count: number,
): Record<string, number> {
  const counts: Record<string, number> = {};
  for (let i = 0; i < count; i++) {
    const { name } = policy.pick(eligible);
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

/** Xorshift: uniform in [0, 1), the same sequence for the same seed. */
export function scriptedRandom(seed: number): () => number {
  let x = seed;
  return () => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) / 2 ** 32;
  };
}
