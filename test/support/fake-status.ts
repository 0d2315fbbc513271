// Projects the fake core's state into Status and samples; who serves and what that makes of a pool is
// decided by the core's own rules. Pure in its state, including time.
import { backendKey } from '#shared/backend-ref.ts';
import type { BackendConfig } from '#shared/config/backend.ts';
import type { PoolConfig } from '#shared/config/pool.ts';
import { formatAddress } from '#shared/config/primitives.ts';
import type { Sample, TrafficPoint } from '#shared/history.ts';
import {
  type BackendStatus,
  effectiveState,
  type HealthState,
  healthUsable,
  type ListenerStatus,
  type PoolStatus,
  type Status,
} from '#shared/status.ts';
import { poolCondition, targetShares } from '../../src/main/app/status.ts';
import { eligibleBackends } from '../../src/main/engine/eligible.ts';
import { fakeAdminOf } from './fake-configuration.ts';
import { fakeDrain } from './fake-connections.ts';
import type { FakeState } from './fake-core.ts';
import type { BackendScript } from './fake-scene.ts';
import { addPoints, emptyPoint, trafficSecond } from './fake-traffic.ts';

const UP: BackendScript = { health: [{ agoMs: 3 * 3_600_000, health: 'up' }] };
const UP_WITH_CHECK: BackendScript = { ...UP, check: { ok: true, code: 'L7 200', tookMs: 2, detail: '' } };

export function fakeStatus(state: FakeState): Status {
  return {
    at: state.now,
    revision: state.revisions[0]?.summary.revision ?? 0,
    appliedRevision: state.appliedRevision,
    listeners: state.config.listeners.map((listener): ListenerStatus => {
      const scripted = state.listeners.get(listener.name) ?? { state: 'listening' };
      const { state: word, error, servedAddress, connectionsRefused = 0 } = scripted;
      const busy = word === 'listening' || servedAddress !== undefined;
      return {
        name: listener.name,
        state: word,
        address: formatAddress(listener.host, listener.port === 0 ? 40_000 : listener.port),
        ...(error === undefined ? {} : { error }),
        ...(servedAddress === undefined ? {} : { servedAddress }),
        connections: busy ? 14 : 0,
        connectionsRefused,
        requests: busy ? 1_204_877 : 0,
        requestsPerS: busy ? listenerRate(state, listener.name) : 0,
      };
    }),
    pools: state.config.pools.map((pool) => poolStatus(state, pool)),
  };
}

function listenerRate(state: FakeState, name: string): number {
  const routes = state.config.listeners.find((listener) => listener.name === name)?.routes ?? [];
  return routes.reduce((sum, route) => sum + (state.scene.rates[route.pool] ?? 0), 0);
}

export function scriptOf(state: FakeState, pool: PoolConfig, backend: string): BackendScript {
  return state.scripts.get(backendKey(pool.name, backend)) ?? (pool.healthCheck ? UP_WITH_CHECK : UP);
}

function healthOf(state: FakeState, pool: PoolConfig, backend: BackendConfig): HealthState {
  if (!pool.healthCheck) return 'unchecked';
  return scriptOf(state, pool, backend.name).health.at(-1)?.health ?? 'up';
}

/** Who may get new requests, by the rules of the engine. */
function eligible(state: FakeState, pool: PoolConfig) {
  const candidates = pool.backends.map((backend) => ({
    name: backend.name,
    weight: backend.weight,
    role: backend.role,
    admin: fakeAdminOf(state, pool.name, backend),
    usable: healthUsable(healthOf(state, pool, backend)),
  }));
  return eligibleBackends(candidates, pool.whenAllDown === 'forward');
}

/** Share of new requests by backend name; who gets none is not in it. */
export function sharesOf(state: FakeState, pool: PoolConfig): ReadonlyMap<string, number> {
  return targetShares(pool, eligible(state, pool));
}

function poolStatus(state: FakeState, pool: PoolConfig): PoolStatus {
  const rate = state.scene.rates[pool.name] ?? 0;
  const share = sharesOf(state, pool);
  const backends = pool.backends.map((backend, i) =>
    backendStatus(state, pool, backend, share.get(backend.name) ?? 0, i),
  );
  const flowing = backends.filter((backend) => backend.targetShare > 0);
  const serving = eligible(state, pool).length;
  return {
    name: pool.name,
    policy: pool.policy,
    state: poolCondition(backends, serving),
    serving,
    requestsPerS: rate,
    requestsLastMinute: serving > 0 ? rate * 60 - 20 : 0,
    errorsPerS: flowing.reduce(
      (sum, backend) => sum + (backend.requestsPerS * (backend.serverErrorPct ?? 0)) / 100,
      0,
    ),
    failuresLastMinute: sumOf(backends, 'failuresLastMinute') + (serving > 0 ? 0 : rate * 60),
    retriesLastMinute: sumOf(backends, 'retriesLastMinute'),
    unservedPerS: serving > 0 ? 0 : rate,
    unserved: 0,
    inFlight: sumOf(backends, 'inFlight'),
    latencyMs: {
      p50: weighted(flowing, 'p50'),
      p95: weighted(flowing, 'p95'),
      p99: weighted(flowing, 'p99'),
    },
    backends,
  };
}

