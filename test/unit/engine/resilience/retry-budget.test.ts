// The retry budget: a share of what is under way, and always a few.
import { describe, expect, it } from 'vitest';
import { budgetAllows } from '../../../../src/main/engine/resilience/retry-budget.ts';

describe('the retry budget', () => {
  it.each([
    // underWay, retrying, pct, min, allowed
    [1, 0, 20, 3, true],
    [1, 2, 20, 3, true],
    [1, 3, 20, 3, false],
    [100, 19, 20, 3, true],
    [100, 20, 20, 3, false],
    [99, 19, 20, 3, false],
    [100, 0, 0, 0, false],
    [4, 0, 20, 0, false],
    [5, 0, 20, 0, true],
    [1000, 2, 0, 3, true],
    [1000, 3, 0, 3, false],
    [10, 9, 100, 0, true],
    [10, 10, 100, 0, false],
    [8, 0, 12.5, 0, true],
    [7, 0, 12.5, 0, false],
  ])(
    'with %i requests and %i retries under way, %d %% and at least %i: %s',
    (underWay, retrying, budgetPct, budgetMin, allowed) => {
      expect(budgetAllows({ underWay, retrying }, { budgetPct, budgetMin })).toBe(allowed);
    },
  );
});
