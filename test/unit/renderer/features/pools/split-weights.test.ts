import { describe, expect, it } from 'vitest';
import {
  changedWeights,
  fineFactor,
  sharesByWeight,
  shiftShare,
  splitSegments,
  type WeightedBackend,
} from '../../../../../src/renderer/src/features/pools/split/split-weights.ts';

const weights = (...values: number[]): WeightedBackend[] =>
  values.map((weight, index) => ({ name: 'abcdef'.charAt(index), weight }));
const names = (letters: string) => new Set(letters.split(''));
const numbers = (backends: readonly WeightedBackend[]) => backends.map(({ weight }) => weight);
const AB = { left: 'a', right: 'b' };

describe('moving a border of the split', () => {
  const cases: [string, number[], string, number, number[]][] = [
    ['moves weight to the left backend', [60, 40], 'ab', 0.1, [70, 30]],
    ['moves weight to the right backend', [60, 40], 'ab', -0.25, [35, 65]],
    ['leaves every other backend alone', [90, 45, 15], 'abc', 0.1, [105, 30, 15]],
    ['makes coarse weights fine first', [1, 1], 'ab', 0.4, [90, 10]],
    ['scales the others along, so their share stays', [1, 1, 2], 'abc', 0.05, [30, 20, 50]],
    ['scales backends outside the rotation too', [1, 1, 3], 'ab', 0.1, [60, 40, 150]],
    ['leaves coarse weights alone where whole units say it', [5, 3, 2], 'abc', 0.1, [6, 2, 2]],
    ['does so within half a point', [5, 3, 2], 'abc', 0.104, [6, 2, 2]],
    ['leaves backends outside the rotation alone too', [5, 5, 3], 'ab', -0.2, [3, 7, 3]],
    ['scales where whole units are further off', [5, 3, 2], 'abc', 0.11, [61, 19, 20]],
    ['moves by one point where a unit is hardly more', [60, 30], 'ab', 0.01, [61, 29]],
    ['takes no whole unit for the last one', [5, 3, 2], 'abc', 1, [79, 1, 20]],
    ['takes no whole unit for the last one on the other side', [5, 3, 2], 'abc', -1, [1, 79, 20]],
    ['stops one unit before nothing', [60, 40], 'ab', 1, [99, 1]],
    ['stops one unit before nothing on the other side', [60, 40], 'ab', -1, [1, 99]],
    ['never passes the largest weight', [900, 900], 'ab', 0.4, [1000, 800]],
  ];
  it.each(cases)('%s', (_, before, rotation, delta, after) => {
    expect(numbers(shiftShare(weights(...before), names(rotation), AB, delta))).toEqual(after);
  });

  it('goes a little further with every point, whatever the weights', () => {
    for (const before of [weights(1, 1), weights(5, 3, 2), weights(60, 30), weights(40, 33, 17)]) {
      const [first] = before;
      const shares = Array.from({ length: 20 }, (_, points) => {
        const moved = shiftShare(before, names('abc'), AB, points / 100);
        return sharesByWeight(moved, names('abc')).get(first?.name ?? '') ?? 0;
      });
      const start = shares[0] ?? 0;
      for (const [points, share] of shares.entries()) {
        expect(Math.abs(share - start - points / 100)).toBeLessThanOrEqual(0.005 + 1e-9);
        if (points > 0) expect(share).toBeGreaterThan(shares[points - 1] ?? 0);
      }
    }
  });

  it('returns the same array when nothing moves', () => {
    const before = weights(1, 1);
    expect(shiftShare(before, names('ab'), AB, 0)).toBe(before);
    expect(shiftShare(before, names('ab'), { left: 'a', right: 'gone' }, 0.2)).toBe(before);
    expect(shiftShare(weights(0, 0), names('ab'), AB, 0.2)).toEqual(weights(0, 0));
  });

  it('keeps the scaled weights within the limit even when that stays coarse', () => {
    const before = weights(1, 2, 600);
    expect(fineFactor(before, names('ab'))).toBe(1);
    expect(fineFactor(weights(1, 2, 300), names('ab'))).toBe(3);
  });
});

describe('shares by weight', () => {
  it('counts only backends in rotation', () => {
    expect(Object.fromEntries(sharesByWeight(weights(3, 1, 6), names('ab')))).toEqual({
      a: 0.75,
      b: 0.25,
      c: 0,
    });
  });

  it('is zero for all when the rotation has no weight', () => {
    expect([...sharesByWeight(weights(0, 0), names('ab')).values()]).toEqual([0, 0]);
  });

  it('names the weights that differ', () => {
    expect(changedWeights(weights(1, 2, 3), weights(1, 5, 3))).toEqual([{ name: 'b', weight: 5 }]);
  });
});

describe('segments of the bar', () => {
  it('leaves out backends without a share', () => {
    const shares = [
      { name: 'a', share: 0.9 },
      { name: 'b', share: 0 },
      { name: 'c', share: 0.1 },
    ];
    expect(splitSegments(shares, 8).map(({ name }) => name)).toEqual(['a', 'c']);
  });

  it('joins the smallest into one segment when there are too many', () => {
    const shares = [0.1, 0.4, 0.05, 0.3, 0.15].map((share, index) => ({
      name: 'abcde'.charAt(index),
      share,
    }));
    const segments = splitSegments(shares, 3);
    expect(segments.map(({ name, members }) => [name, members])).toEqual([
      ['b', 1],
      ['d', 1],
      ['3 others', 3],
    ]);
    expect(segments.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
  });

  it('is one segment when none is large enough to point at', () => {
    const shares = Array.from({ length: 500 }, (_, index) => ({ name: `b${index}`, share: 1 / 500 }));
    const [only, ...more] = splitSegments(shares, 24);
    expect([only?.name, only?.members, more.length]).toEqual(['500 backends', 500, 0]);
    expect(only?.share).toBeCloseTo(1);
  });
});
