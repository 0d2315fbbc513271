// The reader: growth per second, windows of 10 and 60 s, sums over threads, rows that change owner.
import { describe, expect, it } from 'vitest';
import { recordLatency } from '../../../../src/main/engine/telemetry/histogram.ts';
import { COUNTER, createPage, ROWS_PER_PAGE, rowAt } from '../../../../src/main/engine/telemetry/layout.ts';
import { clearRow, createReader } from '../../../../src/main/engine/telemetry/reader.ts';

interface Traffic {
  requests?: number;
  status2xx?: number;
  status4xx?: number;
  status5xx?: number;
  errors?: number;
  retries?: number;
  us?: number;
}

/** What an engine thread does for each exchange. */
function serve(pages: readonly SharedArrayBuffer[], slot: number, { us, ...counts }: Traffic) {
  const { counters, latency } = rowAt(pages, slot);
  for (const [name, count] of Object.entries(counts))
    counters[COUNTER[name as keyof typeof counts]]! += count;
  for (let i = 0; us !== undefined && i < (counts.requests ?? 0); i++) recordLatency(latency, us);
}

function setGauge(
  pages: readonly SharedArrayBuffer[],
  slot: number,
  gauge: 'inFlight' | 'connections',
  value: number,
) {
  rowAt(pages, slot).counters[COUNTER[gauge]] = value;
}

