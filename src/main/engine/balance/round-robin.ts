// In turn, weights ignored. When members come or go the turn passes on to whoever was next, so a flapping
// backend cannot make the first of the list favoured. O(1) per pick, O(n) per change. Pure.
import type { Candidate, Policy } from './policy.ts';

export function createRoundRobin(): Policy {
  let members: readonly Candidate[] = [];
  let next = 0;

  return {
    pick<C extends Candidate>(eligible: readonly C[]): C {
      if (eligible !== members) {
        next = nextAmong(eligible, members, next);
        members = eligible;
      }
      const chosen = eligible[next]!;
      next = next + 1 === eligible.length ? 0 : next + 1;
      return chosen;
    },
  };
}

/** Position in `after` of the first member, from `next` on in `before`, that is still there. */
function nextAmong(after: readonly Candidate[], before: readonly Candidate[], next: number): number {
  const positions = new Map(after.map((candidate, position) => [candidate, position]));
  for (let step = 0; step < before.length; step++) {
    const position = positions.get(before[(next + step) % before.length]!);
    if (position !== undefined) return position;
  }
  return 0;
}
