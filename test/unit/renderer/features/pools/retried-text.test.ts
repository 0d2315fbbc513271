// What is said of the failures of the last minute: how many were retried, and no more than is known.
import { describe, expect, it } from 'vitest';
import { retriedNote, retriedText } from '../../../../../src/renderer/src/features/pools/retried-text.ts';

const minute = (failuresLastMinute: number, retriesLastMinute: number) => ({
  failuresLastMinute,
  retriesLastMinute,
});

describe('while a pool retries only what failed', () => {
  it.each([
    [0, 0, [], '', ''],
    [12, 0, [], '12 failed in the last minute, none retried on another backend', ''],
    [
      12,
      9,
      [503],
      '12 failed in the last minute, 9 retried on another backend',
      '5xx, last min: 9 of 12 retried',
    ],
    [
      12,
      12,
      [503],
      '12 failed in the last minute, all 12 retried on another backend',
      '5xx, last min: all 12 retried',
    ],
    [1, 1, [], '1 failed in the last minute, 1 retried on another backend', '5xx, last min: 1 of 1 retried'],
    // A retry is counted a moment after its failure, and so leaves the minute after it.
    [
      12,
      13,
      [],
      '12 failed in the last minute, all 12 retried on another backend',
      '5xx, last min: all 12 retried',
    ],
    [0, 1, [], '', ''],
    [
      827_123,
      400_000,
      [],
      '827\u202f123 failed in the last minute, 400\u202f000 retried on another backend',
      '5xx, last min: 400k of 827k retried',
    ],
  ])(
    '%i failures and %i retries (of %j) are those of the failures',
    (failed, retried, statuses, text, note) => {
      expect(retriedText(minute(failed, retried), statuses)).toBe(text);
      expect(retriedNote(minute(failed, retried), statuses)).toBe(note);
    },
  );
});

describe('while answers below 500 may be retried too', () => {
  it.each([
    [0, 0, [404], '', ''],
    [
      0,
      4,
      [404],
      'None failed in the last minute; 4 attempts were retried on another backend',
      'last min: 4 retried',
    ],
    [
      12,
      12,
      [404, 503],
      '12 failed in the last minute; 12 attempts were retried on another backend',
      'last min: 12 retried',
    ],
    [
      12,
      1,
      undefined,
      '12 failed in the last minute; 1 attempt was retried on another backend',
      'last min: 1 retried',
    ],
    [12, 0, undefined, '12 failed in the last minute, none retried on another backend', ''],
  ])('%i failures and %i retries (of %j) are told apart', (failed, retried, statuses, text, note) => {
    expect(retriedText(minute(failed, retried), statuses)).toBe(text);
    expect(retriedNote(minute(failed, retried), statuses)).toBe(note);
  });
});