function sumOf(
  backends: readonly BackendStatus[],
  count: 'failuresLastMinute' | 'retriesLastMinute' | 'inFlight',
): number {
  return backends.reduce((sum, backend) => sum + backend[count], 0);
}

function weighted(backends: readonly BackendStatus[], key: 'p50' | 'p95' | 'p99'): number | null {
  const busy = backends.filter((backend) => backend.requestsPerS > 0);
  if (busy.length === 0) return null;
  return busy.reduce((sum, backend) => sum + (backend.latencyMs[key] ?? 0) * backend.targetShare, 0);
}

function backendStatus(
  state: FakeState,
  pool: PoolConfig,
  backend: BackendConfig,
  share: number,
  index: number,
): BackendStatus {
  const script = scriptOf(state, pool, backend.name);
  const admin = fakeAdminOf(state, pool.name, backend);
  const health = healthOf(state, pool, backend);
  const rate = (state.scene.rates[pool.name] ?? 0) * share;
  const inFlight =
    admin === 'disabled' ? 0 : rate > 0 || admin === 'draining' ? (script.inFlight ?? (rate > 0 ? 1 : 0)) : 0;
  const intentAt = state.intents.get(`${pool.name}/${backend.name}`)?.at;
  const healthAt = state.startedAt + 3 * 3_600_000 - (script.health.at(-1)?.agoMs ?? 0);
  const busy = rate > 0;
  // What a minute of picks leaves between target and actual.
  const drift = busy ? (index % 2 === 0 ? -0.002 : 0.003) * (share > 0.2 ? 1 : 0.4) : 0;
  return {
    name: backend.name,
    address: backend.address,
    role: backend.role,
    admin,
    health,
    progress: script.progress ?? null,
    state: effectiveState(admin, health, inFlight),
    since: admin === 'enabled' ? healthAt : (intentAt ?? healthAt),
    cause: health === 'up' || health === 'unchecked' ? '' : (script.cause ?? ''),
    weight: backend.weight,
    targetShare: share,
    actualShare: (state.scene.rates[pool.name] ?? 0) > 0 ? Math.max(0, share + drift) : null,
    inFlight,
    tunnels: inFlight === 0 ? 0 : (script.tunnels ?? 0),
    drain: fakeDrain(state, pool, backend.name),
    requests: Math.round(rate * 4000),
    errors: percentOf(script.serverErrorPct, rate * 40),
    retries: percentOf(script.retriedPct, rate * 40),
    resends: 0,
    failuresLastMinute: percentOf(script.serverErrorPct, rate * 60),
    retriesLastMinute: percentOf(script.retriedPct, rate * 60),
    requestsPerS: Math.round(rate),
    clientErrorPct: busy ? (script.clientErrorPct ?? 0) : null,
    serverErrorPct: busy ? (script.serverErrorPct ?? 0) : null,
    responses: [0, Math.round(rate * 3990), 0, Math.round(rate * 10), 0],
    latencySumMs: rate * 4000 * (script.latencyMs?.p50 ?? 4),
    latencyCount: Math.round(rate * 4000),
    latencyMs: busy ? (script.latencyMs ?? { p50: 4, p95: 9, p99: 16 }) : { p50: null, p95: null, p99: null },
    lastCheck: pool.healthCheck && script.check ? { ...script.check, at: state.now - 700 } : null,
  };
}

function percentOf(pct: number | undefined, count: number): number {
  return Math.round((count * (pct ?? 0)) / 100);
}

/** The second that ends now. */
export function fakeSample(state: FakeState): Sample {
  const pools: Sample['pools'] = {};
  for (const pool of state.config.pools) {
    const backends = poolSecond(state, pool, Math.round(state.now / 1000));
    const unserved = eligible(state, pool).length > 0 ? 0 : (state.scene.rates[pool.name] ?? 0);
    const away = { ...emptyPoint(), requests: unserved, errors: unserved };
    const total = addPoints([...Object.values(backends), away]);
    if (total.requests > 0) pools[pool.name] = { total, backends };
  }
  return { at: state.now, pools };
}

function poolSecond(state: FakeState, pool: PoolConfig, second: number): Record<string, TrafficPoint> {
  const rate = state.scene.rates[pool.name] ?? 0;
  const share = sharesOf(state, pool);
  const points: Record<string, TrafficPoint> = {};
  pool.backends.forEach((backend, i) => {
    const point = trafficSecond(
      second,
      i + 1,
      rate * (share.get(backend.name) ?? 0),
      scriptOf(state, pool, backend.name),
    );
    if (point.requests > 0) points[backend.name] = point;
  });
  return points;
}
