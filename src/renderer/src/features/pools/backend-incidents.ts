// Which incidents the check details of one backend show, how a line says when, and which probes began one.
// Pure; called by incident-list and probe-list.
import type { Incident } from '#shared/history.ts';
import type { CheckResult } from '#shared/status.ts';
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
  return { from: start - AROUND_MS, to: start + AROUND_MS, began: start };
}

/** When the probes ran that took the backend down; of one alone, both are the same. */
export interface Beginning {
  /** Null: what is known begins in the middle of the failures. */
  firstFailure: number | null;
  decided: number;
}

/** Found among `checks`, newest first; null where the incident did not begin with one of them. */
export function beginningOf(checks: readonly CheckResult[], start: number): Beginning | null {
  const decided = checks.findIndex(({ at }) => at <= start);
  if (decided === -1) return null;
  const passed = checks.findIndex(({ ok }, i) => ok && i >= decided);
  const last = checks[decided];
  if (last === undefined || passed === decided) return null;
  return { firstFailure: checks[passed - 1]?.at ?? null, decided: last.at };
}

const AROUND_MS = 60_000;
