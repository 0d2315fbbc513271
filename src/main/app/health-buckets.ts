// The worst health of one backend in each bucket of a period, from its transitions and the times Sluice
// ran: a state holds until the next transition, and while nobody looked nothing is known. One pass over
// both, whatever the number of buckets. Pure; called by history.ts.
import { type HealthState, worseHealth } from '#shared/status.ts';
import type { Grid } from './traffic-buckets.ts';

export interface Run {
  startedAt: number;
  lastSeenAt: number;
}

/** The state a backend entered at `at`. */
export interface StateEntry {
  at: number;
  to: HealthState;
}

/** A run was last seen a moment before the second it wrote ended. */
const SEEN_FOR_MS = 1000;

/** `entries` and `runs` in order of time; the first entry may lie before the period. Nothing is known after `now`. */
export function worstHealth(
  grid: Grid,
  entries: readonly StateEntry[],
  runs: readonly Run[],
  now: number,
): (HealthState | null)[] {
  const worst = new Array<HealthState | null>(grid.count).fill(null);
  const end = Math.min(grid.from + grid.count * grid.bucketMs, now);
  let firstRun = 0;
  entries.forEach(({ at, to }, i) => {
    const until = Math.min(entries[i + 1]?.at ?? end, end);
    while (firstRun < runs.length && runs[firstRun]!.lastSeenAt + SEEN_FOR_MS <= at) firstRun++;
    for (let r = firstRun; r < runs.length; r++) {
      const run = runs[r]!;
      if (run.startedAt >= until) break;
      const start = Math.max(at, run.startedAt, grid.from);
      mark(worst, grid, start, Math.min(until, run.lastSeenAt + SEEN_FOR_MS), to);
    }
  });
  return worst;
}

/** From `start` up to but not at `end`. */
function mark(
  worst: (HealthState | null)[],
  { from, bucketMs }: Grid,
  start: number,
  end: number,
  state: HealthState,
): void {
  if (start >= end) return;
  const last = Math.min(Math.ceil((end - from) / bucketMs), worst.length);
  for (let bucket = Math.floor((start - from) / bucketMs); bucket < last; bucket++) {
    const known = worst[bucket] ?? null;
    worst[bucket] = known === null ? state : worseHealth(known, state);
  }
}
