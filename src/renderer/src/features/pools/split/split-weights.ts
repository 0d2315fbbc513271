// How dragging a handle of the split bar becomes weights. Invariant: only the two neighbours change
// their share; every other backend keeps its share exactly, its weight too where that can be, and the pair
// keeps its sum.
// Pure; called by split-bar while dragging and by its keyboard steps.
import { MAX_WEIGHT } from '#shared/config/backend.ts';
import { sharesOf } from '../../../lib/share.ts';

export interface WeightedBackend {
  name: string;
  weight: number;
}

/** With fewer than this many weight units in rotation, one unit is more than 1 % and too coarse to drag. */
const FINE_TOTAL = 100;

function totalWeight(backends: readonly WeightedBackend[], inRotation: ReadonlySet<string>): number {
  let total = 0;
  for (const backend of backends) if (inRotation.has(backend.name)) total += backend.weight;
  return total;
}

/** Factor every weight of the pool is multiplied with, so that one unit is at most 1 %; 1 when fine already. */
export function fineFactor(backends: readonly WeightedBackend[], inRotation: ReadonlySet<string>): number {
  const total = totalWeight(backends, inRotation);
  if (total === 0 || total >= FINE_TOTAL) return 1;
  const largest = Math.max(...backends.map((backend) => backend.weight));
  const wanted = Math.ceil(FINE_TOTAL / total);
  return Math.max(1, Math.min(wanted, Math.floor(MAX_WEIGHT / largest)));
}

/** How far from the share that was asked for a border may come to lie, 0 to 1. */
const TOLERANCE = 0.5 / FINE_TOTAL;

/**
 * Moves the border between `left` and `right` by `shareDelta` (0.1 = ten points to the left backend).
 * Only these two get other weights where whole units come within half a point of what was asked. Where they
 * do not, finer units are the only way in which nobody else's share changes, and every weight is rewritten.
 * Neither side goes below one unit: at zero its segment, and the handle, would be gone.
 * Returns the same array when nothing changes.
 */
export function shiftShare<T extends WeightedBackend>(
  backends: readonly T[],
  inRotation: ReadonlySet<string>,
  pair: { left: string; right: string },
  shareDelta: number,
): readonly T[] {
  const left = backends.find((backend) => backend.name === pair.left);
  const right = backends.find((backend) => backend.name === pair.right);
  if (left === undefined || right === undefined) return backends;
  const total = totalWeight(backends, inRotation);
  const fine = fineFactor(backends, inRotation);
  const pairWeight = left.weight + right.weight;
  if (pairWeight * fine < 2) return backends;
  const wanted = withinPair(left.weight + shareDelta * total, pairWeight, 1 / fine);
  const whole = withinPair(Math.round(wanted), pairWeight, 1);
  const isNear = Math.abs(whole - wanted) <= TOLERANCE * total;
  const factor = isNear && pairWeight >= 2 ? 1 : fine;
  const nextLeft = withinPair(Math.round(wanted * factor), pairWeight * factor, 1);
  if (nextLeft === left.weight * factor) return backends;
  return backends.map((backend) => {
    if (backend.name === pair.left) return { ...backend, weight: nextLeft };
    if (backend.name === pair.right) return { ...backend, weight: pairWeight * factor - nextLeft };
    return { ...backend, weight: backend.weight * factor };
  });
}

/** The nearest weight of the left one that leaves both at least one unit and at most the largest weight. */
function withinPair(weight: number, pairWeight: number, unit: number): number {
  const highest = Math.min(pairWeight - unit, MAX_WEIGHT);
  const lowest = Math.max(unit, pairWeight - MAX_WEIGHT);
  return Math.min(highest, Math.max(lowest, weight));
}

/** Share of new requests each backend would get by these weights, 0 to 1; zero outside the rotation. */
export function sharesByWeight(
  backends: readonly WeightedBackend[],
  inRotation: ReadonlySet<string>,
): Map<string, number> {
  const shares = sharesOf(backends.map(({ name, weight }) => (inRotation.has(name) ? weight : 0)));
  return new Map(backends.map(({ name }, index) => [name, shares[index] ?? 0]));
}

/** The weights that differ, for one revision that changes them all. */
export function changedWeights(
  before: readonly WeightedBackend[],
  after: readonly WeightedBackend[],
): WeightedBackend[] {
  const old = new Map(before.map((backend) => [backend.name, backend.weight]));
  return after
    .filter((backend) => old.get(backend.name) !== backend.weight)
    .map(({ name, weight }) => ({ name, weight }));
}

export interface SplitSegment {
  name: string;
  share: number;
  /** How many backends this segment stands for; more than one only in the segment of the rest. */
  members: number;
}

/** A part below this is a hairline nobody can point at. */
const SMALLEST_SHARE = 0.01;

/**
 * What fits into the bar: every backend with a share, in pool order. With more than `limit` of them
 * only the largest keep a segment of their own, and the rest becomes one last segment.
 */
export function splitSegments(
  shares: readonly { name: string; share: number }[],
  limit: number,
): SplitSegment[] {
  const serving = shares.filter((entry) => entry.share > 0);
  if (serving.length <= limit) return serving.map(({ name, share }) => ({ name, share, members: 1 }));
  const kept = new Set(
    serving
      .filter(({ share }) => share >= SMALLEST_SHARE)
      .sort((a, b) => b.share - a.share)
      .slice(0, limit - 1)
      .map(({ name }) => name),
  );
  const segments: SplitSegment[] = [];
  const rest: SplitSegment = { name: '', share: 0, members: 0 };
  for (const { name, share } of serving) {
    if (kept.has(name)) segments.push({ name, share, members: 1 });
    else {
      rest.share += share;
      rest.members += 1;
    }
  }
  rest.name = `${rest.members} ${kept.size === 0 ? 'backends' : 'others'}`;
  return [...segments, rest];
}
