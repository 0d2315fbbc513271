// Which listeners two plans tell apart, so that apply.ts touches no socket that need not change. Matched
// by name; a listener whose slot differs is a different one, removed and added. Pools are not compared:
// setting what is already so costs less. Pure. Lists keep the order of `after`, removals that of
// `before`; every listener is in one list at most.
import type { ListenerPlan } from './plan.ts';

export interface Change<T> {
  before: T;
  after: T;
}

export interface ListenersDiff {
  added: ListenerPlan[];
  removed: ListenerPlan[];
  /** Host or port differ: a new socket is needed. Routes, timeouts and limits may differ as well. */
  rebound: Change<ListenerPlan>[];
  /** Same host and port; anything else differs. */
  updated: Change<ListenerPlan>[];
}

export function diffListeners(
  before: readonly ListenerPlan[],
  after: readonly ListenerPlan[],
): ListenersDiff {
  const old = new Map(before.map((plan) => [plan.name, plan]));
  const diff: ListenersDiff = { added: [], removed: [], rebound: [], updated: [] };
  for (const plan of after) {
    const earlier = old.get(plan.name);
    if (earlier?.slot !== plan.slot) {
      diff.added.push(plan);
      continue;
    }
    old.delete(plan.name);
    const change = { before: earlier, after: plan };
    if (earlier.host !== plan.host || earlier.port !== plan.port) diff.rebound.push(change);
    else if (!equal(earlier, plan)) diff.updated.push(change);
  }
  diff.removed = [...old.values()];
  return diff;
}

/** Structural equality of plain data, as plans are. */
function equal(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  for (const key of Object.keys(a)) if (!equal(Reflect.get(a, key), Reflect.get(b, key))) return false;
  // A field that is undefined equals one that is absent: a structured clone may drop neither, a literal may.
  for (const key of Object.keys(b)) {
    if (Reflect.get(a, key) === undefined && Reflect.get(b, key) !== undefined) return false;
  }
  return true;
}
