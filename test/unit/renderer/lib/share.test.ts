// Split arithmetic: sums are kept, chance is not called a fault, a fault is not called chance.
import { describe, expect, it } from 'vitest';
import {
  expectedDeviation,
  judgeSplit,
  serverErrorPct,
  sharesOf,
} from '../../../../src/renderer/src/lib/share.ts';

describe('shares of weights', () => {
  it.each([
    [
      [90, 45, 15],
      [0.6, 0.3, 0.1],
    ],
    [
      [0, 0],
      [0, 0],
    ],
    [[], []],
  ])('of %j are %j', (weights, shares) => {
    expect(sharesOf(weights)).toEqual(shares);
  });
});

describe('the server errors of a pool', () => {
  it('are those of its backends by what each of them got', () => {
    const backends = [
      { actualShare: 0.9, serverErrorPct: 0 },
      { actualShare: 0.1, serverErrorPct: 50 },
      { actualShare: 0, serverErrorPct: null },
    ];
    expect(serverErrorPct({ requestsLastMinute: 100, backends })).toBeCloseTo(5);
    expect(serverErrorPct({ requestsLastMinute: 100, backends }, 100)).toBeCloseTo(52.5);
  });

  it('are all of them while no backend can be tried', () => {
    const backends = [{ actualShare: null, serverErrorPct: null }];
    expect(serverErrorPct({ requestsLastMinute: 0, backends }, 5)).toBe(100);
  });

  it('are unknown without a request', () => {
    expect(
      serverErrorPct({ requestsLastMinute: 0, backends: [{ actualShare: null, serverErrorPct: null }] }),
    ).toBeNull();
    expect(serverErrorPct({ requestsLastMinute: 0, backends: [] })).toBeNull();
  });
});

describe('judging a split', () => {
  const parts = (a: number | null, b: number | null) => [
    { name: 'a', targetShare: 0.9, actualShare: a },
    { name: 'b', targetShare: 0.1, actualShare: b },
  ];

  it('waits while there is no request', () => {
    expect(judgeSplit('random', parts(null, null), 0)).toEqual({ kind: 'waiting' });
  });

  it('allows a random policy what chance explains', () => {
    expect(judgeSplit('random', parts(0.95, 0.05), 100).kind).toBe('within');
    expect(judgeSplit('random', parts(0.95, 0.05), 100_000).kind).toBe('outside');
  });

  it('holds a sequence to its weights', () => {
    expect(judgeSplit('weighted-round-robin', parts(0.898, 0.102), 40_000)).toMatchObject({
      kind: 'within',
      requests: 40_000,
    });
    expect(judgeSplit('weighted-round-robin', parts(0.8, 0.2), 40_000).kind).toBe('outside');
  });

  it('expects less deviation the more requests came', () => {
    expect(expectedDeviation('random', 0.5, 10_000)).toBeLessThan(expectedDeviation('random', 0.5, 100));
    expect(expectedDeviation('random', 0.5, 0)).toBe(1);
  });
});
