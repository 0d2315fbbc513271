import { describe, expect, it } from 'vitest';
import { niceCeiling, stableCeiling } from '../../../../src/renderer/src/lib/axis-ceiling.ts';

describe('the height of an axis', () => {
  it.each([
    [0, 3, 3],
    [3.5, 3, 6],
    [689, 3, 900],
    [240, 3, 240],
    [900, 3, 900],
    [901, 3, 1200],
    [0.5, 0.3, 0.6],
  ])('fits %d in round thirds', (value, least, ceiling) => {
    expect(niceCeiling(value, least)).toBeCloseTo(ceiling);
  });

  it('grows at once and shrinks late', () => {
    expect(stableCeiling(300, 301, 3)).toBe(600);
    expect(stableCeiling(600, 250, 3)).toBe(600);
    expect(stableCeiling(600, 100, 3)).toBe(120);
  });
});
