// How many failures of the last minute reached clients: those that no other backend was asked to make good. Pure;
// called by served-text and cells of the board and by the overview, for what they name first and show in red.
import type { BackendStatus } from '#shared/status.ts';

type LastMinute = Pick<BackendStatus, 'failuresLastMinute' | 'retriesLastMinute'>;

/** Undefined where it is not known: a pool may retry answers below 500, and its retries are not told apart. */
export function reachedClients(
  { failuresLastMinute: failed, retriesLastMinute: retried }: LastMinute,
  statuses: readonly number[] | undefined,
): number | undefined {
  if (retried === 0) return failed;
  const ofFailed = statuses?.every((status) => status >= 500) === true;
  // A retry is counted after its failure, and so is in the minute a moment longer.
  return ofFailed ? Math.max(0, failed - retried) : undefined;
}

/** Of a percentage of failures, what reached clients; all of it where that is not known. */
export function reachedPct(
  pct: number | null,
  minute: LastMinute,
  statuses: readonly number[] | undefined,
): number | null {
  const reached = reachedClients(minute, statuses);
  if (pct === null || reached === undefined || minute.failuresLastMinute === 0) return pct;
  return (pct * reached) / minute.failuresLastMinute;
}
