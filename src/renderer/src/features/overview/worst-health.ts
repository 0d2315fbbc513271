// One ribbon for a whole pool: in each cell the worst health any of its backends had. Pure; called by
// the overview's strips.
import type { HistoryResult } from '#shared/history.ts';
import type { HealthState } from '#shared/status.ts';

/**
 * Of several backends at the same time, so not in the order of `worseHealth`: one that still waits for its
 * first result gets no traffic, and a pool shown as up would hide it.
 */
const WORST_FIRST: readonly HealthState[] = ['down', 'failing', 'recovering', 'checking', 'up', 'unchecked'];

export interface WorstCell {
  /** Null: nothing is known about that time. */
  health: HealthState | null;
  /** Start of the cell, ms since the epoch. */
  at: number;
  /** Who was in that health, unless it was good for all. */
  backends: string[];
}

export function worstCells(
  history: Pick<HistoryResult, 'from' | 'bucketMs' | 'series'>,
  buckets: number,
): WorstCell[] {
  return Array.from({ length: buckets }, (_, i): WorstCell => {
    const at = history.from + i * history.bucketMs;
    const seen = history.series.map((series) => ({
      backend: series.backend,
      health: series.health[i] ?? null,
    }));
    const health = WORST_FIRST.find((candidate) => seen.some((entry) => entry.health === candidate)) ?? null;
    const backends =
      health === null || health === 'up' || health === 'unchecked'
        ? []
        : seen.filter((entry) => entry.health === health).map((entry) => entry.backend);
    return { health, at, backends };
  });
}
