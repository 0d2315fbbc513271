import { describe, expect, it } from 'vitest';
import type { HealthState } from '#shared/status.ts';
import {
  checkCells,
  RIBBON_BUCKET_MS,
  ribbonPeriod,
  ribbonSummary,
} from '../../../../../src/renderer/src/features/pools/checks-ribbon.ts';

const NOW = 1_700_000_000_000;
const period = ribbonPeriod(NOW);
const UP = { health: 'up', state: 'up', since: 0 } as const;
const history = (...last: (HealthState | null)[]) => [...Array<null>(30 - last.length).fill(null), ...last];
const words = (cells: ReturnType<typeof checkCells>) => cells.map(({ word }) => word);

describe('the checks ribbon', () => {
  it('covers an hour in whole buckets that include now', () => {
    expect(period.to - period.from).toBe(3_600_000);
    expect(period.to % RIBBON_BUCKET_MS).toBe(0);
    expect(period.to).toBeGreaterThan(NOW);
    expect(ribbonPeriod(period.to - 1)).toEqual(period);
  });

  it('shows the worst health of each bucket and says where nothing is known', () => {
    const cells = checkCells(history('up', 'down', 'recovering', 'up'), period, UP);
    expect(words(cells).slice(-5)).toEqual(['not recorded', 'up', 'down', 'recovering', 'up']);
  });

  it('never lags behind the live state in the last cell', () => {
    const cells = checkCells(history('up', 'up'), period, { health: 'down', state: 'down', since: NOW });
    expect(words(cells).at(-1)).toBe('down');
  });

  it('keeps a worse health seen earlier in the last cell', () => {
    expect(words(checkCells(history('up', 'down'), period, UP)).at(-1)).toBe('down');
  });

  it('shows what the first result was as soon as it is known, not the wait for it', () => {
    expect(words(checkCells(history('up', 'checking'), period, UP)).at(-1)).toBe('up');
  });

  it('shows a drain since it began, but bad health outranks it', () => {
    const since = period.to - 3 * RIBBON_BUCKET_MS + 1;
    const cells = checkCells(history('up', 'failing', 'up', 'up'), period, {
      health: 'up',
      state: 'draining',
      since,
    });
    expect(words(cells).slice(-4)).toEqual(['up', 'failing', 'draining', 'draining']);
  });

  it('sums up what was wrong in one sentence', () => {
    const cells = checkCells(Array<HealthState>(30).fill('up'), period, UP);
    expect(ribbonSummary(cells)).toBe('Last 60 min: no problem');
    const worse = checkCells(history('up', 'down', 'down', 'up'), period, UP);
    expect(ribbonSummary(worse)).toBe('Last 60 min: 4 min down, 52 min not recorded');
  });
});
