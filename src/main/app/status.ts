// Projects Config, health and counters into the Status everyone reads. Pure over what it is given: it keeps
// nothing, so a Status can never disagree with its sources. core-parts.ts gives it what it needs, live.ts
// says when.
import type { BackendConfig } from '#shared/config/backend.ts';
import type { Config } from '#shared/config/config.ts';
import type { ListenerConfig } from '#shared/config/listener.ts';
import type { PoolConfig } from '#shared/config/pool.ts';
import { formatAddress } from '#shared/config/primitives.ts';
import {
  type BackendStatus,
  effectiveState,
  healthUsable,
  type Latency,
  type ListenerStatus,
  type PoolCondition,
  type PoolStatus,
  type Status,
} from '#shared/status.ts';
import { eligibleBackends } from '../engine/eligible.ts';
import type { ListenerReport } from '../engine/messages.ts';
import type { SlotTable } from '../engine/slots.ts';
import { COUNTER } from '../engine/telemetry/layout.ts';
import type { Reader } from '../engine/telemetry/reader.ts';
import type { Configuration } from './configuration.ts';
import type { Drains } from './drains.ts';
import type { HealthLink } from './health-link.ts';

export interface StatusSources {
  configuration: Configuration;
  health: HealthLink;
  drains: Drains;
  slots: SlotTable;
  reader: Reader;
  /** The counters of a row as they are now. */
  counters(slot: number): ArrayLike<number>;
  /** What the engine last said about each listener. */
  listeners: ReadonlyMap<string, ListenerReport>;
  appliedRevision: number;
  startedAt: number;
}

export function projectStatus(sources: StatusSources, at: number): Status {
  const { revision, config } = sources.configuration.current();
  return {
    at,
    revision,
    appliedRevision: sources.appliedRevision,
    listeners: config.listeners.map((listener) => listenerStatus(sources, listener)),
    pools: poolStatuses(sources, config),
  };
}

function listenerStatus(sources: StatusSources, listener: ListenerConfig): ListenerStatus {
  const slot = sources.slots.listenerSlot(listener.name);
  const report = sources.listeners.get(listener.name);
  const totals = sources.counters(slot);
  const status: ListenerStatus = {
    name: listener.name,
    state: report?.state ?? 'starting',
    address: report ? formatAddress(report.host, report.port) : formatAddress(listener.host, listener.port),
    connections: totals[COUNTER.connections] ?? 0,
    connectionsRefused: totals[COUNTER.connectionsRefused] ?? 0,
    requests: totals[COUNTER.requests] ?? 0,
    requestsPerS: sources.reader.window(slot).requestsPerS,
  };
  if (report?.error) status.error = report.error;
  if (report?.servedAddress !== undefined) status.servedAddress = report.servedAddress;
  return status;
}

function poolStatuses(sources: StatusSources, config: Config): PoolStatus[] {
  return config.pools.map((pool) => poolStatus(sources, pool));
}

function poolStatus(sources: StatusSources, pool: PoolConfig): PoolStatus {
  const { reader, slots, configuration, health } = sources;
  const slotOf = (backend: BackendConfig) => slots.backendSlot(pool.name, backend.name);
  const candidates = pool.backends.map((backend) => ({
    name: backend.name,
    weight: backend.weight,
    role: backend.role,
    admin: configuration.adminOf(pool.name, backend),
    usable: health.usable(pool.name, backend.name),
    inFlight: 0,
  }));
  const eligible = eligibleBackends(candidates, pool.whenAllDown === 'forward');
  const shares = targetShares(pool, eligible);
  const merged = reader.merged(pool.backends.map(slotOf));
  const ownSlot = slots.poolSlot(pool.name);
  const unserved = reader.window(ownSlot);
  const backends = pool.backends.map((backend) =>
    backendStatus(sources, pool, backend, shares.get(backend.name) ?? 0, merged.requests),
  );
  return {
    name: pool.name,
    policy: pool.policy,
    state: poolCondition(backends, eligible.length),
    serving: eligible.length,
    requestsPerS: merged.requestsPerS + unserved.requestsPerS,
    requestsLastMinute: merged.requests,
    errorsPerS: merged.errorsPerS + unserved.errorsPerS,
    failuresLastMinute: merged.failures + unserved.failures,
    retriesLastMinute: merged.retries,
    unservedPerS: unserved.requestsPerS,
    unserved: sources.counters(ownSlot)[COUNTER.requests] ?? 0,
    inFlight: backends.reduce((sum, backend) => sum + backend.inFlight, 0),
    latencyMs: latencyOf(merged),
    backends,
  };
}

