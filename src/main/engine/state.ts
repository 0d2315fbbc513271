// What one engine thread knows now: mutable, private to it, kept across plans. apply.ts changes
// membership and settings; exchanges change gauges and counters. One writer per counter row.
import type { AdminState, BackendRole } from '#shared/config/backend.ts';
import type { Env } from './env.ts';
import type { UpstreamPool } from './http1/upstream-pool.ts';
import type { ListenerServer } from './http1/listener.ts';
import type { EngineReport } from './messages.ts';
import type { BackendPlan, ListenerPlan, PoolPlan, RoutePlan } from './plan.ts';
import type { RequestLog } from './request-log.ts';
import type { createSelector, Selectable } from './select.ts';
import { COUNTER, type Row, rowAt } from './telemetry/layout.ts';
import type { TimerWheel } from './timer-wheel.ts';

/** What every connection of the thread shares. */
export interface EngineState {
  readonly env: Env;
  readonly wheel: TimerWheel;
  readonly log: RequestLog;
  readonly pools: Map<string, PoolState>;
  readonly listeners: Map<string, ListenerState>;
  readonly post: (report: EngineReport) => void;
  /** Reports a bug that ended one connection. */
  readonly fault: (error: unknown) => void;
  /** Set by `stop`: answers carry Connection: close from then on. */
  stopping: boolean;
}

export interface PoolState {
  readonly name: string;
  plan: PoolPlan;
  selector: ReturnType<typeof createSelector<BackendState>>;
  backends: BackendState[];
}

/** The identity of a backend for as long as pool and backend keep their names and row. */
export interface BackendState extends Selectable {
  readonly name: string;
  readonly slot: number;
  readonly row: Row;
  readonly pool: PoolState;
  readonly upstreams: UpstreamPool;
  host: string;
  port: number;
  weight: number;
  admin: AdminState;
  role: BackendRole;
  /** Written by `apply` and `set-health`. */
  usable: boolean;
  /** Written by exchanges, mirrored in the row. */
  inFlight: number;
  /** No longer in the plan; exchanges that hold it may finish. */
  removed: boolean;
}

export interface ListenerState {
  readonly name: string;
  readonly slot: number;
  readonly row: Row;
  readonly server: ListenerServer;
  plan: ListenerPlan;
  router: { match(hostname: string, path: string): RoutePlan | undefined };
  /** Every client connection, idle or busy. */
  readonly clients: Set<ClientHandle>;
  /** No longer in the plan; its clients are let go after what they are doing. */
  removed: boolean;
}

/** What a listener needs of its connections, whatever they speak. */
export interface ClientHandle {
  /** Closes now when idle, else after the exchange under way. */
  retire(): void;
  /** Closes now, whatever it is doing. */
  destroy(): void;
}

export function createBackendState(
  pool: PoolState,
  plan: BackendPlan,
  pages: readonly SharedArrayBuffer[],
  createUpstreams: (backend: () => BackendState) => UpstreamPool,
): BackendState {
  const state: BackendState = {
    name: plan.name,
    slot: plan.slot,
    row: rowAt(pages, plan.slot),
    pool,
    upstreams: createUpstreams(() => state),
    host: plan.host,
    port: plan.port,
    weight: plan.weight,
    admin: plan.admin,
    role: plan.role,
    usable: plan.usable,
    inFlight: 0,
    removed: false,
  };
  return state;
}

/** Moves the gauge a policy reads and the one the core reads together. */
export function addInFlight(backend: BackendState, change: 1 | -1): void {
  backend.inFlight += change;
  backend.row.counters[COUNTER.inFlight] = backend.inFlight;
}
