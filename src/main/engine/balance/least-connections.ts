// Fewest requests in flight per unit of weight; equals share by weight. In-flight counts change outside and
// without notice, so an exact answer must look at everyone: up to SCAN_LIMIT backends that is done, pick for
// pick as nginx does, with smooth weighted round robin among equals. Larger pools use a tree (load-tree.ts)
// that may learn of a finished request a few picks late. Pure.
import { type Dues, noteDues, sumOfWeights, takeDues } from './dues.ts';
import { buildLoadTree, type LoadTree, pickFromTree, saveTags, type TieOrder } from './load-tree.ts';
import type { Candidate, Policy } from './policy.ts';

/** Where scanning begins to cost more than the tree. */
const SCAN_LIMIT = 48;

export function createLeastConnections(): Policy {
  const dues: Dues = new WeakMap();
  const order: TieOrder = { tags: new WeakMap(), clock: 0 };
  let members: readonly Candidate[] = [];
  let total = 0;
  /** Smooth weight of each member; only those tied for the least take part in a turn. */
  let current = new Float64Array(0);
  let tree: LoadTree | undefined;

  function change(eligible: readonly Candidate[]): void {
    if (tree !== undefined) saveTags(tree, members, order);
    else noteDues(dues, members, current, total);
    total = sumOfWeights(eligible);
    current = takeDues(dues, eligible, members, total);
    tree = eligible.length > SCAN_LIMIT ? buildLoadTree(eligible, order) : undefined;
    members = eligible;
  }

  return {
    pick<C extends Candidate>(eligible: readonly C[]): C {
      if (eligible !== members) change(eligible);
      const position = tree === undefined ? scan(eligible, current) : pickFromTree(tree, eligible, order);
      return eligible[position]!;
    },
  };
}

/** Position of the least loaded; the first of equals starts the turn among them. */
function scan(eligible: readonly Candidate[], current: Float64Array): number {
  let least = 0;
  let leader = eligible[0]!;
  let tied = false;
  for (let i = 1; i < eligible.length; i++) {
    const candidate = eligible[i]!;
    // inFlight/weight compared by cross-multiplication: no division, exact.
    const difference = candidate.inFlight * leader.weight - leader.inFlight * candidate.weight;
    if (difference < 0) {
      least = i;
      leader = candidate;
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
