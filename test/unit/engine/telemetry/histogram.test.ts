// Histogram: every value in a bucket at most 3.2 % wide, percentiles within half of that, a sparse form that
// adds up.
import { describe, expect, it } from 'vitest';
import {
  addSparse,
  bucketMidUs,
  bucketOf,
  encodeSparse,
  percentile,
  recordLatency,
  subtractSparse,
} from '../../../../src/main/engine/telemetry/histogram.ts';
import { BUCKETS_PER_ROW } from '../../../../src/main/engine/telemetry/layout.ts';

const record = (values: readonly number[]) => {
  const counts = new Uint32Array(BUCKETS_PER_ROW);
  for (const value of values) recordLatency(counts, value);
  return counts;
};

describe('buckets', () => {
  it.each([
    [0, 0],
    [1, 1],
    [31, 31],
    [32, 32],
    [63, 63],
    [64, 64],
    [65, 64],
    [66, 65],
    [127, 95],
    [128, 96],
    [2 ** 31, 864],
    [2 ** 32 - 1, 895],
    [2 ** 32, 895],
    [Number.POSITIVE_INFINITY, 895],
    [-5, 0],
    [Number.NaN, 0],
    [99.9, 81],
  ])('puts %d µs into bucket %d', (us, bucket) => {
    expect(bucketOf(us)).toBe(bucket);
  });

  it('reads every value back within 1.6 % and rises with the value', () => {
    let before = 0;
    for (let us = 1; us < 2 ** 32; us = Math.ceil(us * 1.013)) {
      const bucket = bucketOf(us);
      expect(bucket).toBeGreaterThanOrEqual(before);
      expect(Math.abs(bucketMidUs(bucket) - us) / us).toBeLessThanOrEqual(0.016);
      before = bucket;
    }
    expect(before).toBe(BUCKETS_PER_ROW - 1);
  });

  it('finds each bucket’s middle in that bucket', () => {
    for (let bucket = 0; bucket < BUCKETS_PER_ROW; bucket++)
      expect(bucketOf(bucketMidUs(bucket))).toBe(bucket);
  });
});

describe('percentiles', () => {
  it.each([
    ['nothing', [], 0.5, null],
    ['one value', [10], 0.99, 0.01],
    ['the lower half', [10, 20], 0.5, 0.01],
    ['the upper half', [10, 20], 0.51, 0.02],
    ['the slowest of a hundred', [...Array<number>(99).fill(5), 30], 0.99, 0.005],
    ['the very slowest', [...Array<number>(99).fill(5), 30], 1, 0.03],
    ['the fastest', [7, 8, 9], 0, 0.007],
  ])('of %s', (_, values, q, expected) => {
    expect(percentile(record(values), values.length, q)).toBe(expected);
  });

  it('are within 1.6 % over a spread of values', () => {
    const values = Array.from({ length: 10_000 }, (_, i) => (i + 1) * 37);
    for (const q of [0.5, 0.95, 0.99]) {
      const exact = (q * 10_000 * 37) / 1000;
      expect(Math.abs(percentile(record(values), values.length, q)! - exact) / exact).toBeLessThanOrEqual(
        0.016,
      );
    }
  });
});

describe('the sparse form', () => {
  it.each([
    ['nothing', []],
    ['the first bucket', [0]],
    ['the last bucket', [2 ** 32 - 1]],
    ['a typical second', [900, 905, 1200, 1201, 45_000, 45_001, 900]],
    ['many of one', Array<number>(300).fill(5000)],
  ])('returns %s unchanged', (_, values) => {
    const counts = record(values);
    const target = new Uint32Array(BUCKETS_PER_ROW);
    addSparse(target, encodeSparse(counts));
    expect(target).toEqual(counts);
  });

  it('keeps counts up to the greatest a bucket can hold', () => {
    const counts = new Float64Array(BUCKETS_PER_ROW);
    counts[3] = 0xffff_ffff;
    counts[4] = 2 ** 40;
    const target = new Float64Array(BUCKETS_PER_ROW);
    addSparse(target, encodeSparse(counts));
    expect(target).toEqual(counts);
  });

  it('sums up and can be taken away again', () => {
    const [a, b] = [record([1, 500, 500]), record([500, 90_000])];
    const target = new Uint32Array(BUCKETS_PER_ROW);
    addSparse(target, encodeSparse(a));
    addSparse(target, encodeSparse(b));
    expect(target).toEqual(record([1, 500, 500, 500, 90_000]));
    subtractSparse(target, encodeSparse(a));
    expect(target).toEqual(b);
  });

  it('takes a few bytes for a typical second', () => {
    expect(
      encodeSparse(record(Array.from({ length: 200 }, (_, i) => 800 + (i % 20) * 60))).length,
    ).toBeLessThan(60);
  });

  it.each([
    ['cut in the middle', (blob: Uint8Array) => blob.subarray(0, blob.length - 1)],
    ['with an endless number', () => new Uint8Array(64).fill(0xff)],
    ['with a bucket out of range', () => Uint8Array.of(0xff, 0x7f, 1)],
  ])('reads what it can of a blob %s', (_, damage) => {
    const target = new Uint32Array(BUCKETS_PER_ROW);
    addSparse(target, damage(encodeSparse(record([1, 1000]))));
    expect(target.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(1);
    expect(target.length).toBe(BUCKETS_PER_ROW);
  });
});
