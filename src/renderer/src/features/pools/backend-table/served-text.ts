// What a healthy backend has served, for the second line of its row. What failed is counted by attempt: the
// client may have got its answer from another backend. Pure; called by cells.
import type { BackendStatus } from '#shared/status.ts';
import { formatCount } from '../../../lib/format.ts';

type Served = Pick<BackendStatus, 'role' | 'requests' | 'errors'>;

/** "827 k requests · 8 attempts failed". */
export function servedText({ role, requests, errors }: Served): string {
  const parts = role === 'backup' ? ['backup'] : [];
  parts.push(counted(requests, 'request'));
  if (errors > 0) parts.push(`${counted(errors, 'attempt')} failed`);
  return parts.join(' · ');
}

export function servedTitle(backend: Served): string {
  const text = `${servedText(backend)}, since Sluice started`;
  return backend.errors === 0 ? text : `${text}. Those another backend answered afterwards are counted too.`;
}

function counted(count: number, noun: string): string {
  return `${shortCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** Totals grow without end and their last digits say nothing: "827 k", "1.65 M". */
function shortCount(count: number): string {
  if (count < 100_000) return formatCount(count);
  return count < 999_500 ? `${Math.round(count / 1000)} k` : `${(count / 1_000_000).toPrecision(3)} M`;
}
