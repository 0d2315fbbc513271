// Least connections for pools too large to look at everyone for every request. A tournament tree holds the
// in-flight count last seen of each backend; its winner is read again before it is picked, and a pick also
// re-reads the one before and a few others in rotation. So a new request is seen at once and the end of one
// after at most `size / REREADS` picks. Invariant: the picked backend's count is the true one, and no other
// was seen with less per weight. Cost per pick: O(log size), bounded. Pure.
import type { Candidate } from './policy.ts';

/** Backends re-read in rotation with every pick. */
const REREADS = 16;

/**
 * Order among equals: start-time fair queueing. A backend's tag is the virtual time at which its next
 * request would start; each request takes 1/weight. Kept for as long as the backend lives, so a change
 * of membership favours nobody; never behind the clock, so nobody saves up turns.
 */
export interface TieOrder {
  tags: WeakMap<Candidate, number>;
  clock: number;
}

export interface LoadTree {
  size: number;
  weights: Float64Array;
  seen: Float64Array;
  tags: Float64Array;
  /** Winner of each inner node, as a position; node 1 is the root, the leaves follow from `leaves` on. */
  winners: Int32Array;
  leaves: number;
  rotation: number;
  last: number;
}

export function buildLoadTree(eligible: readonly Candidate[], order: TieOrder): LoadTree {
  const size = eligible.length;
  const leaves = 2 ** Math.ceil(Math.log2(size));
  const tree: LoadTree = {
    size,
    weights: Float64Array.from(eligible, ({ weight }) => weight),
    seen: Float64Array.from(eligible, ({ inFlight }) => inFlight),
    tags: Float64Array.from(eligible, (candidate) => Math.max(order.tags.get(candidate) ?? 0, order.clock)),
    winners: new Int32Array(2 * leaves).fill(-1),
    leaves,
    rotation: 0,
    last: 0,
  };
  for (let position = 0; position < size; position++) tree.winners[leaves + position] = position;
  for (let node = leaves - 1; node >= 1; node--) tree.winners[node] = winnerBelow(tree, node);
  return tree;
}

/** Position of the backend to pick. */
export function pickFromTree(tree: LoadTree, eligible: readonly Candidate[], order: TieOrder): number {
  // The tag of the one picked last has changed as well.
  tree.seen[tree.last] = eligible[tree.last]!.inFlight;
  replay(tree, tree.last);
  for (let i = 0; i < REREADS; i++) {
    const position = tree.rotation;
    tree.rotation = position + 1 === tree.size ? 0 : position + 1;
    reread(tree, eligible, position);
  }
  let winner = tree.winners[1]!;
  while (reread(tree, eligible, winner)) winner = tree.winners[1]!;

  order.clock = Math.max(order.clock, tree.tags[winner]!);
  tree.tags[winner] = order.clock + 1 / tree.weights[winner]!;
  tree.last = winner;
  return winner;
}

export function saveTags(tree: LoadTree, members: readonly Candidate[], order: TieOrder): void {
  members.forEach((member, position) => {
    order.tags.set(member, tree.tags[position]!);
  });
}

/** Whether the count had changed since it was last seen. */
function reread(tree: LoadTree, eligible: readonly Candidate[], position: number): boolean {
  const { inFlight } = eligible[position]!;
  if (inFlight === tree.seen[position]) return false;
  tree.seen[position] = inFlight;
  replay(tree, position);
  return true;
}

/** Plays the matches on the way from a leaf to the root again, as far as they can end differently. */
function replay(tree: LoadTree, position: number): void {
  const { winners } = tree;
  for (let node = (tree.leaves + position) >>> 1; node >= 1; node >>>= 1) {
    const before = winners[node]!;
    const winner = winnerBelow(tree, node);
    if (winner === before && winner !== position) return;
    winners[node] = winner;
  }
}

function winnerBelow({ winners, seen, weights, tags }: LoadTree, node: number): number {
  const a = winners[2 * node]!;
  const b = winners[2 * node + 1]!;
  // Empty places are all at the right.
  if (b === -1) return a;
  const difference = seen[a]! * weights[b]! - seen[b]! * weights[a]!;
  if (difference !== 0) return difference < 0 ? a : b;
  return tags[a]! <= tags[b]! ? a : b;
}
