// The backends one request goes to: waits for the first, counts it as under way there, knows where it
// has been in vain and whether it may go on to another. Invariant: every backend is tried once, at
// most as many as the pool allows, all before one deadline; what is counted here is given back by
// `over`, whatever ends the request. Owned by exchange.ts, which does the sending.
import { type Applicant, assignAtOnce, serveQueue, waitInLine } from '../assignment.ts';
import { FAILURES, type Failure } from '../failure.ts';
import { budgetAllows } from '../resilience/retry-budget.ts';
import { retryLoadOf } from '../shared-load.ts';
import { isOverbooked, isQueueOverfull, leavesRoom, lookForRoom } from '../shared-queue.ts';
import type { BackendState, EngineState, ListenerState, PoolState } from '../state.ts';
import { COUNTER } from '../telemetry/layout.ts';
import { countAttempt, countUnserved, occupy, vacate } from './accounting.ts';
import { RequestDeadline } from './request-deadline.ts';
import { queueFullText, unavailableText } from './unavailable.ts';

/** Whose request it is. */
export interface AttemptOwner {
  readonly listener: ListenerState;
  /** Send it there. */
  attempt(backend: BackendState): void;
  /** There is nothing more to try or no more time; the client gets `failure`. */
  giveUp(failure: Failure, detail: string): void;
  /** A bug: the client's connection is of no more use. */
  abort(): void;
}

export class Attempts implements Applicant {
  readonly tried: BackendState[] = [];
  readonly deadline: RequestDeadline;
  // Its place in the queue of the pool; written by the queue.
  queued = false;
  ahead: Applicant | null = null;
  behind: Applicant | null = null;
  /** How long after its arrival the last one began: the wait in the queue and earlier attempts. */
  delayMs = 0;
  readonly #engine: EngineState;
  readonly #owner: AttemptOwner;
  #pool: PoolState | null = null;
  #occupied: BackendState | null = null;
  #arrivedMs = 0;
  /** When the wait in the queue must have an end; 0: none has begun. */
  #waitEndsMs = 0;
  /** Counts as a retry under way. */
  #retrying = false;
  /** Why the last one failed: the answer when no other backend can be had. */
  #lastFailure: Failure = 'no-backend';
  #lastDetail = '';

