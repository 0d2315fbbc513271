// Which pools turn requests away, and what that makes of their state: a pool that was switched off by hand
// is "off" only while nobody asks it. From what Samples and Status say of the last minute. Pure but for the
// last answer it keeps; called by shown-pools.ts and the title bar.
import type { Sample } from '#shared/history.ts';
import type { PoolCondition, PoolStatus } from '#shared/status.ts';
import type { LiveState } from './live-state.ts';

/** As long as the figures beside it: errors in percent, actual shares. */
const SPAN_MS = 60_000;
/** The span of `unservedPerS`. */
const RECENT_S = 10;

type Known = Pick<LiveState, 'samples' | 'status'>;
export type Unserved = ReadonlyMap<string, number>;

let last: { samples: readonly Sample[]; status: LiveState['status']; counts: Unserved } | null = null;

/** Requests of the last minute no backend could be tried for, by pool; pools without one are left out. */
export function unservedLastMinute({ samples, status }: Known): Unserved {
  // Asked for by many with every message; as long as it says the same, it is the same object.
  if (last?.samples === samples && last.status === status) return last.counts;
  const counts = countUnserved({ samples, status });
  const same = last !== null && sameCounts(last.counts, counts);
  last = { samples, status, counts: same && last !== null ? last.counts : counts };
  return last.counts;
}

function countUnserved({ samples, status }: Known): Unserved {
  const counts = new Map<string, number>();
  const since = (status?.at ?? 0) - SPAN_MS;
  for (const { at, pools } of samples) {
    if (at <= since) continue;
    for (const [pool, { total, backends }] of Object.entries(pools)) {
      const tried = Object.values(backends).reduce((sum, { requests }) => sum + requests, 0);
      if (total.requests > tried) counts.set(pool, (counts.get(pool) ?? 0) + total.requests - tried);
    }
  }
  // The window may have watched for less than a minute.
  for (const { name, unservedPerS } of status?.pools ?? []) {
    const recent = Math.round(unservedPerS * RECENT_S);
    if (recent > (counts.get(name) ?? 0)) counts.set(name, recent);
  }
  return counts;
}

function sameCounts(a: Unserved, b: Unserved): boolean {
  return a.size === b.size && [...a].every(([pool, count]) => b.get(pool) === count);
}

/** Whoever switched a pool off, or never gave it a backend, knows it; but not that requests come for it. */
export function shownState(pool: Pick<PoolStatus, 'name' | 'state'>, unserved: Unserved): PoolCondition {
  const meant = pool.state === 'off' || pool.state === 'empty';
  return meant && (unserved.get(pool.name) ?? 0) > 0 ? 'down' : pool.state;
}
