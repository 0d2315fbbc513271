// What changed between two plans, so that apply.ts touches nothing else. Things are matched by name;
// a backend or listener whose slot differs is a different one and appears as removed and added.
// Pure. Lists keep the order of `after`, removals that of `before`; every object is in exactly one list.
import type { BackendPlan, ListenerPlan, Plan, PoolPlan } from './plan.ts';

export interface Change<T> {
  before: T;
  after: T;
}

export interface PlanDiff {
  listeners: ListenersDiff;
  pools: PoolsDiff;
}

export interface ListenersDiff {
  added: ListenerPlan[];
  removed: ListenerPlan[];
  /** Host or port differ: a new socket is needed. Routes, timeouts and limits may differ as well. */
  rebound: Change<ListenerPlan>[];
  /** Same host and port; routes, timeouts or limits differ. */
  updated: Change<ListenerPlan>[];
  unchanged: Change<ListenerPlan>[];
}

export interface PoolsDiff {
  added: PoolPlan[];
  removed: PoolPlan[];
  changed: PoolChange[];
  unchanged: Change<PoolPlan>[];
}

export interface PoolChange extends Change<PoolPlan> {
  name: string;
  policyChanged: boolean;
  /** forwardWhenAllDown, timeouts or keepAlive differ. */
  settingsChanged: boolean;
  /** The backends of both plans stand in another order. */
  orderChanged: boolean;
  backends: BackendsDiff;
}

export interface BackendsDiff {
  added: BackendPlan[];
  removed: BackendPlan[];
  /** Host or port differ: kept connections lead elsewhere. The other fields may differ as well. */
  readdressed: Change<BackendPlan>[];
  /** Same address; weight, admin state, role or health differ. */
  changed: Change<BackendPlan>[];
  unchanged: Change<BackendPlan>[];
}

export function diffPlans(before: Plan | undefined, after: Plan): PlanDiff {
  return {
    listeners: diffListeners(before?.listeners ?? [], after.listeners),
    pools: diffPools(before?.pools ?? [], after.pools),
  };
}

function diffListeners(before: readonly ListenerPlan[], after: readonly ListenerPlan[]): ListenersDiff {
  const { added, removed, kept } = match(before, after, (a, b) => a.slot === b.slot);
  const diff: ListenersDiff = { added, removed, rebound: [], updated: [], unchanged: [] };
  for (const change of kept) {
    if (!sameAddress(change)) diff.rebound.push(change);
    else if (!equal(change.before, change.after)) diff.updated.push(change);
    else diff.unchanged.push(change);
  }
  return diff;
}

function diffPools(before: readonly PoolPlan[], after: readonly PoolPlan[]): PoolsDiff {
  const { added, removed, kept } = match(before, after, () => true);
  const diff: PoolsDiff = { added, removed, changed: [], unchanged: [] };
  for (const change of kept) {
    if (equal(change.before, change.after)) diff.unchanged.push(change);
    else diff.changed.push(poolChange(change));
  }
  return diff;
}

function poolChange({ before, after }: Change<PoolPlan>): PoolChange {
  const backends = diffBackends(before.backends, after.backends);
  const gone = new Set(backends.removed);
  const fresh = new Set(backends.added);
  const stayedBefore = before.backends.filter((backend) => !gone.has(backend));
  const stayedAfter = after.backends.filter((backend) => !fresh.has(backend));
  return {
    name: after.name,
    before,
    after,
    policyChanged: before.policy !== after.policy,
    settingsChanged: !equal({ ...before, backends: [] }, { ...after, backends: [], policy: before.policy }),
    orderChanged: stayedBefore.some((backend, i) => backend.name !== stayedAfter[i]?.name),
    backends,
  };
}

function diffBackends(before: readonly BackendPlan[], after: readonly BackendPlan[]): BackendsDiff {
  const { added, removed, kept } = match(before, after, (a, b) => a.slot === b.slot);
  const diff: BackendsDiff = { added, removed, readdressed: [], changed: [], unchanged: [] };
  for (const change of kept) {
    if (!sameAddress(change)) diff.readdressed.push(change);
    else if (!equal(change.before, change.after)) diff.changed.push(change);
    else diff.unchanged.push(change);
  }
  return diff;
}

function match<T extends { name: string }>(
  before: readonly T[],
  after: readonly T[],
  isSame: (a: T, b: T) => boolean,
): { added: T[]; removed: T[]; kept: Change<T>[] } {
  const old = new Map(before.map((item) => [item.name, item]));
  const added: T[] = [];
  const kept: Change<T>[] = [];
  for (const item of after) {
    const earlier = old.get(item.name);
    if (earlier === undefined || !isSame(earlier, item)) added.push(item);
    else {
      kept.push({ before: earlier, after: item });
      old.delete(item.name);
    }
  }
  return { added, removed: before.filter((item) => old.get(item.name) === item), kept };
}

function sameAddress({ before, after }: Change<{ host: string; port: number }>): boolean {
  return before.host === after.host && before.port === after.port;
}

/** Structural equality of plain data, as plans are. */
function equal(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  // A field that is undefined equals one that is absent: a structured clone may drop neither, a literal may.
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  for (const key of keys) {
    if (!equal(Reflect.get(a, key), Reflect.get(b, key))) return false;
  }
  return true;
}
