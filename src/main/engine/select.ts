// One pool's choice of a backend: narrows to the eligible ones when something changed, asks the
// policy per request. Invariant: `eligible` stays the same array until a member, their order or a
// weight changes, so policies keep what they derived from it. One selector per PoolState (state.ts).
import type { Candidate, Policy } from './balance/policy.ts';
import { eligibleBackends, type Standing } from './eligible.ts';

export interface Selectable extends Candidate, Standing {}

export interface Selector<B extends Selectable> {
  /** Narrows again; call after any change of membership, order, weight, admin state, role or health. */
  refresh(backends: readonly B[], forwardWhenAllDown: boolean): void;
  /** The backend for a new request; undefined when none may be chosen. */
  pick(): B | undefined;
  /** For a retry: the least loaded one not in `tried`, without disturbing the policy's sequence. */
  pickOther(tried: readonly B[]): B | undefined;
  readonly eligible: readonly B[];
}

export function createSelector<B extends Selectable>(policy: Policy): Selector<B> {
  let eligible: readonly B[] = [];
  // Backends change in place, so the weights `eligible` stood for are remembered beside it.
  let weights: number[] = [];
  // Retries start their scan at another place each time: among equals, the first would get them all.
  let retryStart = 0;

  return {
    get eligible() {
      return eligible;
    },

    refresh(backends, forwardWhenAllDown) {
      const next = eligibleBackends(backends, forwardWhenAllDown);
      const unchanged =
        next.length === eligible.length &&
        next.every((backend, i) => backend === eligible[i] && backend.weight === weights[i]);
      if (unchanged) return;
      eligible = next;
      weights = next.map((backend) => backend.weight);
    },

    pick() {
      return eligible.length === 0 ? undefined : policy.pick(eligible);
    },

    pickOther(tried) {
      const count = eligible.length;
      if (count === 0) return undefined;
      retryStart = (retryStart + 1) % count;
      let best: B | undefined;
      for (let step = 0; step < count; step++) {
        const backend = eligible[(retryStart + step) % count]!;
        if (tried.includes(backend)) continue;
        // inFlight/weight compared by cross-multiplication: no division, exact.
        if (best === undefined || backend.inFlight * best.weight < best.inFlight * backend.weight)
          best = backend;
      }
      return best;
    },
  };
}
