// Turns a run of probe results into a health state: rise successes bring a backend up, fall
// failures take it down, a single contrary result starts the count anew. Pure; the monitor calls it
// once per finished probe. What was never up has no traffic to protect, so its first result decides;
// what serves is protected by `fall`, also against the first results of a check that was changed.
import type { HealthProgress, HealthState } from '#shared/status.ts';

export interface HealthOpinion {
  readonly state: HealthState;
  /** Equal results in a row against the settled state; 0 while settled. */
  readonly streak: number;
  /** It was in service at some time since it is known by this address, and not found down by an earlier check. */
  readonly everUp: boolean;
}

export interface Thresholds {
  readonly rise: number;
  readonly fall: number;
}

export const UNCHECKED: HealthOpinion = { state: 'unchecked', streak: 0, everUp: false };
export const CHECKING: HealthOpinion = { state: 'checking', streak: 0, everUp: false };
const UP: HealthOpinion = { state: 'up', streak: 0, everUp: true };
/** Where an optimistic pool's backends begin: in service until probes say otherwise. */
export const ASSUMED_UP = UP;

/**
 * What to begin with when the same backend is asked something else. What serves goes on serving, and the
 * failures of the old question are not counted against it; what is down stays down until one success.
 */
export function carryOver(opinion: HealthOpinion): HealthOpinion {
  switch (opinion.state) {
    case 'unchecked':
      return { ...UNCHECKED, everUp: true };
    case 'checking':
      return CHECKING;
    case 'up':
    case 'failing':
      return ASSUMED_UP;
    case 'down':
    case 'recovering':
      return { ...opinion, everUp: false };
  }
}

export function judge(opinion: HealthOpinion, ok: boolean, thresholds: Thresholds): HealthOpinion {
  switch (opinion.state) {
    case 'checking':
      return ok ? UP : down(opinion);
    // Unchecked and probed: its check was just switched on, and it serves.
    case 'unchecked':
    case 'up':
    case 'failing':
      return ok ? UP : countFailure(opinion, thresholds);
    case 'down':
    case 'recovering':
      return ok ? countSuccess(opinion, thresholds) : down(opinion);
  }
}

/** `2 of 3` while failing or recovering; null in a settled state. */
export function progressOf(opinion: HealthOpinion, thresholds: Thresholds): HealthProgress | null {
  if (opinion.state === 'failing') return progress(opinion.streak, thresholds.fall);
  if (opinion.state === 'recovering') return progress(opinion.streak, thresholds.rise);
  return null;
}

/** A threshold lowered during a run must not read "3 of 2"; the next result settles it. */
function progress(streak: number, of: number): HealthProgress {
  return { count: Math.min(streak, of), of };
}

function countFailure(opinion: HealthOpinion, { fall }: Thresholds): HealthOpinion {
  const streak = opinion.streak + 1;
  return streak >= fall ? down(opinion) : { ...opinion, state: 'failing', streak };
}

function countSuccess(opinion: HealthOpinion, { rise }: Thresholds): HealthOpinion {
  const streak = opinion.streak + 1;
  if (!opinion.everUp || streak >= rise) return UP;
  return { ...opinion, state: 'recovering', streak };
}

function down(opinion: HealthOpinion): HealthOpinion {
  return { state: 'down', streak: 0, everUp: opinion.everUp };
}