/** What the policy aims at. Round-robin ignores weights; the others follow them in the long run. */
export function targetShares(
  pool: PoolConfig,
  eligible: readonly { name: string; weight: number }[],
): Map<string, number> {
  const weightOf = (backend: { weight: number }) => (pool.policy === 'round-robin' ? 1 : backend.weight);
  const total = eligible.reduce((sum, backend) => sum + weightOf(backend), 0);
  return new Map(eligible.map((backend) => [backend.name, total === 0 ? 0 : weightOf(backend) / total]));
}

function backendStatus(
  sources: StatusSources,
  pool: PoolConfig,
  backend: BackendConfig,
  targetShare: number,
  poolRequests: number,
): BackendStatus {
  const { reader, slots, configuration } = sources;
  const slot = slots.backendSlot(pool.name, backend.name);
  const totals = sources.counters(slot);
  const window = reader.window(slot);
  const health = sources.health.of(pool.name, backend.name);
  const admin = configuration.adminOf(pool.name, backend);
  const inFlight = totals[COUNTER.inFlight] ?? 0;
  const state = effectiveState(admin, health.state, inFlight);
  return {
    name: backend.name,
    address: backend.address,
    role: backend.role,
    admin,
    health: health.state,
    progress: health.progress,
    state,
    since: enteredAt(sources, pool.name, backend.name, state),
    cause: health.state === 'up' || health.state === 'unchecked' ? '' : health.cause,
    weight: backend.weight,
    targetShare,
    actualShare: poolRequests === 0 ? null : window.requests / poolRequests,
    inFlight,
    tunnels: totals[COUNTER.tunnels] ?? 0,
    drain: sources.drains.of(pool.name, backend.name, pool.drainMs),
    requests: totals[COUNTER.requests] ?? 0,
    errors: totals[COUNTER.errors] ?? 0,
    retries: totals[COUNTER.retries] ?? 0,
    resends: totals[COUNTER.resends] ?? 0,
    responses: [0, 1, 2, 3, 4].map((i) => totals[COUNTER.status1xx + i] ?? 0),
    latencySumMs: (totals[COUNTER.latencySumUs] ?? 0) / 1000,
    latencyCount: totals[COUNTER.latencyCount] ?? 0,
    requestsPerS: window.requestsPerS,
    clientErrorPct: window.clientErrorPct,
    serverErrorPct: window.serverErrorPct,
    failuresLastMinute: window.failures,
    retriesLastMinute: window.retries,
    latencyMs: latencyOf(window),
    lastCheck: health.lastCheck,
  };
}

/** States made by hand began with the intent; all others with the health state. */
function enteredAt(
  sources: StatusSources,
  pool: string,
  backend: string,
  state: BackendStatus['state'],
): number {
  if (state === 'draining' || state === 'drained' || state === 'disabled') {
    return sources.configuration.intentOf(pool, backend)?.at ?? sources.startedAt;
  }
  return sources.health.of(pool, backend).since || sources.startedAt;
}

/** Worst relevant child: backends taken out by hand or kept as backups do not make a pool degraded. */
export function poolCondition(
  backends: readonly Pick<BackendStatus, 'admin' | 'health'>[],
  serving: number,
): PoolCondition {
  if (backends.length === 0) return 'empty';
  const enabled = backends.filter((backend) => backend.admin === 'enabled');
  if (enabled.length === 0) return 'off';
  if (serving === 0) return enabled.some((backend) => backend.health === 'checking') ? 'checking' : 'down';
  const well = enabled.every((backend) => healthUsable(backend.health) && backend.health !== 'failing');
  return well ? 'up' : 'degraded';
}

function latencyOf(window: { p50Ms: number | null; p95Ms: number | null; p99Ms: number | null }): Latency {
  return { p50: window.p50Ms, p95: window.p95Ms, p99: window.p99Ms };
}
