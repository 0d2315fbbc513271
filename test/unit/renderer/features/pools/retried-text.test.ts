// What is said of the failures of the last minute: how many were retried, and whether a client noticed.
import { describe, expect, it } from 'vitest';
import {
  poolRetriedText,
  retriedLegend,
  retriedText,
} from '../../../../../src/renderer/src/features/pools/retried-text.ts';

const minute = (failuresLastMinute: number, retriesLastMinute: number) => ({
  failuresLastMinute,
  retriesLastMinute,
});

describe('the failures of a backend', () => {
  it.each([
    [0, 0, ''],
    [12, 0, '12 failed in the last minute, none retried on another backend'],
    [12, 9, '12 failed in the last minute, 9 retried on another backend'],
    [12, 12, '12 failed in the last minute, all 12 retried on another backend'],
    [1, 1, '1 failed in the last minute, 1 retried on another backend'],
    [0, 4, 'None failed in the last minute, 4 retried on another backend'],
  ])('%i, of which %i were retried, are in words', (failed, retried, text) => {
    expect(retriedText(minute(failed, retried))).toBe(text);
  });
});

describe('the failures of a pool', () => {
  it.each([
    [0, 0, [], ''],
    [12, 9, [], '12 failed in the last minute, 9 retried on another backend.'],
    [12, 12, [503], '12 failed in the last minute, all 12 retried on another backend: no client noticed.'],
    // A retry is counted a moment after its failure, and so leaves the minute after it.
    [12, 13, [], '12 failed in the last minute, all 12 retried on another backend: no client noticed.'],
    [1, 1, [], '1 failed in the last minute, 1 retried on another backend: no client noticed.'],
  ])(
    '%i, of which %i were retried while %j are, tell what clients noticed',
    (failed, retried, statuses, text) => {
      expect(poolRetriedText(minute(failed, retried), statuses)).toBe(text);
    },
  );

  it.each([[[404]], [undefined]])('do not while %j are retried: those are no failures', (statuses) => {
    expect(poolRetriedText(minute(12, 13), statuses)).toBe(
      '12 failed in the last minute, 13 retried on another backend.',
    );
    expect(retriedLegend(minute(12, 13), statuses)).toBe('13 retried');
  });

  it.each([
    [0, 0, ''],
    [5, 0, ''],
    [5, 4, '4 retried'],
    [5, 5, 'all retried'],
    [827_123, 400_000, '400 k retried'],
  ])('%i, of which %i were retried, have a word in the legend', (failed, retried, text) => {
    expect(retriedLegend(minute(failed, retried), [])).toBe(text);
  });
});
