// Where the "Checks · 60 min" cells and the charts' markers come from: history, asked for again every
// ten seconds and as soon as something it shows has changed.
import { useMemo } from 'react';
import type { HealthState, PoolStatus } from '#shared/status.ts';
import { useLive, useQuery } from '../../live/hooks.ts';
import type { LiveState } from '../../live/live-state.ts';
import { ribbonPeriod } from './checks-ribbon.ts';
import type { ChartMarker } from './traffic-rows.ts';

const REFRESH_MS = 10_000;
const MARKER_SPAN_MS = 300_000;
/** Above this a whole pool's history is too much to send; each visible row asks for its own. */
export const POOL_QUERY_LIMIT = 60;

export interface ChecksSource {
  from: number;
  health: ReadonlyMap<string, readonly (HealthState | null)[]>;
}

const selectNewestTransition = (state: LiveState) => state.transitions[0]?.at ?? 0;

/** Health of every backend of the pool, or of the one named; undefined until the first answer. */
export function useChecks(
  pool: string,
  backend: string | undefined,
  enabled: boolean,
): ChecksSource | undefined {
  const transitionAt = useLive(selectNewestTransition);
  const { data } = useQuery(
    'history.query',
    () => ({
      pool,
      ...(backend === undefined ? {} : { backend }),
      ...ribbonPeriod(Date.now()),
      traffic: false,
    }),
    { refreshMs: REFRESH_MS, deps: [pool, backend, transitionAt], enabled },
  );
  return useMemo(() => {
    if (data === undefined) return undefined;
    return { from: data.from, health: new Map(data.series.map((series) => [series.backend, series.health])) };
  }, [data]);
}

const selectRevision = (state: LiveState) => state.status?.revision ?? 0;

/** Drains and revisions of the last minutes that concern this pool, oldest first; its own name is left out. */
export function useMarkers(pool: PoolStatus): readonly ChartMarker[] {
  const revision = useLive(selectRevision);
  const intents = pool.backends.map(({ admin }) => admin.charAt(1)).join('');
  const { data } = useQuery(
    'history.query',
    () => ({
      pool: pool.name,
      from: Date.now() - MARKER_SPAN_MS,
      to: Date.now() + 1000,
      buckets: 1,
      series: false,
      traffic: false,
    }),
    { refreshMs: REFRESH_MS, deps: [pool.name, revision, intents] },
  );
  const markers = data?.markers;
  return useMemo(
    () =>
      (markers ?? [])
        .filter((marker) => marker.pool === null || marker.pool === pool.name)
        .sort((a, b) => a.at - b.at)
        .map(({ at, text }) => ({ at, text: text.replaceAll(`${pool.name}/`, '') })),
    [markers, pool.name],
  );
}
