import { describe, expect, it } from 'vitest';
import type { TrafficPoint } from '#shared/history.ts';
import {
  BY_BACKEND_LIMIT,
  chartSeries,
  errorsRows,
  latencyRange,
  latencyRows,
  OTHERS,
  placeMarkers,
  REMOVED,
  requestsRows,
  UNSERVED,
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

const unknown = (at: number) => ({ at, total: null, backends: {} });

describe('series of the requests chart', () => {
  it('keeps pool order and leaves out backends without a request', () => {
    expect(chartSeries([second(1000, { c: 1, a: 5 })], ['a', 'b', 'c'])).toEqual(['a', 'c']);
  });

  it('joins the least busy into one series when there are many', () => {
    const names = 'abcdefghij'.split('');
    const seconds = [second(1000, Object.fromEntries(names.map((name, index) => [name, index + 1])))];
    const series = chartSeries(seconds, names);
    expect(series).toEqual(['d', 'e', 'f', 'g', 'h', 'i', 'j', OTHERS]);
    expect(requestsRows(seconds, series, names)[0]).toMatchObject({ s0: 4, s6: 10, s7: 1 + 2 + 3 });
  });

  it('draws a pool of very many backends as one', () => {
    const names = Array.from({ length: BY_BACKEND_LIMIT + 1 }, (_, i) => `b${i}`);
    const seconds = [second(1000, { b0: 2 }, { requests: 90 })];
    expect(chartSeries(seconds, names)).toEqual([OTHERS]);
    expect(requestsRows(seconds, [OTHERS], names)).toEqual([{ at: 1000, s0: 90 }]);
  });

  it('reads a backend that is missing in a second as zero', () => {
    expect(requestsRows([second(1000, { 'a.b': 3 }), second(2000, {})], ['a.b'], ['a.b'])).toEqual([
      { at: 1000, s0: 3 },
      { at: 2000, s0: 0 },
    ]);
  });

  it('still draws what backends did that are gone, as one band on top', () => {
    const seconds = [second(1000, { a: 4, gone: 2, old: 1 }), second(2000, { a: 5 })];
    const series = chartSeries(seconds, ['a', 'b']);
    expect(series).toEqual(['a', REMOVED]);
    expect(requestsRows(seconds, series, ['a', 'b'])).toEqual([
      { at: 1000, s0: 4, s1: 3 },
      { at: 2000, s0: 5, s1: 0 },
    ]);
  });

  it('draws what no backend could take, so that the bands add up to the total', () => {
    const seconds = [second(1000, { a: 4, gone: 2 }, { requests: 9 }), second(2000, {}, { requests: 5 })];
    const series = chartSeries(seconds, ['a']);
    expect(series).toEqual(['a', REMOVED, UNSERVED]);
    expect(requestsRows(seconds, series, ['a'])).toEqual([
      { at: 1000, s0: 4, s1: 2, s2: 3 },
      { at: 2000, s0: 0, s1: 0, s2: 5 },
    ]);
  });

  it('joins neither what is gone nor what was turned away with the least busy', () => {
    const names = 'abcdefghij'.split('');
    const counts = Object.fromEntries(names.map((name, index) => [name, index + 1]));
    const seconds = [second(1000, { ...counts, gone: 50 }, { requests: 55 + 50 + 7 })];
    const series = chartSeries(seconds, names);
    expect(series.slice(7)).toEqual([OTHERS, REMOVED, UNSERVED]);
    expect(requestsRows(seconds, series, names)[0]).toMatchObject({ s7: 1 + 2 + 3, s8: 50, s9: 7 });
  });

  it('has a gap, not zero, where nothing is known', () => {
    const rows = requestsRows([second(1000, { a: 3, b: 1 }), unknown(2000)], ['a', 'b'], ['a', 'b']);
    expect(rows[1]).toEqual({ at: 2000, s0: null, s1: null });
  });

  it('draws no line of an idle backend on top of its neighbour, and the way to and from zero', () => {
    const seconds = [1, 0, 0, 0, 1].map((b, i) => second(i * 1000, { a: 3, b }));
    expect(requestsRows(seconds, ['a', 'b'], ['a', 'b']).map(({ s1 }) => s1)).toEqual([1, 0, null, 0, 1]);
  });
});

describe('lines of the latency chart', () => {
  const busy = (at: number) => second(at, { a: 1 }, { p50Ms: 5, p95Ms: 6, p99Ms: 7 });
  const idle = (at: number) => second(at, {});
  const shape = (seconds: Parameters<typeof latencyRows>[0]) => latencyRows(seconds).map(({ p50 }) => p50);

  it('bridge a few idle seconds, so that thin traffic makes a line', () => {
    expect(shape([busy(1), idle(2), idle(3), busy(4)])).toEqual([5, 5]);
  });

  it('break where nothing came for long and where nothing is known', () => {
    expect(shape([busy(1), ...[2, 3, 4, 5, 6, 7].map(idle), busy(8)])).toEqual([
      5,
      ...Array(6).fill(null),
      5,
    ]);
    expect(shape([busy(1), unknown(2), busy(3)])).toEqual([5, null, 5]);
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

  it('adds attempts without an answer to 5xx answers: a backend that refuses is not without errors', () => {
    expect(errorsRows([second(1000, {}, { status5xx: 4, errors: 3 })])[0]?.server).toBe(7);
    expect(errorsRows([second(1000, {}, { status5xx: 0, errors: 2 })])[0]?.server).toBe(2);
  });

  it('has no bar where nothing is known', () => {
    expect(errorsRows([unknown(1000), unknown(2000), second(4000, {}, { status4xx: 1 })])).toEqual([
      { at: 4500, server: 0, client: 1 },
    ]);
  });
});

describe('markers on the time axis', () => {
  const period = { from: 0, to: 300_000 };

  it('leaves out what is not in the period', () => {
    expect(placeMarkers([{ at: -5, text: 'old' }], period, 400)).toEqual([]);
  });

  it('have their labels at the left, and at the right only where the plot begins', () => {
    const side = (at: number) => placeMarkers([{ at, text: 'drain api-4' }], period, 400)[0]?.side;
    expect([1000, 100_000, 295_000].map(side)).toEqual(['right', 'left', 'left']);
  });

  it('keep or lose their labels for good while they scroll through the plot', () => {
    const markers = [0, 30, 90, 95, 100, 200].map((s) => ({ at: s * 1000, text: `drain api-${s}` }));
    const once = new Set<string>();
    for (let at = 200_000; at < 420_000; at += 1000) {
      const labelled = placeMarkers(markers, { from: at - 300_000, to: at }, 400)
        .filter(({ label }) => label !== '')
        .map(({ label }) => label);
      if (at === 200_000) for (const label of labelled) once.add(label);
      expect(labelled.filter((label) => !once.has(label))).toEqual([]);
    }
    expect([...once]).toEqual(['drain api-30', 'drain api-100', 'drain api-200']);
  });

  it('keeps the newest label and drops those without room', () => {
    const markers = [
      { at: 20_000, text: 'r41 add api-5' },
      { at: 21_000, text: 'r42 weight of api-3: 5 → 10' },
    ];
    expect(placeMarkers(markers, period, 400).map(({ label }) => label === '')).toEqual([true, false]);
  });

  it('shortens long texts', () => {
    const [marker] = placeMarkers([{ at: 1000, text: 'x'.repeat(80) }], period, 900);
    expect(marker?.label).toHaveLength(30);
    expect(marker?.label.endsWith('…')).toBe(true);
  });

  it('shortens the sentence before the number of others', () => {
    const [marker] = placeMarkers([{ at: 1000, text: `${'x'.repeat(80)} +6 more` }], period, 900);
    expect(marker?.label).toBe(`${'x'.repeat(21)}… +6 more`);
  });
});

describe('the range of the latency axis', () => {
  const rows = (...p99: (number | null)[]) =>
    p99.map((each, at) => ({ at, p50: null, p95: null, p99: each }));
  const steady = Array.from({ length: 100 }, (_, i) => 10 + (i % 10));

  it.each<[string, (number | null)[], ReturnType<typeof latencyRange>]>([
    ['holds everything that is near the rest', [...steady, 80], { most: 80, peak: null }],
    ['leaves a lone peak out and names it', [...steady, 120_000], { most: 38, peak: 120_000 }],
    ['holds what comes often', [...steady, ...Array(10).fill(500)], { most: 500, peak: null }],
    ['holds everything while little is known', [1, 2, null, 900], { most: 900, peak: null }],
    ['is nothing without an answer', [null, null], { most: 0, peak: null }],
  ])('%s', (_, p99, range) => {
    expect(latencyRange(rows(...p99))).toEqual(range);
  });
});
