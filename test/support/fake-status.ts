// Projects the fake core's state into Status, samples and history. Pure in its state, including time.
import type { BackendConfig } from '#shared/config/backend.ts';
import type { PoolConfig } from '#shared/config/pool.ts';
import { formatAddress } from '#shared/config/primitives.ts';
import type { HistoryQuery, HistoryResult, Sample, TrafficPoint } from '#shared/history.ts';
import {
  type BackendStatus,
  effectiveState,
  type HealthState,
  healthUsable,
  type ListenerStatus,
  type PoolState,
  type PoolStatus,
  type Status,
} from '#shared/status.ts';
import { fakeDrain } from './fake-connections.ts';
import type { FakeState } from './fake-core.ts';
import type { BackendScript } from './fake-scene.ts';
import { addPoints, trafficSecond } from './fake-traffic.ts';

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
  return state.scripts.get(`${pool.name}/${backend}`) ?? (pool.healthCheck ? UP_WITH_CHECK : UP);
}

function adminOf(state: FakeState, pool: PoolConfig, backend: BackendConfig) {
  return state.intents.get(`${pool.name}/${backend.name}`)?.state ?? backend.state;
}

function healthOf(state: FakeState, pool: PoolConfig, backend: BackendConfig): HealthState {
  if (!pool.healthCheck) return 'unchecked';
  return scriptOf(state, pool, backend.name).health.at(-1)?.health ?? 'up';
}

/** Share of new requests by backend name. */
function shares(state: FakeState, pool: PoolConfig): Map<string, number> {
  const weights = pool.backends.map((backend) => {
    const usable =
      adminOf(state, pool, backend) === 'enabled' && healthUsable(healthOf(state, pool, backend));
    if (!usable) return 0;
    return pool.policy === 'round-robin' ? 1 : backend.weight;
  });
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return new Map(pool.backends.map((backend, i) => [backend.name, sum === 0 ? 0 : (weights[i] ?? 0) / sum]));
}

function poolStatus(state: FakeState, pool: PoolConfig): PoolStatus {
  const rate = state.scene.rates[pool.name] ?? 0;
  const share = shares(state, pool);
  const backends = pool.backends.map((backend, i) =>
    backendStatus(state, pool, backend, share.get(backend.name) ?? 0, i),
  );
  const flowing = backends.filter((backend) => backend.targetShare > 0);
  const serving = flowing.length;
  return {
    name: pool.name,
    policy: pool.policy,
    state: poolState(backends, serving),
    serving,
    requestsPerS: serving > 0 ? rate : 0,
    requestsLastMinute: serving > 0 ? rate * 60 - 20 : 0,
    errorsPerS: flowing.reduce(
      (sum, backend) => sum + (backend.requestsPerS * (backend.serverErrorPct ?? 0)) / 100,
      0,
    ),
    unservedPerS: 0,
    unserved: 0,
    inFlight: backends.reduce((sum, backend) => sum + backend.inFlight, 0),
    latencyMs: {
      p50: weighted(flowing, 'p50'),
      p95: weighted(flowing, 'p95'),
      p99: weighted(flowing, 'p99'),
    },
    backends,
  };
}

function weighted(backends: readonly BackendStatus[], key: 'p50' | 'p95' | 'p99'): number | null {
  const busy = backends.filter((backend) => backend.requestsPerS > 0);
  if (busy.length === 0) return null;
  return busy.reduce((sum, backend) => sum + (backend.latencyMs[key] ?? 0) * backend.targetShare, 0);
}

function poolState(backends: readonly BackendStatus[], serving: number): PoolState {
  if (backends.length === 0) return 'empty';
  const wanted = backends.filter((backend) => backend.admin === 'enabled');
  if (wanted.length === 0) return 'off';
  if (wanted.every((backend) => backend.health === 'checking')) return 'checking';
  if (serving === 0) return 'down';
  return backends.every((backend) => backend.state === 'up' || backend.state === 'unchecked')
    ? 'up'
    : 'degraded';
}

function backendStatus(
  state: FakeState,
  pool: PoolConfig,
  backend: BackendConfig,
  share: number,
  index: number,
): BackendStatus {
  const script = scriptOf(state, pool, backend.name);
  const admin = adminOf(state, pool, backend);
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
    cause: script.cause ?? '',
    weight: backend.weight,
    targetShare: share,
    actualShare: (state.scene.rates[pool.name] ?? 0) > 0 ? Math.max(0, share + drift) : null,
    inFlight,
    tunnels: inFlight === 0 ? 0 : (script.tunnels ?? 0),
    drain: fakeDrain(state, pool, backend.name),
    requests: Math.round(rate * 4000),
    errors: Math.round(rate * 40 * ((script.serverErrorPct ?? 0) / 100)),
    requestsPerS: Math.round(rate),
    clientErrorPct: busy ? (script.clientErrorPct ?? 0) : null,
    serverErrorPct: busy ? (script.serverErrorPct ?? 0) : null,
    responses: [0, Math.round(rate * 3990), 0, Math.round(rate * 10), 0],
    latencySumMs: rate * 4000 * (script.latencyMs?.p50 ?? 4),
    latencyMs: busy ? (script.latencyMs ?? { p50: 4, p95: 9, p99: 16 }) : { p50: null, p95: null, p99: null },
    lastCheck: pool.healthCheck && script.check ? { ...script.check, at: state.now - 700 } : null,
  };
}

