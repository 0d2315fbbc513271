// How many failures of the last minute were retried, and how many reached clients: those that no other backend was
// asked to make good. Pure; called by retried-text, served-text and cells of the board and by the overview, for what
// they name first and show in red.
import type { Config } from '#shared/config/config.ts';
import type { BackendStatus } from '#shared/status.ts';

export type LastMinute = Pick<BackendStatus, 'failuresLastMinute' | 'retriesLastMinute'>;

/** Which statuses the pool retries; undefined while that is not known. */
export type RetriedStatuses = readonly number[] | undefined;

export function retriedStatuses(config: Config | undefined, pool: string): RetriedStatuses {
  return config?.pools.find(({ name }) => name === pool)?.retries.statuses;
}

/** Undefined where it is not known: a pool may retry answers below 500, and its retries are not told apart. */
export function retriedFailures(
  { failuresLastMinute: failed, retriesLastMinute: retried }: LastMinute,
  statuses: RetriedStatuses,
): number | undefined {
  // A retry is counted after its failure, and so is in the minute a moment longer: it is not told without it.
  return statuses?.every((status) => status >= 500) ? Math.min(retried, failed) : undefined;
}

/** Undefined where it is not known how many failures were retried. */
export function reachedClients(minute: LastMinute, statuses: RetriedStatuses): number | undefined {
  const { failuresLastMinute: failed, retriesLastMinute: retried } = minute;
  if (retried === 0) return failed;
  const madeGood = retriedFailures(minute, statuses);
  return madeGood === undefined ? undefined : failed - madeGood;
}

/** Of a percentage of failures, what reached clients; all of it where that is not known. */
export function reachedPct(pct: number | null, minute: LastMinute, statuses: RetriedStatuses): number | null {
  const reached = reachedClients(minute, statuses);
  if (pct === null || reached === undefined || minute.failuresLastMinute === 0) return pct;
  return (pct * reached) / minute.failuresLastMinute;
}
