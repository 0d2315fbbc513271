// One row a second whatever came: live samples first, then history; what nobody knows is not zero.
import { describe, expect, it } from 'vitest';
import type { HistoryResult, Sample, TrafficPoint } from '#shared/history.ts';
import {
  fillSeconds,
  lastSecond,
  NO_TRAFFIC,
  secondOf,
  secondsOfHistory,
} from '../../../../src/renderer/src/live/traffic-seconds.ts';

const point = (requests: number): TrafficPoint => ({ ...NO_TRAFFIC, requests });

const sample = (second: number, requests: number): Sample => ({
  // Timers drift: a sample is a little off its second.
  at: second * 1000 + 40,
  pools: { api: { total: point(requests), backends: { 'api-1': point(requests) } } },
});

const history: HistoryResult = {
  from: 96_000,
  to: 99_000,
  bucketMs: 1000,
  total: [point(7), null, point(9)],
  series: [
    { pool: 'api', backend: 'api-1', traffic: [point(7), null, point(9)], health: [null, null, null] },
  ],
  markers: [],
};

describe('seconds of a history answer', () => {
  it('are named by their end and leave out what is unknown', () => {
    const seconds = secondsOfHistory(history, 'api');
    expect([...seconds.keys()]).toEqual([97, 99]);
    expect(seconds.get(97)).toMatchObject({ at: 97_000, backends: { 'api-1': { requests: 7 } } });
  });
});

describe('filled seconds', () => {
  const rows = fillSeconds(
    'api',
    102,
    6,
    [sample(99, 90), { at: 100_000, pools: {} }, sample(102, 120)],
    secondsOfHistory(history, 'api'),
  );

  it('are unbroken and end with the last second', () => {
    expect(rows.map(({ at }) => secondOf(at))).toEqual([97, 98, 99, 100, 101, 102]);
  });

  it('prefer live samples over history, and say null where neither knows', () => {
    expect(rows.map(({ total }) => total?.requests ?? null)).toEqual([7, null, 90, 0, null, 120]);
  });

  it('know no latency where there was no request', () => {
    expect(rows[3]?.total).toEqual(NO_TRAFFIC);
    expect(NO_TRAFFIC.p95Ms).toBeNull();
  });
});

describe('the last second', () => {
  it('is the one the newest sample ends, also when a status has outrun the next sample', () => {
    expect(lastSecond([sample(101, 1), sample(102, 1)], 102_900)).toBe(102);
    expect(lastSecond([sample(102, 1)], 103_010)).toBe(102);
  });

  it('is without samples the last that must be over, so it is never half counted', () => {
    expect(lastSecond([], 102_900)).toBe(101);
  });

  it('moves on when samples stay away, for then nothing is known', () => {
    expect(lastSecond([sample(102, 1)], 110_200)).toBe(109);
  });
});
