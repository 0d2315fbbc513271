import { describe, expect, it } from 'vitest';
import {
  servedText,
  servedTitle,
} from '../../../../../src/renderer/src/features/pools/backend-table/served-text.ts';

describe('what a backend has served', () => {
  it.each([
    [1, 0, '1 request'],
    [827_123, 8, '827 k requests · 8 attempts failed'],
    [1_650_000, 1, '1.65 M requests · 1 attempt failed'],
  ])('of %i requests and %i failures is in words', (requests, errors, text) => {
    expect(servedText({ role: 'primary', requests, errors })).toBe(text);
  });

  it('says that another backend may have answered what failed here', () => {
    expect(servedTitle({ role: 'primary', requests: 9, errors: 2 })).toContain('another backend answered');
    expect(servedTitle({ role: 'primary', requests: 9, errors: 0 })).toBe('9 requests, since Sluice started');
  });
});
