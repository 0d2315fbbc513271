// Plan: a Config compiled for the engine: defaults filled in, references resolved to positions,
// addresses split, admin intent and health applied. Immutable, structured-cloneable; the engine
// never sees a Config. `compilePlan` (compile.ts) is the only maker.
import type { AdminState, BackendRole } from '#shared/config/backend.ts';
import type { ListenerLimits, ListenerTimeouts } from '#shared/config/listener.ts';
import type { PolicyName, PoolKeepAlive, PoolTimeouts } from '#shared/config/pool.ts';

export interface Plan {
  /** Revision this plan was compiled from. Several plans may share one: drains are not revisions. */
  revision: number;
  listeners: ListenerPlan[];
  pools: PoolPlan[];
}

export interface ListenerPlan {
  name: string;
  /** Row of this listener in the shared counters. */
  slot: number;
  host: string;
  port: number;
  timeouts: ListenerTimeouts;
  limits: ListenerLimits;
  routes: RoutePlan[];
}

export interface RoutePlan {
  name: string;
  /** Lower case, no port; "*.x" matches one more label; undefined matches every host. */
  host: string | undefined;
  /** Undefined matches every path. */
  pathPrefix: string | undefined;
  /** Name of the pool; validated to exist. */
  pool: string;
}

export interface PoolPlan {
  name: string;
  policy: PolicyName;
  /** Serve by ignoring health when no backend is usable, instead of answering 503. */
  forwardWhenAllDown: boolean;
  timeouts: PoolTimeouts;
  keepAlive: PoolKeepAlive;
  backends: BackendPlan[];
}

export interface BackendPlan {
  name: string;
  /** Row of this backend in the shared counters, and its identity: kept also when it or its pool is renamed. */
  slot: number;
  host: string;
  port: number;
  weight: number;
  admin: AdminState;
  role: BackendRole;
  /** Whether health allows traffic at the time of compiling; `set-health` messages follow. */
  usable: boolean;
}
