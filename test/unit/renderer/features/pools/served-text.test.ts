import { describe, expect, it } from 'vitest';
import {
  servedText,
  servedTitle,
} from '../../../../../src/renderer/src/features/pools/backend-table/served-text.ts';

const served = (requests: number, errors: number, retries: number) =>
  ({ role: 'primary', requests, errors, retries }) as const;

describe('what a backend has served', () => {
  it.each([
    [1, 0, 0, '1 request'],
    [827_123, 8, 0, '827 k requests · 8 attempts failed'],
    [827_123, 8, 8, '827 k requests · 8 attempts failed · 8 retried on another backend'],
    [1_650_000, 1, 1, '1.65 M requests · 1 attempt failed · 1 retried on another backend'],
    // Answers with a status that the pool retries.
    [40, 0, 3, '40 requests · 3 retried on another backend'],
  ])('of %i requests, %i failures and %i retries is in words', (requests, errors, retries, text) => {
    expect(servedText(served(requests, errors, retries))).toBe(text);
  });

  it('says what became of the attempts that failed', () => {
    expect(servedTitle(served(9, 0, 0))).toBe('9 requests, since Sluice started');
    expect(servedTitle(served(9, 2, 0))).toContain('none was retried');
    expect(servedTitle(served(9, 2, 1))).toContain('counted as failed all the same');
  });
});
