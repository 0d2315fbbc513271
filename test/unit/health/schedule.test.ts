// When probes start: spread at first, jittered afterwards, robust against a clock that jumps.
import { describe, expect, it } from 'vitest';
import { firstDelayMs, nextDelayMs } from '../../../src/main/health/schedule.ts';

describe('the first probe', () => {
  it('starts at once for up to 20 targets', () => {
    expect([0, 10, 19].map((index) => firstDelayMs(index, 20, 5000))).toEqual([0, 0, 0]);
  });
  it('is spread over one second for many', () => {
    const delays = Array.from({ length: 100 }, (_, index) => firstDelayMs(index, 100, 5000));
    expect(new Set(delays).size).toBe(100);
    expect(Math.max(...delays)).toBe(990);
  });
  it('is spread over no more than the interval', () => {
    expect(firstDelayMs(99, 100, 200)).toBe(198);
  });
});

describe('the next probe', () => {
  it.each([
    ['comes one interval after the last start', { startedAt: 1000, now: 1000, intervalMs: 2000 }, 0.5, 2000],
    ['comes up to 10 % earlier', { startedAt: 1000, now: 1000, intervalMs: 2000 }, 0, 1800],
    ['comes up to 10 % later', { startedAt: 1000, now: 1000, intervalMs: 2000 }, 1, 2200],
    ['counts from the start, not the end', { startedAt: 1000, now: 1700, intervalMs: 2000 }, 0.5, 1300],
    ['comes at once when it is overdue', { startedAt: 1000, now: 9000, intervalMs: 2000 }, 0.5, 0],
    [
      'is not postponed by a clock set back',
      { startedAt: 1e12, now: 1e12 - 3_600_000, intervalMs: 2000 },
      0.5,
      2000,
    ],
    ['never exceeds what a timer can hold', { startedAt: 0, now: 0, intervalMs: 2 ** 40 }, 0.5, 2 ** 31 - 1],
  ])('%s', (_name, moment, chance, expected) => {
    expect(nextDelayMs(moment, chance)).toBe(expected);
  });
});
