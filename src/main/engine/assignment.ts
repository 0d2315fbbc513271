// Which backend a request is given, or that it waits for one: while every backend that may serve a pool has
// as much under way as it is allowed, requests stand in the pool's queue, first come first served. Invariant:
// nobody waits while a backend it may use has room, as far as this thread knows, and nobody waits for what
// cannot come. Called by exchange/attempts.ts when a request wants or frees a backend, by shared-queue.ts
// when another thread frees one, by apply.ts when a pool changed.
import { type QueueEntry, WaitQueue } from './resilience/queue.ts';
import type { BackendState, PoolState } from './state.ts';

/** A request that wants a backend. */
export interface Applicant extends QueueEntry<Applicant> {
  /** Backends it has been to in vain. */
  readonly tried: readonly BackendState[];
  /** It has left the queue and may use `backend`. Does not throw. */
  assigned(backend: BackendState): void;
  /** It has left the queue: no backend is left that could serve it. Does not throw. */
  unservable(): void;
}

/** Retries may wait for a backend that others need not wait for; past so many the rest is not looked at. */
const MAX_PASSED_OVER = 64;

export function createQueue(): WaitQueue<Applicant> {
  return new WaitQueue();
}

/** A backend for a new request at once; undefined when it has to wait, or nobody can serve. */
export function assignAtOnce(pool: PoolState): BackendState | undefined {
  return pool.queue.first === null ? pool.selector.pick() : undefined;
}

/**
 * Queues it; whether there is room in the queue was asked before. It may be assigned before this
 * returns. `again`: it comes from the front of the queue, where it was assigned room that was gone.
 */
export function waitInLine(pool: PoolState, applicant: Applicant, again = false): void {
  if (again) pool.queue.joinFirst(applicant);
  else pool.queue.join(applicant);
  serveQueue(pool);
}

/** A backend may have room again: hands out what there is, in order. */
export function serveQueue(pool: PoolState): void {
  const { queue } = pool;
  let passedOver = 0;
  let applicant = queue.first;
  while (applicant !== null && passedOver < MAX_PASSED_OVER) {
    const { tried } = applicant;
    const backend = tried.length === 0 ? pool.selector.pick() : pool.selector.pickOther(tried);
    if (backend !== undefined) {
      queue.leave(applicant);
      applicant.assigned(backend);
      // What happened meanwhile may have changed everything.
      applicant = queue.first;
      passedOver = 0;
    } else {
      if (tried.length === 0) return;
      applicant = applicant.behind;
      passedOver++;
    }
  }
}

/** After any change of a pool, its backends or their health. */
export function refreshPool(pool: PoolState): void {
  const { queue, selector, plan } = pool;
  // A pool with a fault cannot reach any of them.
  const backends = plan.fault === '' ? pool.backends : [];
  selector.refresh(backends, plan.forwardWhenAllDown, plan.maxInFlight);
  if (queue.first === null) return;
  for (const applicant of inOrder(queue)) {
    if (!applicant.queued || selector.hasOther(applicant.tried)) continue;
    queue.leave(applicant);
    applicant.unservable();
  }
  serveQueue(pool);
}

function inOrder(queue: WaitQueue<Applicant>): Applicant[] {
  const applicants: Applicant[] = [];
  for (let at = queue.first; at !== null; at = at.behind) applicants.push(at);
  return applicants;
}
