// What the charts of a pool mark on their time axis: its drains, and the revisions that changed it. Asked for
// again as soon as one of them may have come. Called by pool-page.
import { useMemo } from 'react';
import type { PoolStatus } from '#shared/status.ts';
import { useLive, useQuery } from '../../live/hooks.ts';
import { type LiveState, latestRevision } from '../../live/live-state.ts';
import { joinedActs } from './joined-acts.ts';
import { withoutPool } from './mark-text.ts';
import type { ChartMarker } from './traffic-rows.ts';

const REFRESH_MS = 10_000;
const SPAN_MS = 300_000;

const selectRevision = (state: LiveState) => latestRevision(state);

/** Oldest first; the pool's own name is left out. */
export function useMarkers(pool: PoolStatus): readonly ChartMarker[] {
  const { name } = pool;
  const revision = useLive(selectRevision);
  const intents = pool.backends.map(({ admin }) => admin.charAt(1)).join('');
  const { data: history } = useQuery(
    'history.query',
    () => ({
      pool: name,
      from: Date.now() - SPAN_MS,
      to: Date.now() + 1000,
      buckets: 1,
      series: false,
      traffic: false,
    }),
    { refreshMs: REFRESH_MS, deps: [name, intents, revision] },
  );
  const markers = history?.markers;
  return useMemo(() => {
    const drains = joinedActs((markers ?? []).filter((marker) => marker.pool === name));
    const revisions = (markers ?? []).filter((marker) => marker.pool === null);
    return [...drains, ...revisions]
      .sort((a, b) => a.at - b.at)
      .map(({ at, text }) => ({ at, text: withoutPool(text, name) }));
  }, [markers, name]);
}
