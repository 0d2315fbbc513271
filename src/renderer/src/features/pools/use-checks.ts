// Where the "Checks · 60 min" cells come from: history, asked for again every ten seconds and as soon as
// something it shows has changed.
import { useMemo } from 'react';
import type { HealthState } from '#shared/status.ts';
import { useLive, useQuery } from '../../live/hooks.ts';
import type { LiveState } from '../../live/live-state.ts';
import { ribbonPeriod } from './checks-ribbon.ts';

const REFRESH_MS = 10_000;
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
