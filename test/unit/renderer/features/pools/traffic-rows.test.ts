import { describe, expect, it } from 'vitest';
import type { TrafficPoint } from '#shared/history.ts';
import {
  chartSeries,
  errorsRows,
  niceCeiling,
  OTHERS,
  placeMarkers,
  requestsRows,
  stableCeiling,
} from '../../../../../src/renderer/src/features/pools/traffic-rows.ts';

function point(values: Partial<TrafficPoint>): TrafficPoint {
  const zero = { requests: 0, status2xx: 0, status3xx: 0, status4xx: 0, status5xx: 0, errors: 0 };
  return { ...zero, bytesIn: 0, bytesOut: 0, p50Ms: null, p95Ms: null, p99Ms: null, ...values };
}

function second(at: number, requests: Record<string, number>, total: Partial<TrafficPoint> = {}) {
  const sum = Object.values(requests).reduce((a, b) => a + b, 0);
  const backends = Object.fromEntries(
    Object.entries(requests).map(([name, n]) => [name, point({ requests: n })]),
  );
  return { at, total: point({ requests: sum, ...total }), backends };
}

describe('series of the requests chart', () => {
  it('keeps pool order and leaves out backends without a request', () => {
    expect(chartSeries([second(1000, { c: 1, a: 5 })], ['a', 'b', 'c'])).toEqual(['a', 'c']);
  });

  it('joins the least busy into one series when there are many', () => {
    const names = 'abcdefghij'.split('');
    const seconds = [second(1000, Object.fromEntries(names.map((name, index) => [name, index + 1])))];
    const series = chartSeries(seconds, names);
    expect(series).toEqual(['d', 'e', 'f', 'g', 'h', 'i', 'j', OTHERS]);
    expect(requestsRows(seconds, series)[0]).toMatchObject({ s0: 4, s6: 10, s7: 1 + 2 + 3 });
  });

  it('reads a backend that is missing in a second as zero', () => {
    expect(requestsRows([second(1000, { 'a.b': 3 }), second(2000, {})], ['a.b'])).toEqual([
      { at: 1000, s0: 3 },
      { at: 2000, s0: 0 },
    ]);
  });
});

describe('bars of the errors chart', () => {
  it('averages three seconds on a fixed grid, so a bar keeps its height', () => {
    const rows = errorsRows([
      second(3000, {}, { status5xx: 9 }),
      second(4000, {}, { status5xx: 3 }),
      second(5000, {}, { status5xx: 3, status4xx: 6 }),
      second(6000, {}, { status5xx: 0 }),
      second(7000, {}, { status5xx: 5 }),
    ]);
    expect(rows).toEqual([
      { at: 1500, server: 9, client: 0 },
      { at: 4500, server: 2, client: 2 },
      { at: 7500, server: 5, client: 0 },
    ]);
  });

  it('does not count a refused exchange and its 502 twice', () => {
    expect(errorsRows([second(1000, {}, { status5xx: 4, errors: 4 })])[0]?.server).toBe(4);
    expect(errorsRows([second(1000, {}, { status5xx: 0, errors: 2 })])[0]?.server).toBe(2);
  });
});

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

describe('markers on the time axis', () => {
  const period = { from: 0, to: 300_000 };

  it('leaves out what is not in the period', () => {
    expect(placeMarkers([{ at: -5, text: 'old' }], period, 400)).toEqual([]);
  });

  it('turns a label at the right edge to the left', () => {
    expect(placeMarkers([{ at: 295_000, text: 'drain api-4' }], period, 400)).toMatchObject([
      { label: 'drain api-4', side: 'left' },
    ]);
  });

  it('keeps the newest label and drops those without room', () => {
    const markers = [
      { at: 20_000, text: 'r41 add api-5' },
      { at: 21_000, text: 'r42 weight of api-3 5 → 10' },
    ];
    expect(placeMarkers(markers, period, 400).map(({ label }) => label === '')).toEqual([true, false]);
  });

  it('shortens long texts', () => {
    const [marker] = placeMarkers([{ at: 1000, text: 'x'.repeat(80) }], period, 900);
    expect(marker?.label).toHaveLength(30);
    expect(marker?.label.endsWith('…')).toBe(true);
  });
});
