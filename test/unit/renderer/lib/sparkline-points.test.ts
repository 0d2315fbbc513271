import { describe, expect, it } from 'vitest';
import { sparklinePoints } from '../../../../src/renderer/src/lib/sparkline-points.ts';

describe('a sparkline', () => {
  it('goes from left to right, zero at the bottom, the ceiling at the top', () => {
    expect(sparklinePoints([0, 5, 10], 10, 20, 10)).toEqual(['0.0,9.0 10.0,5.0 20.0,1.0']);
    expect(sparklinePoints([0, 5, 10], 20, 20, 10)).toEqual(['0.0,9.0 10.0,7.0 20.0,5.0']);
  });

  it('breaks where nothing is known', () => {
    expect(sparklinePoints([1, 1, null, 1, 1], 1, 40, 10)).toEqual(['0.0,1.0 10.0,1.0', '30.0,1.0 40.0,1.0']);
  });

  it('is empty without two values in a row', () => {
    expect(sparklinePoints([null, 1, null, 3], 3, 20, 10)).toEqual([]);
    expect(sparklinePoints([], 3, 20, 10)).toEqual([]);
  });
});
