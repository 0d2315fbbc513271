// The last minutes of a pool's traffic, one row a second: live samples, and before them what the core's
// history has, asked for once on mount and again after a gap. Of a large pool the past has only totals.
import { useMemo } from 'react';
import type { Sample } from '#shared/history.ts';
import { useLive, useQuery } from './hooks.ts';
import type { LiveState } from './live-state.ts';
import { getLiveState } from './store.ts';
import { fillSeconds, lastSecond, type PoolSecond, secondsOfHistory } from './traffic-seconds.ts';

const selectSamples = (state: LiveState): readonly Sample[] => state.samples;
const selectLastSecond = (state: LiveState): number => lastSecond(state.samples, state.status?.at ?? 0);

/** Seconds asked for beyond those shown: the current one, which has only begun, and the one before. */
const SPARE_S = 2;

export interface TrafficOptions {
  /** Also what each backend had before this window watched. Default: only the pool's totals. */
  byBackend?: boolean;
}

/** `seconds` rows, oldest first; the same array until a new second begins. */
export function useTraffic(
  pool: string,
  seconds: number,
  options: TrafficOptions = {},
): readonly PoolSecond[] {
  const { byBackend = false } = options;
  const samples = useLive(selectSamples);
  const last = useLive(selectLastSecond);
  const { data: history } = useQuery(
    'history.query',
    () => {
      // The core's clock, not the window's: rows are numbered by it.
      const at = getLiveState().status?.at ?? Date.now();
      const to = (Math.floor(at / 1000) + 1) * 1000;
      const buckets = seconds + SPARE_S;
      return { pool, from: to - buckets * 1000, to, buckets, series: byBackend };
    },
    { deps: [pool, seconds, byBackend] },
  );
  const before = useMemo(
    () => (history ? secondsOfHistory(history, pool) : new Map<number, PoolSecond>()),
    [history, pool],
  );
  return useMemo(
    () => fillSeconds(pool, last, seconds, samples, before),
    [pool, last, seconds, samples, before],
  );
}