describe('a reader', () => {
  it('yields the growth of the last second only, with its percentiles', () => {
    const pages = [createPage()];
    const reader = createReader();
    serve(pages, 3, { requests: 10, status2xx: 9, status5xx: 1, us: 20_000 });
    reader.tick(1000, [3], [pages]);
    serve(pages, 3, { requests: 4, status2xx: 4, us: 8_000 });
    reader.tick(2000, [3], [pages]);
    const second = reader.second(3)!;
    expect(second.atMs).toBe(2000);
    expect([COUNTER.requests, COUNTER.status2xx, COUNTER.status5xx].map((i) => second.counters[i])).toEqual([
      4, 4, 0,
    ]);
    expect(second.p50Ms! / 8).toBeCloseTo(1, 1);
    expect(reader.window(3).requests).toBe(14);
    reader.tick(3000, [3], [pages]);
    expect(reader.second(3)).toBeUndefined();
  });

  it('knows nothing of a row without traffic', () => {
    const reader = createReader();
    reader.tick(1000, [0], [[createPage()]]);
    expect(reader.second(0)).toBeUndefined();
    expect(reader.window(0)).toMatchObject({
      requests: 0,
      requestsPerS: 0,
      clientErrorPct: null,
      serverErrorPct: null,
      p50Ms: null,
      p99Ms: null,
    });
    expect(reader.window(7)).toEqual(reader.window(0));
  });

  it('keeps 60 s of requests and percentiles and 10 s of rates, second by second', () => {
    const pages = [createPage()];
    const reader = createReader();
    for (let s = 1; s <= 60; s++) {
      serve(pages, 0, {
        requests: s <= 30 ? 2 : 1,
        status4xx: s <= 30 ? 1 : 0,
        errors: s > 55 ? 1 : 0,
        status5xx: s === 60 ? 2 : 0,
        retries: s > 57 ? 1 : 0,
        us: s <= 30 ? 50_000 : 1_000,
      });
      reader.tick(s * 1000, [0], [pages]);
    }
    expect(reader.window(0)).toMatchObject({ requests: 90, requestsPerS: 1, errorsPerS: 0.5 });
    expect(reader.window(0)).toMatchObject({ failures: 7, retries: 3 });
    expect(reader.merged([0])).toMatchObject({ failures: 7, retries: 3 });
    expect(reader.window(0).clientErrorPct).toBeCloseTo(100 / 3);
    expect(reader.window(0).p50Ms! / 50).toBeCloseTo(1, 1);
    for (let s = 61; s <= 90; s++) reader.tick(s * 1000, [0], [pages]);
    expect(reader.window(0)).toMatchObject({
      requests: 30,
      requestsPerS: 0,
      errorsPerS: 0,
      clientErrorPct: 0,
    });
    expect(reader.window(0).p99Ms! / 1).toBeCloseTo(1, 1);
    reader.tick(119_000, [0], [pages]);
    expect(reader.window(0).requests).toBe(1);
    reader.tick(120_000, [0], [pages]);
    expect(reader.window(0)).toMatchObject({ requests: 0, clientErrorPct: null, p95Ms: null });
    expect(reader.window(0)).toMatchObject({ failures: 0, retries: 0 });
  });

  it('counts rates over the time it has seen while that is under 10 s', () => {
    const pages = [createPage()];
    const reader = createReader();
    serve(pages, 0, { requests: 30 });
    reader.tick(5000, [0], [pages]);
    expect(reader.window(0).requestsPerS).toBe(30);
    serve(pages, 0, { requests: 30 });
    reader.tick(7000, [0], [pages]);
    expect(reader.window(0).requestsPerS).toBe(20);
  });

  it('sums over engine threads; a gauge is no growth', () => {
    const [one, two] = [[createPage()], [createPage()]];
    const reader = createReader();
    serve(one, 1, { requests: 3, us: 1000 });
    serve(two, 1, { requests: 5, us: 3000 });
    setGauge(one, 1, 'inFlight', 2);
    setGauge(two, 1, 'inFlight', 4);
    reader.tick(1000, [1], [one, two]);
    expect(reader.second(1)!.counters[COUNTER.requests]).toBe(8);
    expect(reader.second(1)!.counters[COUNTER.inFlight]).toBe(0);
    expect(reader.window(1).p99Ms! / 3).toBeCloseTo(1, 1);
    setGauge(one, 1, 'inFlight', 0);
    reader.tick(2000, [1], [one, two]);
    expect(reader.second(1)).toBeUndefined();
  });

  it('goes on from zero when a thread and its pages were replaced', () => {
    const pages = [createPage()];
    const reader = createReader();
    serve(pages, 0, { requests: 100, us: 1000 });
    reader.tick(1000, [0], [pages]);
    const replaced = [createPage()];
    serve(replaced, 0, { requests: 1, us: 1000 });
    reader.tick(2000, [0], [replaced]);
    expect(reader.second(0)!.counters[COUNTER.requests]).toBe(1);
    expect(reader.window(0).requests).toBe(101);
  });

  it('finds a response time that was recorded after its request was counted', () => {
    const pages = [createPage()];
    const reader = createReader();
    serve(pages, 0, { requests: 1 });
    reader.tick(1000, [0], [pages]);
    expect(reader.window(0).p50Ms).toBeNull();
    recordLatency(rowAt(pages, 0).latency, 2000);
    reader.tick(2000, [0], [pages]);
    expect(reader.window(0).p50Ms! / 2).toBeCloseTo(1, 1);
    expect(reader.window(0).requests).toBe(1);
  });

  it('gives a row’s new owner a clean start', () => {
    const pages = [createPage()];
    const reader = createReader();
    serve(pages, 5, { requests: 50, us: 9000 });
    setGauge(pages, 5, 'connections', 1);
    reader.tick(1000, [5], [pages]);
    expect(reader.isIdle(5)).toBe(false);
    setGauge(pages, 5, 'connections', 0);
    expect(reader.isIdle(5)).toBe(true);
    clearRow([pages], 5);
    reader.forget(5);
    serve(pages, 5, { requests: 2, us: 1000 });
    reader.tick(2000, [5], [pages]);
    expect(reader.window(5)).toMatchObject({ requests: 2 });
    expect(reader.window(5).p99Ms! / 1).toBeCloseTo(1, 1);
  });

  it('merges backends into a pool: sums and joint percentiles', () => {
    const pages = [createPage(), createPage()];
    const far = ROWS_PER_PAGE + 1;
    const reader = createReader();
    serve(pages, 0, { requests: 98, status2xx: 98, us: 1000 });
    serve(pages, far, { requests: 2, status5xx: 2, us: 80_000 });
    reader.tick(1000, [0, 1, far], [pages]);
    expect(reader.merged([0, 1, far])).toMatchObject({ requests: 100, serverErrorPct: 2, requestsPerS: 100 });
    expect(reader.merged([0, far]).p50Ms! / 1).toBeCloseTo(1, 1);
    expect(reader.merged([0, far]).p99Ms! / 80).toBeCloseTo(1, 1);
    expect(reader.mergedSecond([0, 1, far])!.counters[COUNTER.requests]).toBe(100);
    expect(reader.mergedSecond([0, far])!.p99Ms! / 80).toBeCloseTo(1, 1);
    expect(reader.mergedSecond([1])).toBeUndefined();
  });

  it('counts an attempt that failed without an answer among the server errors', () => {
    const pages = [createPage()];
    const reader = createReader();
    serve(pages, 0, { requests: 10, status2xx: 6, status5xx: 1, errors: 3 });
    reader.tick(1000, [0], [pages]);
    expect(reader.window(0)).toMatchObject({ requests: 10, serverErrorPct: 40 });
  });

  it('leaves out a thread whose pages do not reach a row yet', () => {
    const [grown, old] = [[createPage(), createPage()], [createPage()]];
    const reader = createReader();
    serve(grown, ROWS_PER_PAGE, { requests: 1 });
    reader.tick(1000, [ROWS_PER_PAGE], [old, grown]);
    expect(reader.second(ROWS_PER_PAGE)!.counters[COUNTER.requests]).toBe(1);
  });
});
