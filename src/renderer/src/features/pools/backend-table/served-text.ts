// What a healthy backend has served, for the second line of its row. What failed is counted by attempt: what
// was retried may have been answered by another backend. Pure; called by cells.
import type { BackendStatus } from '#shared/status.ts';
import { formatShortCount } from '../../../lib/format.ts';

type Served = Pick<BackendStatus, 'role' | 'requests' | 'errors' | 'retries'>;

/** "827 k requests · 8 attempts failed · 8 retried on another backend". */
export function servedText({ role, requests, errors, retries }: Served): string {
  const parts = role === 'backup' ? ['backup'] : [];
  parts.push(counted(requests, 'request'));
  if (errors > 0) parts.push(`${counted(errors, 'attempt')} failed`);
  if (retries > 0) parts.push(`${formatShortCount(retries)} retried on another backend`);
  return parts.join(' · ');
}

export function servedTitle(backend: Served): string {
  const text = `${servedText(backend)}, since Sluice started`;
  if (backend.errors === 0) return text;
  return `${text}. ${backend.retries === 0 ? 'Of those that failed none was retried.' : 'What was retried is counted as failed all the same.'}`;
}

function counted(count: number, noun: string): string {
  return `${formatShortCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}
