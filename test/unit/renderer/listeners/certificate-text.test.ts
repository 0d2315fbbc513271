import { describe, expect, it } from 'vitest';
import { expiryText, problemMark } from '../../../../src/renderer/src/features/listeners/certificate-text.ts';

describe('until when a certificate is good', () => {
  it.each([
    [824, 'expires in 824 days'],
    [1, 'expires in 1 day'],
    [0, 'expires today'],
    [-1, 'expired 1 day ago'],
    [null, ''],
  ])('with %j days left is %j', (daysLeft, text) => {
    expect(expiryText(daysLeft)).toBe(text);
  });
});

describe('what is wrong with a certificate', () => {
  it.each([
    ['nothing', 300, '', undefined],
    ['what it will be', 12, 'expires on 2026-12-01; renew it', 'warn'],
    ['its end', -1, 'expired', 'down'],
    ['a file that cannot be read', null, 'certFile: no such file', 'down'],
  ])('%s is marked by its weight', (_what, daysLeft, problem, tone) => {
    expect(problemMark({ daysLeft, problem })?.tone).toBe(tone);
  });
});
