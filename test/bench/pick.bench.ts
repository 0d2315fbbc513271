// Nanoseconds per pick() of every policy at 3, 100 and 1,000 backends, equal and all-different
// weights. In-flight counts move between picks as they do under load. Run: node test/bench/pick.bench.ts

import { MAX_WEIGHT } from '#shared/config/backend.ts';
import { PolicyName } from '#shared/config/pool.ts';
import type { Candidate } from '../../src/main/engine/balance/policy.ts';
import { createPolicy } from '../../src/main/engine/balance/registry.ts';

const PICKS = 40_000;
const ROUNDS = 5;

interface Backend extends Candidate {
  inFlight: number;
}

const WEIGHTS: Readonly<Record<string, (i: number) => number>> = {
  equal: () => 1,
  mixed: (i) => [1, 2, 5, 10][i % 4]!,
  different: (i) => (i % MAX_WEIGHT) + 1,
};

/** Xorshift: the same sequence in every run. */
function scriptedRandom(seed: number): () => number {
  let x = seed;
  return () => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) / 2 ** 32;
  };
}

function nsPerPick(policyName: PolicyName, count: number, weightOf: (i: number) => number): number {
  const random = scriptedRandom(7);
  const policy = createPolicy(policyName, { random });
  const backends = Array.from(
    { length: count },
    (_, i): Backend => ({ weight: weightOf(i), inFlight: i % 3 }),
  );
  // A request ends 64 picks after it began.
  const underWay = Array.from({ length: 64 }, () => backends[0]!);
  for (const backend of underWay) backend.inFlight++;
  const run = () => {
    for (let i = 0; i < PICKS; i++) {
      const chosen = policy.pick(backends);
      chosen.inFlight++;
      underWay[i & 63]!.inFlight--;
      underWay[i & 63] = chosen;
    }
  };
  run();
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    run();
    best = Math.min(best, ((performance.now() - start) * 1e6) / PICKS);
  }
  return best;
}

const rows = PolicyName.options.flatMap((policy) =>
  Object.entries(WEIGHTS).map(([weights, weightOf]) => ({
    policy,
    weights,
    ...Object.fromEntries(
      [3, 64, 100, 1000, 5000].map((count) => [
        `${count} backends, ns`,
        Math.round(nsPerPick(policy, count, weightOf)),
      ]),
    ),
  })),
);
console.table(rows);
