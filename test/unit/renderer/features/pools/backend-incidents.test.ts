import { describe, expect, it } from 'vitest';
import {
  beginningOf,
  incidentsAsked,
  incidentTime,
} from '../../../../../src/renderer/src/features/pools/backend-incidents.ts';

describe('incidentsAsked', () => {
  it('are the newest few of the one backend of the one pool', () => {
    expect(incidentsAsked('api', 'a', undefined)).toEqual({ pool: 'api', backend: 'a', limit: 5 });
  });

  it('are those of the period on the screen', () => {
    expect(incidentsAsked('api', 'a', { from: 7, to: 9 })).toMatchObject({ from: 7, to: 9 });
  });
});

describe('incidentTime', () => {
  const at = (day: number, hour: number) => new Date(2026, 10, day, hour, 0).getTime();
  it('names a day once, and says what still lasts', () => {
    expect(incidentTime({ start: at(20, 9), end: at(20, 11) })).toBe('20 Nov 09:00:00 to 11:00:00, 2h 00m');
    expect(incidentTime({ start: at(20, 23), end: at(21, 1) })).toBe(
      '20 Nov 23:00:00 to 21 Nov 01:00:00, 2h 00m',
    );
    expect(incidentTime({ start: at(20, 9), end: null })).toBe('Since 20 Nov 09:00:00, still down');
  });

  it('tells the ends of a short one apart', () => {
    const start = new Date(2026, 10, 20, 19, 43, 8).getTime();
    expect(incidentTime({ start, end: start + 12_000 })).toBe('20 Nov 19:43:08 to 19:43:20, 12s');
  });
});

describe('beginningOf', () => {
  /** Newest first, a probe a second: "x" failed. The oldest ran at 1. */
  const checks = (text: string) =>
    [...text].map((each, i) => ({
      at: text.length - i,
      ok: each !== 'x',
      code: '',
      tookMs: 1,
      detail: '',
    }));
  it.each([
    ['xxxx..', 5, { firstFailure: 3, decided: 5 }],
    // Another incident came soon after, one was before.
    ['xxx..xxx..xx', 7, { firstFailure: 5, decided: 7 }],
    ['.x.', 2, { firstFailure: 2, decided: 2 }],
    // What is known begins in the middle.
    ['xx', 2, { firstFailure: null, decided: 2 }],
    // It went down without a probe, or the probe is not among them.
    ['x..', 2, null],
    ['xx', 0, null],
    ['', 5, null],
  ])('finds in %j the probes that took it down at %i', (text, start, beginning) => {
    expect(beginningOf(checks(text), start)).toEqual(beginning);
  });
});
