// Who may get a new request, and for everyone else why not. Pure narrowing: admin state, health,
// weight, then role. Called by select.ts for every change of a pool, by the 503 answer and by the
// status for the words shown to people.
import type { AdminState, BackendRole } from '#shared/config/backend.ts';

/** What decides whether a backend may be chosen. A BackendPlan is one. */
export interface Standing {
  readonly admin: AdminState;
  readonly role: BackendRole;
  /** What health says. */
  readonly usable: boolean;
  readonly weight: number;
}

/** Why a backend gets no new requests; the first reason that applies, in this order. */
export type Exclusion = 'disabled' | 'draining' | 'down' | 'weight-0' | 'backup-idle';

export const EXCLUSION_TEXT: Readonly<Record<Exclusion, string>> = {
  disabled: 'disabled',
  draining: 'draining',
  down: 'not healthy',
  'weight-0': 'weight 0',
  'backup-idle': 'backup, a primary serves',
};

/** How a pool narrows: on health and role, on health with the backups in, or on neither. */
export type Tier = 'primaries' | 'backups' | 'ignore-health' | 'none';

/**
 * Which tier serves now: the primaries; without one that can, the backups; without one of those
 * either, every enabled backend whatever its health, if the pool forwards when all are down.
 */
export function servingTier(backends: readonly Standing[], forwardWhenAllDown: boolean): Tier {
  let tier: Tier = 'none';
  for (const backend of backends) {
    if (backend.admin !== 'enabled' || !(backend.weight > 0)) continue;
    if (backend.usable && backend.role === 'primary') return 'primaries';
    if (backend.usable) tier = 'backups';
    else if (forwardWhenAllDown && tier === 'none') tier = 'ignore-health';
  }
  return tier;
}

/** Undefined: it may be chosen while `tier` serves. */
export function exclusion(backend: Standing, tier: Tier): Exclusion | undefined {
  if (backend.admin !== 'enabled') return backend.admin;
  if (!backend.usable && tier !== 'ignore-health') return 'down';
  if (!(backend.weight > 0)) return 'weight-0';
  if (backend.role === 'backup' && tier === 'primaries') return 'backup-idle';
  return undefined;
}

/** The backends that may be chosen now, in their order. */
export function eligibleBackends<B extends Standing>(
  backends: readonly B[],
  forwardWhenAllDown: boolean,
): B[] {
  const tier = servingTier(backends, forwardWhenAllDown);
  return backends.filter((backend) => exclusion(backend, tier) === undefined);
}
