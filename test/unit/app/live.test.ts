import { describe, expect, it } from 'vitest';
import { endedSecondS, nextTickDelayMs } from '../../../src/main/app/live.ts';

describe('a tick', () => {
  const cases: [at: number, ended: number, delayMs: number][] = [
    [10_000, 9, 1000],
    [10_003, 9, 997],
    // Fired early: the second it was set for counts as ended, and it does not fire again for it.
    [9_999, 9, 1001],
    [9_985, 9, 1015],
    // The core was busy.
    [10_600, 9, 400],
    [10_970, 9, 30],
    [12_300, 11, 700],
  ];
  it.each(cases)('at %d ms closes second %d and is followed by another after %d ms', (at, ended, delayMs) => {
    expect([endedSecondS(at), nextTickDelayMs(at)]).toEqual([ended, delayMs]);
  });

  it('never closes a second that an earlier one has closed, however early or late it is', () => {
    const slips = [-2, 0, 1, 400, 499, 500, 501, 600, 977, 979, 980, 981, 999, 1000, 1500, 2999];
    for (const first of slips) {
      for (const second of slips) {
        let at = 1_000_000;
        let last = endedSecondS(at);
        for (const slip of [first, second, 0, -2]) {
          at += nextTickDelayMs(at) + slip;
          expect(endedSecondS(at), `after slips of ${first} and ${second} ms`).toBeGreaterThan(last);
          last = endedSecondS(at);
        }
      }
    }
  });
});
