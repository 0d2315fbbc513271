import { describe, expect, it } from 'vitest';
import {
  reachedText,
  servedText,
  servedTitle,
} from '../../../../../src/renderer/src/features/pools/backend-table/served-text.ts';

const served = (requests: number, errors: number, retries: number) =>
  ({ role: 'primary', requests, errors, retries }) as const;

describe('what of it reached clients', () => {
  it.each([
    [212, 0, 0, [], '212 answers 5xx in the last minute'],
    [1, 0, 0, [], '1 answer 5xx in the last minute'],
    [540, 540, 540, [503], ''],
    [540, 500, 540, [503], '40 answers 5xx or cut off in the last minute'],
    // Which of the retries were of failures is not known.
    [40, 12, 0, [404], ''],
  ])(
    'of %i failures of the last minute, %i retried, with %i errors ever, while %j are retried, is in words',
    (failuresLastMinute, retriesLastMinute, errors, statuses, text) => {
      expect(reachedText({ failuresLastMinute, retriesLastMinute, errors }, statuses)).toBe(text);
    },
  );
});

describe('what a backend has served', () => {
  it.each([
    [1, 0, 0, '1 request'],
    [827_123, 8, 0, '827k requests · 8 attempts failed'],
    [827_123, 8, 8, '827k requests · 8 attempts failed · 8 retried on another backend'],
    [1_650_000, 1, 1, '1.65M requests · 1 attempt failed · 1 retried on another backend'],
    // Answers with a status that the pool retries.
    [40, 0, 3, '40 requests · 3 retried on another backend'],
  ])('of %i requests, %i failures and %i retries is in words', (requests, errors, retries, text) => {
    expect(servedText(served(requests, errors, retries))).toBe(text);
  });

  it('is told to the last digit in the tooltip', () => {
    expect(servedTitle(served(41_320, 0, 0))).toBe('41\u202f320 requests, since Sluice started');
  });

  it.each([
    ['some that failed were retried', served(9, 3, 2)],
    ['only answers of a retried status were', served(9, 2, 3)],
    ['none was', served(9, 2, 0)],
  ])('says how failed attempts are counted, in words that hold also when %s', (_, backend) => {
    const title = servedTitle(backend);
    expect(title).toMatch(
      /, since Sluice started\. Attempts that failed are counted also when they were retried\.$/,
    );
  });
});