/** The second that ends now. */
export function fakeSample(state: FakeState): Sample {
  const pools: Sample['pools'] = {};
  for (const pool of state.config.pools) {
    const backends = poolSecond(state, pool, Math.round(state.now / 1000));
    if (Object.keys(backends).length > 0)
      pools[pool.name] = { total: addPoints(Object.values(backends)), backends };
  }
  return { at: state.now, pools };
}

function poolSecond(state: FakeState, pool: PoolConfig, second: number): Record<string, TrafficPoint> {
  const rate = state.scene.rates[pool.name] ?? 0;
  const share = shares(state, pool);
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

const WORST: readonly HealthState[] = ['down', 'failing', 'recovering', 'checking', 'up', 'unchecked'];

export function fakeHistory(state: FakeState, query: HistoryQuery): HistoryResult {
  const bucketMs = (query.to - query.from) / query.buckets;
  const starts = Array.from({ length: query.buckets }, (_, i) => query.from + i * bucketMs);
  const series = state.config.pools
    .filter((pool) => query.pool === undefined || pool.name === query.pool)
    .flatMap((pool) =>
      pool.backends
        .filter((backend) => query.backend === undefined || backend.name === query.backend)
        .map((backend) => ({
          pool: pool.name,
          backend: backend.name,
          traffic: query.traffic ? starts.map((at) => bucketTraffic(state, pool, backend, at, bucketMs)) : [],
          health: starts.map((at) => bucketHealth(state, pool, backend, at, at + bucketMs)),
        })),
    );
  return {
    from: query.from,
    to: query.to,
    bucketMs,
    total: query.traffic ? starts.map((_, i) => sumOf(series.map((one) => one.traffic[i] ?? null))) : [],
    series: query.series ? series : [],
    markers: markers(state, query),
  };
}

/** Null while nobody knows anything, as the core says it. */
function sumOf(points: readonly (TrafficPoint | null)[]): TrafficPoint | null {
  const known = points.filter((point) => point !== null);
  return known.length === 0 ? null : addPoints(known);
}

function bucketTraffic(
  state: FakeState,
  pool: PoolConfig,
  backend: BackendConfig,
  at: number,
  bucketMs: number,
): TrafficPoint | null {
  if (at < state.startedAt || at >= state.now) return null;
  const rate = (state.scene.rates[pool.name] ?? 0) * (shares(state, pool).get(backend.name) ?? 0);
  const salt = pool.backends.indexOf(backend) + 1;
  const one = trafficSecond(
    Math.round((at + bucketMs) / 1000),
    salt,
    rate,
    scriptOf(state, pool, backend.name),
  );
  const seconds = bucketMs / 1000;
  if (seconds <= 1) return one;
  const scale = (count: number) => Math.round(count * seconds);
  return {
    ...one,
    requests: scale(one.requests),
    status2xx: scale(one.status2xx),
    status4xx: scale(one.status4xx),
    status5xx: scale(one.status5xx),
    bytesIn: scale(one.bytesIn),
    bytesOut: scale(one.bytesOut),
  };
}

function bucketHealth(
  state: FakeState,
  pool: PoolConfig,
  backend: BackendConfig,
  from: number,
  to: number,
): HealthState | null {
  if (to <= state.startedAt || from > state.now) return null;
  if (!pool.healthCheck) return 'unchecked';
  const sceneStart = state.startedAt + 3 * 3_600_000;
  const steps = scriptOf(state, pool, backend.name).health;
  const held = steps.filter((step, i) => {
    const start = sceneStart - step.agoMs;
    const next = steps[i + 1];
    const end = next ? sceneStart - next.agoMs : Number.POSITIVE_INFINITY;
    return start < to && end > from;
  });
  const worst = held.map((step) => WORST.indexOf(step.health)).sort((a, b) => a - b)[0];
  return worst === undefined ? null : (WORST[worst] ?? null);
}

function markers(state: FakeState, query: HistoryQuery): HistoryResult['markers'] {
  const revisions = state.revisions.map(({ summary }) => ({
    at: summary.at,
    pool: null,
    text: `r${summary.revision} ${summary.changes[0] ?? ''}`.trim(),
  }));
  const drains = [...state.intents]
    .filter(([, intent]) => intent.state === 'draining')
    .map(([key, intent]) => {
      const [pool = '', backend = ''] = key.split('/');
      return { at: intent.at, pool, text: `drain ${backend}` };
    });
  return [...revisions, ...drains].filter(
    ({ at, pool }) =>
      at >= query.from && at < query.to && (pool === null || query.pool === undefined || pool === query.pool),
  );
}
