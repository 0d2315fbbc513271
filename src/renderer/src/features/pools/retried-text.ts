// What became of the failures of the last minute: how many were retried on another backend, and whether a
// client noticed any. Pure; called by backend-table/cells and charts/traffic-charts.
import type { BackendStatus } from '#shared/status.ts';
import { formatCount, formatShortCount } from '../../lib/format.ts';

export type LastMinute = Pick<BackendStatus, 'failuresLastMinute' | 'retriesLastMinute'>;

/** "12 failed in the last minute, all 12 retried on another backend"; empty when there is nothing to say. */
export function retriedText({ failuresLastMinute: failed, retriesLastMinute: retried }: LastMinute): string {
  if (failed === 0 && retried === 0) return '';
  const failures = `${failed === 0 ? 'None' : formatCount(failed)} failed in the last minute`;
  const all = retried === failed && failed > 1 ? 'all ' : '';
  return `${failures}, ${retried === 0 ? 'none' : `${all}${formatCount(retried)}`} retried on another backend`;
}

/** The same of a pool, where it also tells what clients noticed. */
export function poolRetriedText(minute: LastMinute, statuses: RetriedStatuses): string {
  if (!noClientNoticed(minute, statuses)) {
    const text = retriedText(minute);
    return text === '' ? '' : `${text}.`;
  }
  // A retry is counted after its failure, and so is in the minute a moment longer.
  const settled = { ...minute, retriesLastMinute: minute.failuresLastMinute };
  return `${retriedText(settled)}: no client noticed.`;
}

/** A word or two for where there is little room. */
export function retriedLegend(minute: LastMinute, statuses: RetriedStatuses): string {
  if (noClientNoticed(minute, statuses)) return 'all retried';
  const { retriesLastMinute: retried } = minute;
  return retried === 0 ? '' : `${formatShortCount(retried)} retried`;
}

/** Which statuses the pool retries; undefined while that is not known. */
type RetriedStatuses = readonly number[] | undefined;

/** Each failure was followed by an attempt that did not fail. A 404 that was retried is no failure. */
function noClientNoticed(minute: LastMinute, statuses: RetriedStatuses): boolean {
  if (statuses === undefined || statuses.some((status) => status < 500)) return false;
  return minute.failuresLastMinute > 0 && minute.retriesLastMinute >= minute.failuresLastMinute;
}
