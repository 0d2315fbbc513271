// What one engine thread knows now: mutable, private to it, kept across plans. apply.ts changes
// membership and settings; exchanges change gauges and counters. One writer per counter row.
import type { AdminState, BackendRole } from '#shared/config/backend.ts';
import type { Applicant } from './assignment.ts';
import type { DeferredWork } from './deferred-work.ts';
import type { DrainDeadline } from './drain-deadline.ts';
import type { Env } from './env.ts';
import type { Exchange } from './exchange/exchange.ts';
import type { TrustedProxies } from './exchange/trusted-proxies.ts';
import type { ListenerServer } from './listen/listener.ts';
import type { Crew, EngineReport } from './messages.ts';
import type { ListenerPlan, PoolPlan } from './plan.ts';
import type { RequestLog } from './request-log.ts';
import type { WaitQueue } from './resilience/queue.ts';
import type { RetryLoad } from './resilience/retry-budget.ts';
import type { Router } from './routing/router.ts';
import type { Selectable, Selector } from './select.ts';
import type { SharedClients } from './shared-clients.ts';
import type { Row } from './telemetry/layout.ts';
import type { TimerWheel } from './timer-wheel.ts';
import type { TlsFront } from './tls/front.ts';
import type { UpstreamTls } from './tls/upstream.ts';
import type { Upstreams } from './upstream.ts';

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
  /** The other threads that carry the same traffic; undefined: this one is alone. */
  crew: Crew | undefined;
  /** One word of memory all threads of the crew write to. */
  fence: Int32Array<SharedArrayBuffer> | undefined;
  sharedClients: SharedClients | undefined;
  readonly post: (report: EngineReport) => void;
  /** Reports a bug that ended one connection. */
  readonly fault: (error: unknown) => void;
  /** What closes many connections puts them here. */
  readonly deferred: DeferredWork;
  /** Set by `stop`: answers carry Connection: close from then on. */
  stopping: boolean;
  /** What drain.ts called the exchange it listed last. */
  lastListedId: number;
}

export interface PoolState {
  name: string;
  /** Counts what no backend was tried for. */
  row: Row;
  plan: PoolPlan;
  /** Null: backends are spoken to in clear text. */
  tls: UpstreamTls | null;
  selector: Selector<BackendState>;
  backends: BackendState[];
  /** Requests that wait for a backend with room. */
  readonly queue: WaitQueue<Applicant>;
  /** Written by exchanges. */
  readonly load: { -readonly [count in keyof RetryLoad]: RetryLoad[count] };
  /** Set while requests wait for room that other threads may leave: shared-queue.ts. */
  look: NodeJS.Timeout | undefined;
  releases: number;
}

/** The identity of a backend for as long as it keeps its row, whatever it and its pool are called. */
export interface BackendState extends Selectable {
  name: string;
  readonly slot: number;
  readonly row: Row;
  readonly pool: PoolState;
  /** Another one when its pool changes its protocol. */
  upstreams: Upstreams;
  readonly drain: DrainDeadline;
  host: string;
  port: number;
  weight: number;
  admin: AdminState;
  role: BackendRole;
  /** Written by `apply` and `set-health`. */
  usable: boolean;
  /** Under way from this thread; written by exchanges, mirrored in the row. */
  ownInFlight: number;
  /** The rows of the other threads for this backend; empty while there is one thread. */
  elsewhere: readonly Float64Array[];
  /** Under way from all threads: what policies and limits go by. */
  readonly inFlight: number;
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
  trusted: TrustedProxies;
  /** Null: clear text. */
  tls: TlsFront | null;
}

/** What a listener needs of its connections, whatever they speak. */
export interface ClientHandle {
  readonly listener: ListenerState;
  /** A request or a tunnel is under way, or an answer is not delivered yet. */
  readonly busy: boolean;
  /** Calls `visit` for every request and tunnel under way. */
  visitExchanges?(visit: (exchange: Exchange) => void): void;
  /** Closes now when idle, else after the exchange under way. */
  retire(): void;
  /** Closes now, whatever it is doing. */
  destroy(): void;
}
