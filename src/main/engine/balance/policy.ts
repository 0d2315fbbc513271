// What a balancing policy is: a decision among backends that may all be chosen. It never sees an ineligible
// backend, a socket or a clock. select.ts calls it once per request. Pure, as is every policy.
import type { PolicyName } from '#shared/config/pool.ts';
import type { Env } from '../env.ts';

/** The part of a BackendState a policy may read. */
export interface Candidate {
  readonly weight: number;
  /** Requests and tunnels under way, kept by the data plane. */
  readonly inFlight: number;
}

export interface Policy {
  /**
   * Chooses one. `eligible` is never empty, holds only weights above 0, and stays the same array
   * until membership or a weight changes, so what a policy derives from it may be kept by identity.
   */
  pick<C extends Candidate>(eligible: readonly C[]): C;
}

export type PolicyFactory = (env: Pick<Env, 'random'>) => Policy;
export type PolicyTable = Readonly<Record<PolicyName, PolicyFactory>>;
