// What survives a change of membership or weights in smooth weighted round robin: how many requests
// each backend is due, as a fraction of one. Kept in requests, not in weight units, so it means the
// same under new weights. Invariant: nobody is ever due more than one request, a newcomer or a
// returning backend none, so a change causes no burst and no starvation. Pure.
import type { Candidate } from './policy.ts';

/** Due requests per backend; weak, so a removed backend leaves nothing behind. */
export type Dues = WeakMap<Candidate, number>;

export function sumOfWeights(members: readonly Candidate[]): number {
  return members.reduce((sum, member) => sum + member.weight, 0);
}

/** Writes down what each of `members` is due, from its smooth weight in units of `total`. */
export function noteDues(
  dues: Dues,
  members: readonly Candidate[],
  current: ArrayLike<number>,
  total: number,
): void {
  members.forEach((member, i) => {
    dues.set(member, current[i]! / total);
  });
}

/** Smooth weights that `eligible` starts from after `before` served, in units of `total`. */
export function takeDues(
  dues: Dues,
  eligible: readonly Candidate[],
  before: readonly Candidate[],
  total: number,
): Float64Array<ArrayBuffer> {
  const stayed = new Set(before);
  // Only differences matter, so those who stayed are centred on 0: the place where newcomers enter.
  let sum = 0;
  let count = 0;
  for (const member of eligible) {
    if (!stayed.has(member)) continue;
    sum += dues.get(member) ?? 0;
    count++;
  }
  const centre = count === 0 ? 0 : sum / count;
  const current = new Float64Array(eligible.length);
  eligible.forEach((member, i) => {
    const due = dues.get(member) ?? 0;
    const kept = stayed.has(member) ? clamp(due - centre, -1, 1) : clamp(due, -0.5, 0);
    // Towards 0, never away: one unit too many can already cost somebody a turn in the next period.
    current[i] = Math.trunc(kept * total);
  });
  return current;
}

function clamp(value: number, min: number, max: number): number {
  return Math.max(min, Math.min(max, value));
}
