// The last minutes of a pool's traffic, one row a second: live samples, and before them what the core's
// history has, asked for once on mount and again after a gap.
import { useMemo } from 'react';
import type { Sample } from '#shared/history.ts';
import { useLive, useQuery } from './hooks.ts';
import type { LiveState } from './live-state.ts';
import { getLiveState } from './store.ts';
import { fillSeconds, type PoolSecond, secondOf, secondsOfHistory } from './traffic-seconds.ts';

export type { PoolSecond } from './traffic-seconds.ts';

const selectSamples = (state: LiveState): readonly Sample[] => state.samples;
/** Moves on with samples, and with Status when the core sends none for lack of traffic. */
const selectLastSecond = (state: LiveState): number =>
  Math.max(secondOf(state.samples.at(-1)?.at ?? 0), Math.floor((state.status?.at ?? 0) / 1000));

/** `seconds` rows, oldest first; the same array until a new second begins. */
export function useTraffic(pool: string, seconds: number): readonly PoolSecond[] {
  const samples = useLive(selectSamples);
  const last = useLive(selectLastSecond);
  const { data: history } = useQuery(
    'history.query',
    () => {
      // The core's clock, not the window's: rows are numbered by it. One second more than shown, because
      // the current one has only begun.
      const at = getLiveState().status?.at ?? Date.now();
      const to = (Math.floor(at / 1000) + 1) * 1000;
      return { pool, from: to - (seconds + 1) * 1000, to, buckets: seconds + 1 };
    },
    { deps: [pool, seconds] },
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
