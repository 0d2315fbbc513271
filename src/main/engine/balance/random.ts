// By chance, by weight: a number in [0, sum of weights) falls into exactly one backend's interval. The
// interval ends are summed once per change; a pick is one random number and a binary search. Pure: chance is
// given.
import type { Env } from '../env.ts';
import type { Candidate, Policy } from './policy.ts';

export function createRandom(env: Pick<Env, 'random'>): Policy {
  let members: readonly Candidate[] = [];
  let ends = new Float64Array(0);

  return {
    pick<C extends Candidate>(eligible: readonly C[]): C {
      if (eligible !== members) {
        ends = intervalEnds(eligible);
        members = eligible;
      }
      const point = env.random() * ends[ends.length - 1]!;
      return eligible[intervalOf(ends, point)]!;
    },
  };
}

function intervalEnds(eligible: readonly Candidate[]): Float64Array<ArrayBuffer> {
  const ends = new Float64Array(eligible.length);
  let sum = 0;
  eligible.forEach((candidate, i) => {
    sum += candidate.weight;
    ends[i] = sum;
  });
  return ends;
}

/** The first interval that ends after `point`. */
function intervalOf(ends: Float64Array, point: number): number {
  let low = 0;
  let high = ends.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ends[middle]! > point) high = middle;
    else low = middle + 1;
  }
  return low;
}
