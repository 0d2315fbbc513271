// Turns live samples and a history answer into an unbroken row of seconds for one pool. Pure. A second of
// which nothing is known (Sluice did not run, or its word has not come yet) is null, never zero traffic.
import type { HistoryResult, Sample, TrafficPoint } from '#shared/history.ts';

export interface PoolSecond {
  /** End of the second, ms since the epoch, whole seconds. */
  at: number;
  /** Null: nothing is known about this second. */
  total: TrafficPoint | null;
  /** Backends without a request in this second are left out. */
  backends: Readonly<Record<string, TrafficPoint>>;
}

export const NO_TRAFFIC: TrafficPoint = Object.freeze({
  requests: 0,
  status2xx: 0,
  status3xx: 0,
  status4xx: 0,
  status5xx: 0,
  errors: 0,
  bytesIn: 0,
  bytesOut: 0,
  p50Ms: null,
  p95Ms: null,
  p99Ms: null,
});

const NO_BACKENDS: PoolSecond['backends'] = Object.freeze({});

/** Whole-second index: the second that ends at `at`. */
export function secondOf(at: number): number {
  return Math.round(at / 1000);
}

/** The newest second to show: the last one a sample told of; without samples, the last that must be over. */
export function lastSecond(samples: readonly Sample[], statusAt: number): number {
  // A Status may outrun the Sample of the second it ends; a second that Samples stay away is unknown.
  return Math.max(secondOf(samples.at(-1)?.at ?? 0), Math.floor(statusAt / 1000) - 1);
}

/** A history answer in buckets of one second, by second. */
export function secondsOfHistory(history: HistoryResult, pool: string): Map<number, PoolSecond> {
  const seconds = new Map<number, PoolSecond>();
  history.total.forEach((total, i) => {
    if (!total) return;
    const second = secondOf(history.from + (i + 1) * history.bucketMs);
    const backends: Record<string, TrafficPoint> = {};
    for (const series of history.series) {
      const point = series.traffic[i];
      if (series.pool === pool && point) backends[series.backend] = point;
    }
    seconds.set(second, { at: second * 1000, total, backends });
  });
  return seconds;
}

/** The `count` seconds up to and including `last`; live samples outrank history. */
export function fillSeconds(
  pool: string,
  last: number,
  count: number,
  samples: readonly Sample[],
  history: ReadonlyMap<number, PoolSecond>,
): PoolSecond[] {
  const live = new Map<number, Sample>();
  for (const sample of samples) live.set(secondOf(sample.at), sample);
  const rows: PoolSecond[] = [];
  for (let second = last - count + 1; second <= last; second++) {
    const sample = live.get(second);
    const traffic = sample?.pools[pool];
    if (traffic) rows.push({ at: second * 1000, total: traffic.total, backends: traffic.backends });
    // A sample without this pool is knowledge too: nothing came.
    else if (sample) rows.push({ at: second * 1000, total: NO_TRAFFIC, backends: NO_BACKENDS });
    else rows.push(history.get(second) ?? { at: second * 1000, total: null, backends: NO_BACKENDS });
  }
  return rows;
}
