// The right end of the sliders of a pool.
import { describe, expect, it } from 'vitest';
import {
  weightScale,
  widenedScale,
} from '../../../../../src/renderer/src/features/pools/backend-table/weight-scale.ts';

describe('the scale of the sliders', () => {
  it.each([
    [[5, 3, 2], 10],
    [[56, 24, 20], 100],
    [[], 10],
    [[900], 1000],
  ])('of weights %j goes to %i', (weights, max) => {
    expect(weightScale(weights)).toBe(max);
  });

  it('holds what is tried on the split, so that the handles show its shares', () => {
    expect(widenedScale([5, 3, 2], [56, 24, 20])).toBe(100);
  });

  it('stays under a slider that is dragged to its end', () => {
    expect(widenedScale([5, 3, 2], [10, 3, 2])).toBe(10);
    expect(widenedScale([90, 10], [1, 10])).toBe(100);
  });
});
