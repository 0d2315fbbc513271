// Fewest requests in flight per unit of weight; equals share by smooth weighted round robin, so an
// idle pool is served by weight. Exact, pick for pick as nginx does it. In-flight counts change
// outside and without notice, so every pick must look at every candidate: O(n).
import { type Dues, noteDues, sumOfWeights, takeDues } from './dues.ts';
import type { Candidate, Policy } from './policy.ts';

export function createLeastConnections(): Policy {
  const dues: Dues = new WeakMap();
  let members: readonly Candidate[] = [];
  let total = 0;
  /** Smooth weight of each member; only those tied for the least take part in a turn. */
  let current = new Float64Array(0);

  return {
    pick<C extends Candidate>(eligible: readonly C[]): C {
      if (eligible !== members) {
        noteDues(dues, members, current, total);
        total = sumOfWeights(eligible);
        current = takeDues(dues, eligible, members, total);
        members = eligible;
      }
      return eligible[leastLoaded(eligible, current)]!;
    },
  };
}

/** Position of the least loaded; the first of equals starts the turn among them. */
function leastLoaded(eligible: readonly Candidate[], current: Float64Array): number {
  let least = 0;
  let tied = false;
  for (let i = 1; i < eligible.length; i++) {
    const candidate = eligible[i]!;
    const leader = eligible[least]!;
    // inFlight/weight compared by cross-multiplication: no division, exact.
    const difference = candidate.inFlight * leader.weight - leader.inFlight * candidate.weight;
    if (difference < 0) {
      least = i;
      tied = false;
    } else if (difference === 0) tied = true;
  }
  return tied ? takeTurnAmongTied(eligible, current, least) : least;
}

function takeTurnAmongTied(eligible: readonly Candidate[], current: Float64Array, least: number): number {
  const leader = eligible[least]!;
  let best = -1;
  let sum = 0;
  for (let i = least; i < eligible.length; i++) {
    const candidate = eligible[i]!;
    if (candidate.inFlight * leader.weight !== leader.inFlight * candidate.weight) continue;
    current[i] = current[i]! + candidate.weight;
    sum += candidate.weight;
    if (best === -1 || current[i]! > current[best]!) best = i;
  }
  current[best] = current[best]! - sum;
  return best;
}
