// The "Checks · 60 min" strip of one backend: which 2-minute cells it has and what each says.
// History knows health only; drains and disables, and the newest health, come from Status, so the
// last cells never lag behind the row's own state. Pure; called by checks-cell.
import type { BackendStatus, HealthState } from '#shared/status.ts';

export const RIBBON_BUCKETS = 30;
export const RIBBON_BUCKET_MS = 120_000;

export type CellTone = 'up' | 'warning' | 'down' | 'drain' | 'off' | 'checking' | 'unknown';

export interface CheckCell {
  tone: CellTone;
  word: string;
  from: number;
  to: number;
}

const HEALTH_CELL: Record<HealthState, { tone: CellTone; word: string; severity: number }> = {
  down: { tone: 'down', word: 'down', severity: 5 },
  failing: { tone: 'warning', word: 'failing', severity: 4 },
  recovering: { tone: 'warning', word: 'recovering', severity: 3 },
  checking: { tone: 'checking', word: 'checking', severity: 2 },
  up: { tone: 'up', word: 'up', severity: 1 },
  unchecked: { tone: 'off', word: 'unchecked', severity: 0 },
};

/** The period the ribbon covers: whole buckets, so cells move once per bucket and not with every query. */
export function ribbonPeriod(now: number): { from: number; to: number; buckets: number } {
  const to = (Math.floor(now / RIBBON_BUCKET_MS) + 1) * RIBBON_BUCKET_MS;
  return { from: to - RIBBON_BUCKETS * RIBBON_BUCKET_MS, to, buckets: RIBBON_BUCKETS };
}

export function checkCells(
  health: readonly (HealthState | null)[] | undefined,
  period: { from: number },
  backend: Pick<BackendStatus, 'health' | 'admin' | 'state' | 'since'>,
): CheckCell[] {
  return Array.from({ length: RIBBON_BUCKETS }, (_, index): CheckCell => {
    const from = period.from + index * RIBBON_BUCKET_MS;
    const to = from + RIBBON_BUCKET_MS;
    const last = index === RIBBON_BUCKETS - 1;
    const seen = worst(health?.[index] ?? null, last ? backend.health : null);
    if (seen === null) return { tone: 'unknown', word: 'not recorded', from, to };
    // Bad health outranks drain in colour, here as in the row's mark.
    const quiet = seen === 'up' || seen === 'unchecked';
    if (quiet && to > backend.since && backend.admin !== 'enabled') {
      if (backend.state === 'disabled') return { tone: 'off', word: 'disabled', from, to };
      if (backend.state === 'draining' || backend.state === 'drained') {
        return { tone: 'drain', word: backend.state, from, to };
      }
    }
    return { tone: HEALTH_CELL[seen].tone, word: HEALTH_CELL[seen].word, from, to };
  });
}

function worst(a: HealthState | null, b: HealthState | null): HealthState | null {
  if (a === null) return b;
  if (b === null) return a;
  return HEALTH_CELL[a].severity >= HEALTH_CELL[b].severity ? a : b;
}

/** One sentence for screen readers and the strip's tooltip: how many cells were in trouble. */
export function ribbonSummary(cells: readonly CheckCell[]): string {
  const count = (tone: CellTone) => cells.filter((cell) => cell.tone === tone).length;
  const parts = [
    [count('down'), 'down'],
    [count('warning'), 'failing or recovering'],
    [count('drain'), 'draining'],
    [count('unknown'), 'not recorded'],
  ]
    .filter(([cells]) => (cells as number) > 0)
    .map(([cells, word]) => `${(cells as number) * 2} min ${word}`);
  return parts.length === 0 ? 'Last 60 minutes: no problem' : `Last 60 minutes: ${parts.join(', ')}`;
}
