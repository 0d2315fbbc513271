// What one engine thread knows now: mutable, private to it, kept across plans. apply.ts changes
// membership and settings; exchanges change gauges and counters. One writer per counter row.
import type { AdminState, BackendRole } from '#shared/config/backend.ts';
import type { Env } from './env.ts';
import type { ListenerServer } from './http1/listener.ts';
import type { UpstreamPool } from './http1/upstream-pool.ts';
import type { EngineReport } from './messages.ts';
import type { ListenerPlan, PoolPlan } from './plan.ts';
import type { RequestLog } from './request-log.ts';
import type { Router } from './routing/router.ts';
import type { Selectable, Selector } from './select.ts';
import type { Row } from './telemetry/layout.ts';
import type { TimerWheel } from './timer-wheel.ts';

/** What every connection of the thread shares. */
export interface EngineState {
  readonly env: Env;
  readonly wheel: TimerWheel;
  readonly log: RequestLog;
  readonly pools: Map<string, PoolState>;
  readonly listeners: Map<string, ListenerState>;
  /** By counter row: what `set-health` names. */
  readonly backends: Map<number, BackendState>;
  /** Every client connection, idle or busy. */
  readonly clients: Set<ClientHandle>;
  readonly post: (report: EngineReport) => void;
  /** Reports a bug that ended one connection. */
  readonly fault: (error: unknown) => void;
  /** Set by `stop`: answers carry Connection: close from then on. */
  stopping: boolean;
}

export interface PoolState {
  name: string;
  plan: PoolPlan;
  selector: Selector<BackendState>;
  backends: BackendState[];
}

/** The identity of a backend for as long as it keeps its row, whatever it and its pool are called. */
export interface BackendState extends Selectable {
  name: string;
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
  router: Router;
}

/** What a listener needs of its connections, whatever they speak. */
export interface ClientHandle {
  readonly listener: ListenerState;
  /** A request or a tunnel is under way, or an answer is not delivered yet. */
  readonly busy: boolean;
  /** Closes now when idle, else after the exchange under way. */
  retire(): void;
  /** Closes now, whatever it is doing. */
  destroy(): void;
}
