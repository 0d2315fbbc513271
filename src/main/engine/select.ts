// One pool's choice of a backend: narrows to the eligible ones when something changed and, where the pool
// limits what a backend has under way, to those below the limit; asks the policy per request. Invariant: the
// array a policy gets stays the same until a member, their order or a weight changes, so policies keep what
// they derived from it. Pure; one selector per PoolState (state.ts).
import type { Candidate, Policy } from './balance/policy.ts';
import { eligibleBackends, type Standing } from './eligible.ts';

export interface Selectable extends Candidate, Standing {}

export interface Selector<B extends Selectable> {
  /** Narrows again; call after any change of membership, order, weight, admin state, role, health or limit. */
  refresh(backends: readonly B[], forwardWhenAllDown: boolean, maxInFlight?: number): void;
  /** The backend for a new request; undefined when none may be chosen now. */
  pick(): B | undefined;
  /** For a retry: the least loaded one not in `tried`, without disturbing the policy's sequence. */
  pickOther(tried: readonly B[]): B | undefined;
  /** Whether one that is not in `tried` may be chosen, now or once it has room. */
  hasOther(tried: readonly B[]): boolean;
  readonly eligible: readonly B[];
}

/** The only place that compares with the limit; 0 is none. */
export function hasRoom(backend: Candidate, maxInFlight: number): boolean {
  return maxInFlight === 0 || backend.inFlight < maxInFlight;
}

export function createSelector<B extends Selectable>(policy: Policy): Selector<B> {
  let eligible: readonly B[] = [];
  // Backends change in place, so the weights `eligible` stood for are remembered beside it.
  let weights: number[] = [];
  let limit = 0;
  // The eligible ones with room when last looked at.
  let open: readonly B[] = [];
  // Retries start their scan at another place each time: among equals, the first would get them all.
  let retryStart = 0;

  const isOpen = (backend: B): boolean => hasRoom(backend, limit);

  /** Gauges change without notice, so everyone is looked at; the array is only replaced by a different one. */
  function openBackends(): readonly B[] {
    let count = 0;
    let changed = false;
    for (let i = 0; i < eligible.length; i++) {
      const backend = eligible[i]!;
      if (!hasRoom(backend, limit)) continue;
      if (open[count] !== backend) changed = true;
      count++;
    }
    if (count === eligible.length) return eligible;
    if (changed || count !== open.length) open = eligible.filter(isOpen);
    return open;
  }

  return {
    get eligible() {
      return eligible;
    },

    refresh(backends, forwardWhenAllDown, maxInFlight = 0) {
      limit = maxInFlight;
      const next = eligibleBackends(backends, forwardWhenAllDown);
      const unchanged =
        next.length === eligible.length &&
        next.every((backend, i) => backend === eligible[i] && backend.weight === weights[i]);
      if (unchanged) return;
      eligible = next;
      open = [];
      weights = next.map((backend) => backend.weight);
    },

    pick() {
      if (limit === 0) return eligible.length === 0 ? undefined : policy.pick(eligible);
      const candidates = openBackends();
      // Under full load the one that has just become free: there is nothing to decide.
      return candidates.length > 1 ? policy.pick(candidates) : candidates[0];
    },

    pickOther(tried) {
      const count = eligible.length;
      if (count === 0) return undefined;
      retryStart = (retryStart + 1) % count;
      let best: B | undefined;
      for (let step = 0; step < count; step++) {
        const backend = eligible[(retryStart + step) % count]!;
        if (!hasRoom(backend, limit) || tried.includes(backend)) continue;
        // inFlight/weight compared by cross-multiplication: no division, exact.
        if (best === undefined || backend.inFlight * best.weight < best.inFlight * backend.weight)
          best = backend;
      }
      return best;
    },

    hasOther(tried) {
      for (const backend of eligible) if (!tried.includes(backend)) return true;
      return false;
    },
  };
}