  constructor(engine: EngineState, owner: AttemptOwner) {
    this.#engine = engine;
    this.#owner = owner;
    this.deadline = new RequestDeadline(engine, () => this.#safely(this.#onTimeout));
  }

  /** A new request for `pool`. The owner has an `attempt`, a `giveUp`, or hears of it later. */
  start(pool: PoolState, nowMs: number): void {
    this.#pool = pool;
    this.tried.length = 0;
    this.#arrivedMs = nowMs;
    this.delayMs = 0;
    this.#waitEndsMs = 0;
    pool.row.counters[COUNTER.underWay] = ++pool.load.underWay;
    this.deadline.start(nowMs, pool.plan.retries.deadlineMs);
    const backend = assignAtOnce(pool);
    if (backend !== undefined) this.#attempt(backend);
    else if (pool.selector.eligible.length === 0) this.#owner.giveUp('no-backend', unavailableText(pool));
    else if (!this.#wait(pool)) this.#owner.giveUp('queue-full', queueFullText(pool));
  }

  /** Goes to another backend, or waits for one, because of `failure`. False: there is none. */
  goElsewhere(failure: Failure, detail: string): boolean {
    const next = this.#another(FAILURES[failure].retry === 'always');
    if (next === undefined) return false;
    this.#lastFailure = failure;
    this.#lastDetail = detail;
    return this.#leaveFor(next);
  }

  /** The same because of a response. It is there, and so better than to wait for another one. */
  goElsewhereAtOnce(): boolean {
    const next = this.#another(false);
    return next !== undefined && next !== 'wait' && this.#leaveFor(next);
  }

  /** The response has begun: what is still under way is no retry any more, and in time. */
  answered(): void {
    this.deadline.stop();
    if (this.#pool !== null) this.#returnBudget(this.#pool);
  }

  /** Sluice answered with `status`, and there was no attempt. Without a pool it is the listener's alone. */
  unserved(status: number): void {
    if (this.#pool !== null) countUnserved(this.#pool, status);
  }

  /** The request has ended. What it leaves free goes to those who wait. */
  over(): void {
    const pool = this.#pool;
    if (pool === null) return;
    this.#pool = null;
    this.deadline.stop();
    this.#returnBudget(pool);
    pool.row.counters[COUNTER.underWay] = --pool.load.underWay;
    if (this.queued) {
      pool.queue.leave(this);
      this.#leftQueue(pool);
    }
    this.#endAttempt();
    if (pool.queue.first !== null && !leavesRoom(this.#engine, pool)) serveQueue(pool);
  }

  // ---- What the queue says

  assigned(backend: BackendState): void {
    this.#leftQueue(this.#pool!);
    this.deadline.resume();
    this.delayMs = this.#engine.env.clock.monotonicMs() - this.#arrivedMs;
    const left = this.tried.at(-1);
    this.#safely(() => {
      if (this.#attempt(backend) && left !== undefined) this.#countRetry(left);
    });
  }

  unservable(): void {
    this.#leftQueue(this.#pool!);
    this.#safely(() => {
      if (this.tried.length > 0) this.#owner.giveUp(this.#lastFailure, this.#lastDetail);
      else this.#owner.giveUp('no-backend', unavailableText(this.#pool!));
    });
  }

  /** False: the room is gone, and it waits or was given up. */
  #attempt(backend: BackendState): boolean {
    occupy(backend);
    if (isOverbooked(this.#engine, backend)) {
      vacate(backend);
      this.#standBack();
      return false;
    }
    this.#occupied = backend;
    this.#waitEndsMs = 0;
    countAttempt(backend);
    this.#owner.attempt(backend);
    return true;
  }

  /** Only once another attempt has begun: one that waits for it in vain is its client's error. */
  #countRetry(left: BackendState): void {
    // Its row may be another one's by now.
    if (!left.removed) left.row.counters[COUNTER.retries]! += 1;
    this.#owner.listener.row.counters[COUNTER.retries]! += 1;
  }

  /** Another thread took the last room in the same moment: as if there had been none, the wait goes on. */
  #standBack(): void {
    const pool = this.#pool!;
    if (!this.#wait(pool)) this.#owner.giveUp('queue-full', queueFullText(pool));
  }

  /** Where the request counts as under way now. */
  get occupied(): BackendState | null {
    return this.#occupied;
  }

  #endAttempt(): void {
    if (this.#occupied === null) return;
    vacate(this.#occupied);
    this.#occupied = null;
  }

  /**
   * 'wait': all that are left are at their limit. `unsent`: the last one got nothing of the request, which
   * costs no retry budget.
   */
  #another(unsent: boolean): BackendState | 'wait' | undefined {
    const pool = this.#pool;
    if (pool === null || this.#occupied === null) return undefined;
    this.tried.push(this.#occupied);
    if (this.tried.length >= pool.plan.retries.attempts) return undefined;
    const next = pool.selector.pickOther(this.tried);
    if (next === undefined && !pool.selector.hasOther(this.tried)) return undefined;
    if (!unsent && !this.#takeBudget(pool)) return undefined;
    return next ?? 'wait';
  }

  #leaveFor(next: BackendState | 'wait'): boolean {
    const pool = this.#pool!;
    const left = this.#occupied!;
    this.#endAttempt();
    this.deadline.resume();
    this.delayMs = this.#engine.env.clock.monotonicMs() - this.#arrivedMs;
    if (next === 'wait') {
      if (!this.#wait(pool)) return false;
    } else if (this.#attempt(next)) this.#countRetry(left);
    // Room has become free where it was before.
    if (pool.queue.first !== null) serveQueue(pool);
    return true;
  }

  /** False: the queue is full. */
  #wait(pool: PoolState): boolean {
    const again = this.#waitEndsMs !== 0;
    pool.row.counters[COUNTER.queued] = pool.queue.length + 1;
    // One that had its place in the queue has it still.
    if (!again && isQueueOverfull(this.#engine, pool)) {
      pool.row.counters[COUNTER.queued] = pool.queue.length;
      return false;
    }
    this.#owner.listener.row.counters[COUNTER.queued]! += 1;
    const nowMs = this.#engine.env.clock.monotonicMs();
    if (!again) this.#waitEndsMs = nowMs + pool.plan.queue.timeoutMs;
    this.deadline.limitWait(Math.max(0, this.#waitEndsMs - nowMs));
    waitInLine(pool, this, again);
    if (this.queued) lookForRoom(this.#engine, pool);
    return true;
  }

  #leftQueue(pool: PoolState): void {
    this.#owner.listener.row.counters[COUNTER.queued]! -= 1;
    pool.row.counters[COUNTER.queued] = pool.queue.length;
  }

  /** A second retry of the same request is asked for anew: the pool may be worse off by now. */
  #takeBudget(pool: PoolState): boolean {
    this.#returnBudget(pool);
    if (!budgetAllows(retryLoadOf(this.#engine, pool), pool.plan.retries)) return false;
    this.#retrying = true;
    pool.row.counters[COUNTER.retrying] = ++pool.load.retrying;
    return true;
  }

  #returnBudget(pool: PoolState): void {
    if (!this.#retrying) return;
    this.#retrying = false;
    pool.row.counters[COUNTER.retrying] = --pool.load.retrying;
  }

  #onTimeout(): void {
    if (this.queued) {
      this.#owner.giveUp(this.deadline.leftMs > 0 ? 'queue-timeout' : 'queue-deadline', '');
    } else if (this.#occupied !== null) {
      this.#occupied.row.counters[COUNTER.errors]! += 1;
      this.#owner.giveUp('deadline', '');
    }
  }

  /** For what no connection called: a bug ends this client's connection, not the thread. */
  #safely(action: () => void): void {
    try {
      action.call(this);
    } catch (error) {
      this.#engine.fault(error);
      this.#owner.abort();
    }
  }
}
