// When each drain under way began and with how much. Kept in memory: what was in flight ends with the
// process, and when a person asked for a drain is saved with the intent. A drain the Config itself
// asks for counts from when this process first ran it, not anew from every later plan.
// Called by configuration.ts for every plan and by status.ts.
import { type BackendRef, backendKey } from '#shared/backend-ref.ts';
import type { DrainStatus } from '#shared/status.ts';

export interface Draining extends BackendRef {
  /** When someone asked for it at run time; undefined: the Config says so. */
  askedAt: number | undefined;
}

export interface Drains {
  /** These drain now, all others do not. Called before the engine hears of it. */
  follow(draining: readonly Draining[]): void;
  /** ms since the epoch. Only for what drains. */
  since(pool: string, backend: string): number;
  /** Null: it does not drain. */
  of(pool: string, backend: string, drainMs: number): DrainStatus | null;
}

export interface DrainsOptions {
  now(): number;
  inFlight(pool: string, backend: string): number;
  /** What Sluice ended of the backend so far; only its growth counts. */
  closed(pool: string, backend: string): number;
}

interface Drain {
  since: number;
  startedWith: number;
  closedBefore: number;
}

export function createDrains({ now, inFlight, closed }: DrainsOptions): Drains {
  let drains = new Map<string, Drain>();

  function drainOf({ pool, backend, askedAt }: Draining): Drain {
    const known = drains.get(backendKey(pool, backend));
    if (known && (askedAt === undefined || askedAt === known.since)) return known;
    return {
      since: askedAt ?? now(),
      startedWith: inFlight(pool, backend),
      closedBefore: closed(pool, backend),
    };
  }

  return {
    follow(draining) {
      drains = new Map(draining.map((one) => [backendKey(one.pool, one.backend), drainOf(one)]));
    },
    since: (pool, backend) => drains.get(backendKey(pool, backend))?.since ?? now(),
    of(pool, backend, drainMs) {
      const drain = drains.get(backendKey(pool, backend));
      if (!drain) return null;
      // Requests chosen a moment before the engine heard of the drain are counted a moment after.
      drain.startedWith = Math.max(drain.startedWith, inFlight(pool, backend));
      const deadline = drainMs === 0 ? null : drain.since + drainMs;
      return {
        since: drain.since,
        deadline,
        startedWith: drain.startedWith,
        // A thread that was replaced took its counters along.
        closed: Math.max(0, closed(pool, backend) - drain.closedBefore),
      };
    },
  };
}
