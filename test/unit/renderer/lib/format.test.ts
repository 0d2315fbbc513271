// Figures as people read them: widths that hold, no zero for "nothing known".
import { describe, expect, it } from 'vitest';
import {
  formatAge,
  formatBytes,
  formatCompact,
  formatCount,
  formatDate,
  formatDuration,
  formatLatency,
  formatMs,
  formatPct,
  formatRate,
  formatShare,
  formatSpan,
  plural,
} from '../../../../src/renderer/src/lib/format.ts';

const THIN = '\u202f';

describe('figures', () => {
  it.each([
    ['counts seconds down', formatDuration(38_999), '38 s'],
    ['pads the seconds of a minute', formatDuration(123_000), '2 m 03 s'],
    ['leaves the seconds of an hour away', formatDuration(3_900_000), '1 h 05 m'],
    ['never shows time below nothing', formatDuration(-1), '0 s'],
    ['writes a day with its year', formatDate(new Date(2036, 10, 20).getTime()), '20 Nov 2036'],
    ['groups thousands with thin spaces', formatCount(41320), `41${THIN}320`],
    ['groups millions', formatCount(1234567), `1${THIN}234${THIN}567`],
    ['leaves three digits alone', formatCount(689), '689'],
    ['rounds', formatCount(999.6), `1${THIN}000`],
    ['writes a real minus', formatCount(-1200), `−1${THIN}200`],
    ['never writes minus zero', formatCount(-0.2), '0'],
    ['shows a trickle with a decimal', formatRate(2.14), '2.1'],
    ['does not call a trickle nothing', formatRate(0.01), '<0.1'],
    ['rounds a rate at ten', formatRate(9.97), '10'],
    ['shows no rate as 0', formatRate(0), '0'],
    ['shows unknown latency as a dash', formatMs(null), '—'],
    ['shows latency in whole ms', formatMs(61.4), '61'],
    ['shows latency under one ms', formatMs(0.42), '0.4'],
    ['shows the tiniest latency', formatMs(0.01), '<0.1'],
    ['keeps one decimal of a percentage', formatPct(4.1), '4.1'],
    ['shows an unknown percentage as a dash', formatPct(null), '—'],
    ['shows a share with its sign', formatShare(0.598), '59.8%'],
    ['shows long latency in seconds', formatLatency(15_073), '15 s'],
    ['shows latency below that in ms', formatLatency(9999), '9\u202f999'],
    ['shows no share without decimals', formatShare(0), '0%'],
    ['shows an unknown share as a dash', formatShare(null), '—'],
    ['counts one', plural(1, 'backend'), '1 backend'],
    ['counts none', plural(0, 'backend'), '0 backends'],
  ])('%s', (_, actual, expected) => {
    expect(actual).toBe(expected);
  });
});

describe('a figure where there is little room', () => {
  it.each([
    [0, '0'],
    [0.3, '0.3'],
    [1 / 3, '0.333'],
    [8, '8'],
    [999, '999'],
    [999.7, '1k'],
    [1200, '1.2k'],
    [41_320, '41.3k'],
    [160_000, '160k'],
    [827_123, '827k'],
    [999_499, '999k'],
    [999_500, '1M'],
    [1_200_000, '1.2M'],
    [1_650_000, '1.65M'],
    [2_000_000_000, '2G'],
    [4_560_000_000_000, '4560G'],
  ])('of %d is written %s', (value, text) => {
    expect(formatCompact(value)).toBe(text);
  });
});

describe('sizes and times', () => {
  it.each([
    [formatBytes(0), '0 B'],
    [formatBytes(1023), '1023 B'],
    [formatBytes(38 * 1024 ** 2), '38 MB'],
    [formatBytes(1.5 * 1024 ** 3), '1.5 GB'],
    [formatAge(-5), '0s'],
    [formatAge(41_000), '41s'],
    [formatAge(362_000), '6m 02s'],
    [formatAge(41 * 60_000), '41m'],
    [formatAge(134 * 60_000), '2h 14m'],
    [formatAge(125 * 60_000), '2h 05m'],
    [formatAge(76 * 3_600_000), '3d 4h'],
    [formatSpan(30 * 86_400), '30 d'],
    [formatSpan(7200), '2 h'],
  ])('%s is written as %s', (actual, expected) => {
    expect(actual).toBe(expected);
  });
});
