// Runs the engine thread: starts it, gives it plans, starts it again when it dies, from the last
// plan. The counter pages outlive the thread, so totals go on where they were.
// Invariant: plans are handed over in the order they were made; only the newest one is repeated.
// Called by configuration.ts (plans), health-link.ts (health) and core.ts (stop).
import { Worker } from 'node:worker_threads';
import type { EngineCommand, EngineReport, ListenerReport } from '../engine/messages.ts';
import type { Plan } from '../engine/plan.ts';

export interface EngineLink {
  /** Settles with the listeners once the engine runs the plan; with undefined when it died or is stuck. */
  apply(plan: Plan, pages: SharedArrayBuffer[]): Promise<ListenerReport[] | undefined>;
  setHealth(updates: { slot: number; usable: boolean }[]): void;
  /** Lets requests in flight finish for up to `graceMs`, then ends the thread. */
  stop(graceMs: number): Promise<void>;
  alive(): boolean;
}

export interface EngineLinkOptions {
  /** URL of the thread's entry. */
  entry: string;
  onReport(report: Exclude<EngineReport, { type: 'ready' | 'applied' | 'stopped' }>): void;
  /** The engine confirmed a plan. */
  onApplied(revision: number, listeners: ListenerReport[]): void;
  /** The thread ended without being asked to; it is being started again. */
  onDied(reason: string): void;
}

/** An engine that has not answered a plan after this long is reported as not having applied it. */
const APPLY_TIMEOUT_MS = 5000;
const MIN_BACKOFF_MS = 100;
const MAX_BACKOFF_MS = 5000;
/** A thread that lived this long was healthy: the next death starts from the shortest backoff. */
const HEALTHY_AFTER_MS = 30_000;

export function createEngineLink(options: EngineLinkOptions): EngineLink {
  const pending = new Map<number, (listeners: ListenerReport[] | undefined) => void>();
  let worker: Worker | undefined;
  let last: { plan: Plan; pages: SharedArrayBuffer[] } | undefined;
  let nextId = 1;
  let stopping: (() => void) | undefined;
  let backoffMs = MIN_BACKOFF_MS;
  let restart: NodeJS.Timeout | undefined;

  const send = (command: EngineCommand) => worker?.postMessage(command);

  function start() {
    const started = performance.now();
    const thread = new Worker(new URL(options.entry), { name: 'sluice-engine' });
    worker = thread;
    let reason = 'it ended';
    thread.on('message', receive);
    thread.on('error', (error: Error) => {
      reason = error.stack ?? error.message;
    });
    thread.on('exit', () => {
      if (worker === thread) worker = undefined;
      for (const settle of pending.values()) settle(undefined);
      pending.clear();
      if (stopping) return stopping();
      if (performance.now() - started > HEALTHY_AFTER_MS) backoffMs = MIN_BACKOFF_MS;
      options.onDied(reason);
      restart = setTimeout(revive, backoffMs);
      backoffMs = Math.min(backoffMs * 2, MAX_BACKOFF_MS);
    });
  }

  function revive() {
    start();
    if (last) send({ type: 'apply', id: nextId++, ...last });
  }

  function receive(report: EngineReport) {
    switch (report.type) {
      case 'ready':
        break;
      case 'applied':
        options.onApplied(report.revision, report.listeners);
        pending.get(report.id)?.(report.listeners);
        pending.delete(report.id);
        break;
      case 'stopped':
        void worker?.terminate();
        break;
      default:
        options.onReport(report);
    }
  }

  start();

  return {
    apply(plan, pages) {
      last = { plan, pages };
      const id = nextId++;
      if (!worker) return Promise.resolve(undefined);
      send({ type: 'apply', id, plan, pages });
      return new Promise((resolve) => {
        const timer = setTimeout(() => {
          pending.delete(id);
          resolve(undefined);
        }, APPLY_TIMEOUT_MS);
        pending.set(id, (listeners) => {
          clearTimeout(timer);
          resolve(listeners);
        });
      });
    },
    setHealth(updates) {
      if (last) last.plan = withHealth(last.plan, updates);
      send({ type: 'set-health', updates });
    },
    stop(graceMs) {
      clearTimeout(restart);
      if (!worker) return Promise.resolve();
      return new Promise((resolve) => {
        const timer = setTimeout(() => void worker?.terminate(), graceMs + 1000);
        stopping = () => {
          clearTimeout(timer);
          resolve();
        };
        send({ type: 'stop', deadlineMs: graceMs });
      });
    },
    alive: () => worker !== undefined,
  };
}

/** A restarted engine must begin with the health of now, not of when the plan was made. */
function withHealth(plan: Plan, updates: readonly { slot: number; usable: boolean }[]): Plan {
  const usable = new Map(updates.map((update) => [update.slot, update.usable]));
  return {
    ...plan,
    pools: plan.pools.map((pool) => ({
      ...pool,
      backends: pool.backends.map((backend) => ({
        ...backend,
        usable: usable.get(backend.slot) ?? backend.usable,
      })),
    })),
  };
}
