// Remembers, for each drain that was seen from its start, how many requests it began with. Status
// only says what is in flight now; without the start there is no "3 of 21". Pure fold over Status,
// driven by drain-tracker.ts.
import type { BackendStatus, PoolStatus } from '#shared/status.ts';

export interface DrainProgress {
  /** When the drain was first seen, ms since the epoch. */
  startedAt: number;
  /** In flight when it began; null when the drain was already running when this window opened. */
  startCount: number | null;
  /** When nothing was left; null while something is. */
  drainedAt: number | null;
}

/** Keyed by `drainKey`; holds only backends whose admin state is draining. */
export type DrainsState = ReadonlyMap<string, DrainProgress>;

export const NO_DRAINS: DrainsState = new Map();

export function drainKey(pool: string, backend: string): string {
  return `${pool}/${backend}`;
}

/**
 * The next state from two statuses in a row (`before` undefined on the first). Returns the same map
 * when nothing changed.
 */
export function trackDrains(
  state: DrainsState,
  before: readonly PoolStatus[] | undefined,
  now: { at: number; pools: readonly PoolStatus[] },
): DrainsState {
  const next = new Map<string, DrainProgress>();
  let changed = false;
  const previous = before === undefined ? undefined : indexBackends(before);
  for (const pool of now.pools) {
    for (const backend of pool.backends) {
      if (backend.admin !== 'draining') continue;
      const key = drainKey(pool.name, backend.name);
      const known = state.get(key);
      const progress = known ? advance(known, backend, now.at) : begin(backend, previous?.get(key), now.at);
      if (progress !== known) changed = true;
      next.set(key, progress);
    }
  }
  return changed || next.size !== state.size ? next : state;
}

function begin(backend: BackendStatus, before: BackendStatus | undefined, at: number): DrainProgress {
  const seenFromStart = before !== undefined && before.admin !== 'draining';
  return {
    startedAt: seenFromStart ? at : Math.min(backend.since, at),
    startCount: seenFromStart ? Math.max(before.inFlight, backend.inFlight) : null,
    drainedAt: backend.inFlight === 0 ? at : null,
  };
}

function advance(progress: DrainProgress, backend: BackendStatus, at: number): DrainProgress {
  // A request picked just before the drain may be counted a moment after it: the start only grows.
  const startCount = progress.startCount === null ? null : Math.max(progress.startCount, backend.inFlight);
  const drainedAt = backend.inFlight > 0 ? null : (progress.drainedAt ?? at);
  if (startCount === progress.startCount && drainedAt === progress.drainedAt) return progress;
  return { ...progress, startCount, drainedAt };
}

function indexBackends(pools: readonly PoolStatus[]): Map<string, BackendStatus> {
  const index = new Map<string, BackendStatus>();
  for (const pool of pools) {
    for (const backend of pool.backends) index.set(drainKey(pool.name, backend.name), backend);
  }
  return index;
}
