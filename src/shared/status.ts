// Status: the serializable picture of what the engine and the health checker know now. The window, the tray
// and the HTTP API all read this; nobody downstream recomputes truth from it.
import { z } from 'zod';
import { AdminState, BackendRole } from './config/backend.ts';
import { PolicyName } from './config/pool.ts';

/** What the probes alone say. `unchecked`: the pool has no health check. */
export const HealthState = z.enum(['unchecked', 'checking', 'up', 'failing', 'down', 'recovering']);
export type HealthState = z.infer<typeof HealthState>;

/** Admin intent and health joined: the one word shown to people. See `effectiveState`. */
export const EffectiveState = z.enum([
  'up',
  'failing',
  'recovering',
  'down',
  'checking',
  'unchecked',
  'draining',
  'drained',
  'disabled',
]);
export type EffectiveState = z.infer<typeof EffectiveState>;

/**
 * The word for a backend. Disabled wins (someone decided it); then bad health, because health
 * outranks drain; then drain, which becomes `drained` once nothing is in flight.
 */
export function effectiveState(admin: AdminState, health: HealthState, inFlight: number): EffectiveState {
  if (admin === 'disabled') return 'disabled';
  if (health === 'down' || health === 'failing' || health === 'recovering') return health;
  if (admin === 'draining') return inFlight > 0 ? 'draining' : 'drained';
  return health;
}

/** Whether probes allow traffic. Admin state and role are separate questions. */
export function healthUsable(health: HealthState): boolean {
  return health === 'up' || health === 'failing' || health === 'unchecked';
}

const BADNESS: Readonly<Record<HealthState, number>> = {
  unchecked: 0,
  checking: 1,
  up: 2,
  recovering: 3,
  failing: 4,
  down: 5,
};

/**
 * Which of two healths stands for a stretch of time in which one backend had both. Bad ones outrank good
 * ones. Waiting for a first result is not bad: a moment of it, as at every start, must not hide the `up`
 * that was found.
 */
export function worseHealth(a: HealthState, b: HealthState): HealthState {
  return BADNESS[a] >= BADNESS[b] ? a : b;
}

/** One finished probe. `code` is layered: `L4 connection refused`, `L7 200`, `L7 body mismatch`. */
export const CheckResult = z.object({
  /** Start of the probe, ms since the epoch. */
  at: z.number(),
  ok: z.boolean(),
  code: z.string(),
  tookMs: z.number(),
  /** A sentence: which assertion failed and what was seen. Empty when there is nothing to add. */
  detail: z.string(),
});
export type CheckResult = z.infer<typeof CheckResult>;

/** Position in a run of equal results: failing 2 of 3, recovering 1 of 2. */
export const HealthProgress = z.object({ count: z.number(), of: z.number() });
export type HealthProgress = z.infer<typeof HealthProgress>;

/** Percentiles over the last minute; null while there was no request in it. */
export const Latency = z.object({
  p50: z.number().nullable(),
  p95: z.number().nullable(),
  p99: z.number().nullable(),
});
export type Latency = z.infer<typeof Latency>;

/** A drain of a backend, from the moment it was asked for until the backend is enabled or disabled. */
export const DrainStatus = z.object({
  /** ms since the epoch. */
  since: z.number(),
  /** When what is left is closed, ms since the epoch; null: never. */
  deadline: z.number().nullable(),
  /** Requests and tunnels that were in flight when it began; 0 when Sluice itself began later. */
  startedWith: z.number(),
  /** How many of them Sluice closed, at the deadline or because someone asked; the others finished. */
  closed: z.number(),
});
export type DrainStatus = z.infer<typeof DrainStatus>;

/** One request or upgraded connection that a backend has under way. */
export const ConnectionStatus = z.object({
  /** Of this request only: the next one of the same client has another. */
  id: z.number(),
  /** `upgrade`: a protocol other than WebSocket. */
  kind: z.enum(['http', 'websocket', 'upgrade']),
  method: z.string(),
  /** With the query. */
  path: z.string(),
  /** Address of the client. */
  client: z.string(),
  ageMs: z.number(),
  /** Since bytes last came or went, to a tenth of a second. */
  idleMs: z.number(),
  /** From the client and to it. */
  bytesIn: z.number(),
  bytesOut: z.number(),
});
export type ConnectionStatus = z.infer<typeof ConnectionStatus>;

