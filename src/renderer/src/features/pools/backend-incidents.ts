// Which incidents the check details of one backend show, and how a line says when. Pure; called by
// incident-list.
import type { Incident } from '#shared/history.ts';
import { formatAge, formatClock, formatDateClock } from '../../lib/format.ts';
import type { ChecksPeriod } from './use-checks-dialog.ts';

const MOST_SHOWN = 5;

/** The question for the newest incidents of a backend, or for those that touch a period. */
export function incidentsAsked(pool: string, backend: string, period: ChecksPeriod | undefined) {
  const touched = period === undefined ? {} : { from: period.from, to: period.to };
  return { pool, backend, ...touched, limit: MOST_SHOWN };
}

/** "20 Nov 19:43:08 to 19:49:10, 6m 02s", or "Since …" while it lasts. */
export function incidentTime({ start, end }: Pick<Incident, 'start' | 'end'>): string {
  if (end === null) return `Since ${formatDateClock(start)}, still down`;
  const sameDay = new Date(start).toDateString() === new Date(end).toDateString();
  return `${formatDateClock(start)} to ${sameDay ? formatClock(end) : formatDateClock(end)}, ${formatAge(end - start)}`;
}

/** The probes around its beginning say why it went down. */
export function periodOf({ start }: Pick<Incident, 'start'>): ChecksPeriod {
  return { from: start - AROUND_MS, to: start + AROUND_MS };
}

const AROUND_MS = 60_000;
