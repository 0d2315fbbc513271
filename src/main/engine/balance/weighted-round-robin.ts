// Smooth weighted round robin, pick for pick the sequence nginx makes: everyone gains its weight, the
// greatest wins (the first of equals) and pays the sum of all weights. Exact over every full period. Pure.
//
// Done as written that costs O(n) a pick. Two observations make it cheap without changing a pick:
// 1. Backends of one weight differ by whole payments only, so they take turns: a class of equals is
//    represented by its head, and there are at most as many heads as distinct weights.
// 2. A head that is not picked only rises, by its weight a turn. Heads that cannot reach the top
//    within the next turns are left out of a short list until then.
import { type Dues, noteDues, sumOfWeights, takeDues } from './dues.ts';
import type { Candidate, Policy } from './policy.ts';

/** Up to this many classes are simply scanned. */
const SCAN_LIMIT = 40;
/** Turns a short list is made for. */
const HORIZON = 40;
const SHORT_LIST_TARGET = 64;

/**
 * Backends of one weight, the next to be picked at `head`. The smooth weight of one after turn `t` is
 * `keys[i] + weight × t`: nothing has to be written for those who are not picked.
 */
interface WeightClass {
  weight: number;
  /** Positions in `eligible`, in the order they take turns. */
  members: Int32Array;
  keys: Float64Array;
  head: number;
}

interface Schedule {
  total: number;
  classes: WeightClass[];
  /** Of each class: its weight, and key and position of its head. Flat for the scan. */
  weights: Float64Array;
  headKeys: Float64Array;
  headPositions: Int32Array;
  turn: number;
  /** Classes that can win until `horizon`, the first `shortCount` entries. */
  short: Int32Array;
  shortCount: number;
  horizon: number;
  /** No class outside the short list exceeds this until `horizon`. */
  outsideMax: number;
  /** How far below the top the short list reaches; adapts to keep it short, never changes a pick. */
  slack: number;
}

/** Rebase keys long before `key + weight × turn` leaves the exact integers. */
const MAX_TURN = 2 ** 32;

export function createWeightedRoundRobin(): Policy {
  const dues: Dues = new WeakMap();
  let members: readonly Candidate[] = [];
  let schedule = createSchedule([], new Float64Array(0), 0);

  return {
    pick<C extends Candidate>(eligible: readonly C[]): C {
      if (eligible !== members) {
        noteDues(dues, members, currentWeights(schedule, members.length), schedule.total);
        const total = sumOfWeights(eligible);
        schedule = createSchedule(eligible, takeDues(dues, eligible, members, total), total);
        members = eligible;
      }
      return eligible[takeTurn(schedule)]!;
    },
  };
}

function createSchedule(eligible: readonly Candidate[], current: Float64Array, total: number): Schedule {
  const positionsByWeight = new Map<number, number[]>();
  eligible.forEach((candidate, position) => {
    const positions = positionsByWeight.get(candidate.weight);
    if (positions === undefined) positionsByWeight.set(candidate.weight, [position]);
    else positions.push(position);
  });
  const classes = [...positionsByWeight].map(([weight, positions]) =>
    weightClass(weight, positions, current, total),
  );
  return {
    total,
    classes,
    weights: Float64Array.from(classes, ({ weight }) => weight),
    headKeys: Float64Array.from(classes, ({ keys }) => keys[0]!),
    headPositions: Int32Array.from(classes, ({ members }) => members[0]!),
    turn: 0,
    short: Int32Array.from(classes.keys()),
    shortCount: classes.length,
    // Up to the limit the short list holds every class for ever.
    horizon: classes.length <= SCAN_LIMIT ? Number.POSITIVE_INFINITY : HORIZON,
    outsideMax: Number.NEGATIVE_INFINITY,
    slack: total,
  };
}

function weightClass(weight: number, positions: number[], current: Float64Array, total: number): WeightClass {
  positions.sort((a, b) => current[b]! - current[a]! || a - b);
  const lead = current[positions[0]!]!;
  return {
    weight,
    members: Int32Array.from(positions),
    // Whoever has just paid must be the last of its class, so nobody may be further behind than a payment.
    keys: Float64Array.from(positions, (position) => Math.max(current[position]!, lead - total)),
    head: 0,
  };
}

/** The position picked for the next turn. */
function takeTurn(schedule: Schedule): number {
  if (schedule.turn >= MAX_TURN) rebase(schedule);
  schedule.turn++;
  let best = topOfShortList(schedule);
  while (!isCertain(schedule, best)) {
    makeShortList(schedule, best);
    best = topOfShortList(schedule);
  }
  return payAndPass(schedule, best);
}

function topOfShortList(schedule: Schedule): number {
  const { short, shortCount, weights, headKeys, headPositions, turn } = schedule;
  let best = short[0]!;
  let bestCurrent = headKeys[best]! + weights[best]! * turn;
  for (let i = 1; i < shortCount; i++) {
    const c = short[i]!;
    const current = headKeys[c]! + weights[c]! * turn;
    if (current > bestCurrent || (current === bestCurrent && headPositions[c]! < headPositions[best]!)) {
      best = c;
      bestCurrent = current;
    }
  }
  return best;
}

/** Whether nobody outside the short list can equal its top. */
function isCertain(schedule: Schedule, best: number): boolean {
  if (schedule.turn > schedule.horizon) return false;
  return schedule.headKeys[best]! + schedule.weights[best]! * schedule.turn > schedule.outsideMax;
}

function makeShortList(schedule: Schedule, best: number): void {
  const { short, weights, headKeys, turn } = schedule;
  const ranOut = turn <= schedule.horizon;
  if (ranOut) schedule.slack *= 1.5;
  else if (schedule.shortCount > SHORT_LIST_TARGET) schedule.slack *= 0.75;
  // `best` is above the mark and only rises, so it is on the new list and the turn can be decided.
  const mark = headKeys[best]! + weights[best]! * turn - schedule.slack;
  const horizon = turn + HORIZON;
  let count = 0;
  for (let c = 0; c < weights.length; c++) {
    if (headKeys[c]! + weights[c]! * horizon > mark) short[count++] = c;
  }
  schedule.shortCount = count;
  schedule.horizon = horizon;
  schedule.outsideMax = mark;
}

function payAndPass(schedule: Schedule, best: number): number {
  const weightClass = schedule.classes[best]!;
  const { members, keys, head } = weightClass;
  keys[head] = keys[head]! - schedule.total;
  const next = head + 1 === members.length ? 0 : head + 1;
  weightClass.head = next;
  schedule.headKeys[best] = keys[next]!;
  schedule.headPositions[best] = members[next]!;
  return members[head]!;
}

function rebase(schedule: Schedule): void {
  schedule.classes.forEach((weightClass, c) => {
    const { keys, weight } = weightClass;
    for (let i = 0; i < keys.length; i++) keys[i] = keys[i]! + weight * schedule.turn;
    schedule.headKeys[c] = keys[weightClass.head]!;
  });
  schedule.horizon -= schedule.turn;
  schedule.turn = 0;
}

/** The smooth weight of every position now. */
function currentWeights(schedule: Schedule, count: number): Float64Array {
  const current = new Float64Array(count);
  for (const { weight, members, keys } of schedule.classes) {
    for (let i = 0; i < members.length; i++) current[members[i]!] = keys[i]! + weight * schedule.turn;
  }
  return current;
}
