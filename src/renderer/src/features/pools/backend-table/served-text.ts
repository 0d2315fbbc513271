// What a healthy backend has served, for the second line of its row and its tooltip. What failed is counted by
// attempt: what was retried may have been answered by another backend. Pure; called by cells.
import type { BackendStatus } from '#shared/status.ts';
import { formatCompact, formatCount } from '../../../lib/format.ts';
import { type RetriedStatuses, reachedClients } from '../../../lib/reached-clients.ts';

type Served = Pick<BackendStatus, 'role' | 'requests' | 'errors' | 'retries'>;
type Reached = Pick<BackendStatus, 'errors' | 'failuresLastMinute' | 'retriesLastMinute'>;

/** "827k requests · 8 attempts failed · 8 retried on another backend". */
export function servedText(backend: Served): string {
  return textOf(backend, formatCompact);
}

/** The same to the last digit. */
export function servedTitle(backend: Served): string {
  const text = `${textOf(backend, formatCount)}, since Sluice started`;
  if (backend.errors === 0) return text;
  return `${text}. Attempts that failed are counted also when they were retried.`;
}

/** "212 answers 5xx in the last minute", to clients; empty when there were none or it is not known. */
export function reachedText(backend: Reached, statuses: RetriedStatuses): string {
  const reached = reachedClients(backend, statuses) ?? 0;
  if (reached === 0) return '';
  // An attempt that failed is answered by Sluice with a 5xx, or cuts off what had begun.
  const how = backend.errors === 0 ? '5xx' : '5xx or cut off';
  return `${formatCompact(reached)} ${reached === 1 ? 'answer' : 'answers'} ${how} in the last minute`;
}

type Format = (count: number) => string;

function textOf({ role, requests, errors, retries }: Served, format: Format): string {
  const counted = (count: number, noun: string) => `${format(count)} ${noun}${count === 1 ? '' : 's'}`;
  const parts = role === 'backup' ? ['backup'] : [];
  parts.push(counted(requests, 'request'));
  if (errors > 0) parts.push(`${counted(errors, 'attempt')} failed`);
  if (retries > 0) parts.push(`${format(retries)} retried on another backend`);
  return parts.join(' · ');
}
