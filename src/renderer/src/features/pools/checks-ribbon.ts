// The "Checks · 60 min" strip of one backend: which 2-minute cells it has and what each says.
// History knows health only; drains and disables, and the newest health, come from Status, so the
// last cells never lag behind the row's own state. Pure; called by checks-cell.
import { type BackendStatus, type EffectiveState, type HealthState, worseHealth } from '#shared/status.ts';
import { backendMark, healthTone, type Tone } from '../../lib/state-marks.ts';

export const RIBBON_BUCKETS = 30;
export const RIBBON_BUCKET_MS = 120_000;

/** What one cell says: health, or a drain or disable where health was fine. */
export type CellWord = HealthState | 'draining' | 'drained' | 'disabled' | 'not recorded';

export interface CheckCell {
  tone: Tone;
  word: CellWord;
  from: number;
  to: number;
}

/** The period the ribbon covers: whole buckets, so cells move once per bucket and not with every query. */
export function ribbonPeriod(now: number): { from: number; to: number; buckets: number } {
  const to = (Math.floor(now / RIBBON_BUCKET_MS) + 1) * RIBBON_BUCKET_MS;
  return { from: to - RIBBON_BUCKETS * RIBBON_BUCKET_MS, to, buckets: RIBBON_BUCKETS };
}

export function checkCells(
  health: readonly (HealthState | null)[] | undefined,
  period: { from: number },
  backend: Pick<BackendStatus, 'health' | 'state' | 'since'>,
): CheckCell[] {
  return Array.from({ length: RIBBON_BUCKETS }, (_, index): CheckCell => {
    const from = period.from + index * RIBBON_BUCKET_MS;
    const to = from + RIBBON_BUCKET_MS;
    const last = index === RIBBON_BUCKETS - 1;
    const seen = worst(health?.[index] ?? null, last ? backend.health : null);
    // Bad health outranks drain in colour, here as in the row's mark.
    const quiet = seen === 'up' || seen === 'unchecked';
    if (quiet && to > backend.since && isSetAside(backend.state)) {
      return { tone: backendMark(backend.state).tone, word: backend.state, from, to };
    }
    return { tone: healthTone(seen), word: seen ?? 'not recorded', from, to };
  });
}

function isSetAside(state: EffectiveState): state is 'draining' | 'drained' | 'disabled' {
  return state === 'draining' || state === 'drained' || state === 'disabled';
}

function worst(a: HealthState | null, b: HealthState | null): HealthState | null {
  if (a === null) return b;
  if (b === null) return a;
  return worseHealth(a, b);
}

const SUMMARY_ORDER: readonly CellWord[] = [
  'down',
  'failing',
  'recovering',
  'draining',
  'drained',
  'disabled',
  'checking',
  'not recorded',
];

/** One sentence for those who do not see the cells. */
export function ribbonSummary(cells: readonly CheckCell[]): string {
  const minutes = RIBBON_BUCKET_MS / 60_000;
  const parts = SUMMARY_ORDER.map((word) => ({
    word,
    count: cells.filter((cell) => cell.word === word).length,
  }))
    .filter(({ count }) => count > 0)
    .map(({ word, count }) => `${count * minutes} min ${word}`);
  return `Last 60 min: ${parts.length === 0 ? 'no problem' : parts.join(', ')}`;
}
