// What the fake core remembers: traffic as a function of time, health as the scene tells it. Buckets of
// health are made by the core's own rule. Pure in its state, including time.
import { splitBackendKey } from '#shared/backend-ref.ts';
import type { BackendConfig } from '#shared/config/backend.ts';
import type { Config } from '#shared/config/config.ts';
import type { PoolConfig } from '#shared/config/pool.ts';
import type { HistoryQuery, HistoryResult, TrafficPoint } from '#shared/history.ts';
import type { HealthState } from '#shared/status.ts';
import { worstHealth } from '../../src/main/app/health-buckets.ts';
import { marksOfPool, markText } from '../../src/main/app/revision-marks.ts';
import type { Grid } from '../../src/main/app/traffic-buckets.ts';
import type { RevisionRoutes } from '../../src/main/store/revisions.ts';
import type { FakeState } from './fake-core.ts';
import { scriptOf, sharesOf } from './fake-status.ts';
import { addPoints, trafficSecond } from './fake-traffic.ts';

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
          health: bucketHealth(state, pool, backend, { from: query.from, bucketMs, count: query.buckets }),
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
  const rate = (state.scene.rates[pool.name] ?? 0) * (sharesOf(state, pool).get(backend.name) ?? 0);
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
  grid: Grid,
): (HealthState | null)[] {
  const sceneStart = state.startedAt + 3 * 3_600_000;
  const entries = pool.healthCheck
    ? scriptOf(state, pool, backend.name).health.map(({ agoMs, health }) => ({
        at: sceneStart - agoMs,
        to: health,
      }))
    : [{ at: state.startedAt, to: 'unchecked' as const }];
  return worstHealth(grid, entries, [{ startedAt: state.startedAt, lastSeenAt: state.now }], state.now);
}

function markers(state: FakeState, query: HistoryQuery): HistoryResult['markers'] {
  const saved = state.revisions.toReversed();
  const routes = new Map(saved.map(({ summary, config }) => [summary.revision, routesOf(config)]));
  const sidesOf = (revision: number) => {
    const after = routes.get(revision) ?? NOTHING;
    return { before: routes.get(revision - 1) ?? after, after };
  };
  const marks =
    query.pool === undefined
      ? saved.map(({ summary }) => ({ at: summary.at, text: markText(summary, summary.changes[0]) }))
      : marksOfPool(
          saved.map(({ summary }) => summary),
          query.pool,
          sidesOf,
        );
  const revisions = marks.map((mark) => ({ ...mark, pool: null }));
  const drains = [...state.intents]
    .filter(([, intent]) => intent.state === 'draining')
    .map(([key, intent]) => {
      const { pool, backend } = splitBackendKey(key);
      return { at: intent.at, pool, text: `drain ${backend}` };
    });
  return [...revisions, ...drains].filter(
    ({ at, pool }) =>
      at >= query.from && at < query.to && (pool === null || query.pool === undefined || pool === query.pool),
  );
}

const NOTHING: RevisionRoutes = { pools: new Set(), routes: [] };

function routesOf({ pools, listeners }: Config): RevisionRoutes {
  return {
    pools: new Set(pools.map(({ name }) => name)),
    routes: listeners.flatMap((listener) =>
      listener.routes.map(({ name, pool }) => ({ listener: listener.name, name, pool })),
    ),
  };
}
