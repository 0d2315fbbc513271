// What is known of the failures of the last minute: how many were retried on another backend, not how those
// attempts went. Pure; called by backend-table/cells and charts/traffic-charts.
import { formatCompact, formatCount } from '../../lib/format.ts';
import { type LastMinute, type RetriedStatuses, retriedFailures } from '../../lib/reached-clients.ts';

/** "12 failed in the last minute, all 12 retried on another backend"; empty when there is nothing to say. */
export function retriedText(minute: LastMinute, statuses: RetriedStatuses): string {
  const { failed, retried, ofFailed } = countsOf(minute, statuses);
  if (failed === 0 && retried === 0) return '';
  const failures = `${failed === 0 ? 'None' : formatCount(failed)} failed in the last minute`;
  if (retried === 0) return `${failures}, none retried on another backend`;
  if (ofFailed) {
    return `${failures}, ${areAll(failed, retried) ? 'all ' : ''}${formatCount(retried)} retried on another backend`;
  }
  return `${failures}; ${retried === 1 ? '1 attempt was' : `${formatCount(retried)} attempts were`} retried on another backend`;
}

/** "5xx, last min: all 207 retried", where there is little room; empty when nothing was retried. */
export function retriedNote(minute: LastMinute, statuses: RetriedStatuses): string {
  const { failed, retried, ofFailed } = countsOf(minute, statuses);
  if (retried === 0) return '';
  if (!ofFailed) return `last min: ${formatCompact(retried)} retried`;
  const part = areAll(failed, retried) ? 'all' : `${formatCompact(retried)} of`;
  return `5xx, last min: ${part} ${formatCompact(failed)} retried`;
}

interface Counts {
  failed: number;
  retried: number;
  /** Each retry was of a failure: a 404 that is retried is none. */
  ofFailed: boolean;
}

function countsOf(minute: LastMinute, statuses: RetriedStatuses): Counts {
  const ofFailures = retriedFailures(minute, statuses);
  return {
    failed: minute.failuresLastMinute,
    retried: ofFailures ?? minute.retriesLastMinute,
    ofFailed: ofFailures !== undefined,
  };
}

function areAll(failed: number, retried: number): boolean {
  return retried === failed && failed > 1;
}