export const BackendStatus = z.object({
  name: z.string(),
  address: z.string(),
  role: BackendRole,
  admin: AdminState,
  health: HealthState,
  /** Set while failing or recovering. */
  progress: HealthProgress.nullable(),
  state: EffectiveState,
  /** When `state` was entered, ms since the epoch. */
  since: z.number(),
  /** Why it is out of service or about to be; empty otherwise. */
  cause: z.string(),
  weight: z.number(),
  /** Share of new requests it should get now, 0 to 1. */
  targetShare: z.number(),
  /** Share it got over the last 60 s, 0 to 1; null while the pool had no request. */
  actualShare: z.number().nullable(),
  inFlight: z.number(),
  /** Of `inFlight`, how many are upgraded connections such as WebSockets. */
  tunnels: z.number(),
  /** Set while `admin` is draining. */
  drain: DrainStatus.nullable(),
  /** Totals since this process started. */
  requests: z.number(),
  /** Attempts that failed without an answer. */
  errors: z.number(),
  /** Attempts here that were repeated on another backend: they failed, or had a status the pool retries. */
  retries: z.number(),
  /**
   * Requests sent once more to the same backend, because the kept connection they went out on ended without an
   * answer: either it was closed for idleness in that very moment, or the backend drops requests.
   */
  resends: z.number(),
  /** Its answers by the hundred: how many 1xx, 2xx, 3xx, 4xx and 5xx. */
  responses: z.array(z.number()).length(5),
  /** Sum of response times since this process started, ms, and of how many: only answers that went well have one. */
  latencySumMs: z.number(),
  latencyCount: z.number(),
  /** Over the last 10 s. */
  requestsPerS: z.number(),
  /** 4xx answers over the last 60 s, in percent; null while there was no request. */
  clientErrorPct: z.number().nullable(),
  /** 5xx answers and attempts that failed over the last 60 s, in percent; null while there was no request. */
  serverErrorPct: z.number().nullable(),
  /** The same as a count. */
  failuresLastMinute: z.number(),
  /** `retries` of the last 60 s. */
  retriesLastMinute: z.number(),
  latencyMs: Latency,
  lastCheck: CheckResult.nullable(),
});
export type BackendStatus = z.infer<typeof BackendStatus>;

/** Worst relevant child: all down → down; some out → degraded; nothing enabled → off. */
export const PoolCondition = z.enum(['up', 'degraded', 'down', 'checking', 'off', 'empty']);
export type PoolCondition = z.infer<typeof PoolCondition>;

export const PoolStatus = z.object({
  name: z.string(),
  policy: PolicyName,
  state: PoolCondition,
  /** How many backends can take a new request now. */
  serving: z.number(),
  /** Over the last 10 s, `unservedPerS` included, as in `errorsPerS`. */
  requestsPerS: z.number(),
  /** Requests that went to backends over the last 60 s, what `actualShare` is computed from. */
  requestsLastMinute: z.number(),
  errorsPerS: z.number(),
  /** Over the last 60 s: 5xx answers, failed attempts, and what no backend was tried for. */
  failuresLastMinute: z.number(),
  /**
   * Over the last 60 s: attempts that were repeated on another backend because they failed or had a status the
   * pool retries. Says nothing of how the next attempt went.
   */
  retriesLastMinute: z.number(),
  /** Requests Sluice answered itself because no backend could be tried: none can serve, queue full or too slow. */
  unservedPerS: z.number(),
  /** The same since this process started. */
  unserved: z.number(),
  inFlight: z.number(),
  latencyMs: Latency,
  backends: z.array(BackendStatus),
});
export type PoolStatus = z.infer<typeof PoolStatus>;

export const ListenerStatus = z.object({
  name: z.string(),
  /** `starting` until the engine answered; `failed` keeps being retried. */
  state: z.enum(['starting', 'listening', 'failed']),
  /** `host:port` as bound, with the port the system gave for port 0. */
  address: z.string(),
  error: z.string().optional(),
  /** `host:port` of before, which a `failed` one goes on serving until it has `address`. */
  servedAddress: z.string().optional(),
  connections: z.number(),
  /** Closed as they came, because the listener had enough; since start. */
  connectionsRefused: z.number(),
  requests: z.number(),
  requestsPerS: z.number(),
});
export type ListenerStatus = z.infer<typeof ListenerStatus>;

export const Status = z.object({
  /** ms since the epoch. */
  at: z.number(),
  /** Newest saved revision. */
  revision: z.number(),
  /** Revision the engine confirmed it runs. Differs from `revision` only for moments, or when the engine is gone. */
  appliedRevision: z.number(),
  listeners: z.array(ListenerStatus),
  pools: z.array(PoolStatus),
});
export type Status = z.infer<typeof Status>;

/** What the process itself costs; pushed every 2 s. */
export const SystemStatus = z.object({
  at: z.number(),
  /** Threads that carry traffic. */
  engineWorkers: z.number(),
  /** Set when there are fewer than the Config asks for, for a reason a person should know. */
  engineNotice: z.string().nullable(),
  /** Of one core, whole process, 0 to 100 × cores. */
  cpuPct: z.number(),
  memoryBytes: z.number(),
  historyBytes: z.number(),
  /** How far back samples are kept, s. */
  retentionS: z.number(),
  /** Set when history was set aside (corrupt or from a newer version) or cannot be written. */
  storeNotice: z.string().nullable(),
  /** Set when the watched config file holds something that was not imported. */
  configNotice: z.string().nullable(),
  demoRunning: z.boolean(),
});
export type SystemStatus = z.infer<typeof SystemStatus>;
