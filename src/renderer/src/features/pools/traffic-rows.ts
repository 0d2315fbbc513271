// Turns the last seconds of a pool's traffic into what the three charts draw: one row per second,
// the busiest backends as series, and axes that grow at once but shrink late so lines do not jump.
// Pure; called by traffic-charts.
import type { PoolSecond } from '../../live/traffic-seconds.ts';

/** One stacked series more than this becomes "others": below, bands are too thin to tell apart. */
export const MAX_SERIES = 8;
export const OTHERS = 'others';

export type RequestsRow = { at: number } & Record<string, number>;

/**
 * Backends that get their own band, in pool order; the rest is summed into `OTHERS`. One without any
 * request has none: a band of no height is a stray line.
 */
export function chartSeries(seconds: readonly PoolSecond[], order: readonly string[]): string[] {
  const sums = new Map<string, number>();
  for (const second of seconds) {
    for (const [name, point] of Object.entries(second.backends)) {
      sums.set(name, (sums.get(name) ?? 0) + point.requests);
    }
  }
  const seen = order.filter((name) => (sums.get(name) ?? 0) > 0);
  if (seen.length <= MAX_SERIES) return seen;
  const busiest = new Set(
    [...seen].sort((a, b) => (sums.get(b) ?? 0) - (sums.get(a) ?? 0)).slice(0, MAX_SERIES - 1),
  );
  return [...seen.filter((name) => busiest.has(name)), OTHERS];
}

/** Series values by position (`s0`, `s1`…), because a backend's name may hold dots, which chart keys split. */
export function requestsRows(seconds: readonly PoolSecond[], series: readonly string[]): RequestsRow[] {
  const others = series.indexOf(OTHERS);
  return seconds.map((second) => {
    const row: RequestsRow = { at: second.at };
    let named = 0;
    series.forEach((name, index) => {
      if (index === others) return;
      const requests = second.backends[name]?.requests ?? 0;
      row[`s${index}`] = requests;
      named += requests;
    });
    if (others !== -1) row[`s${others}`] = Math.max(0, second.total.requests - named);
    return row;
  });
}

export interface LatencyRow {
  at: number;
  p50: number | null;
  p95: number | null;
  p99: number | null;
}

export function latencyRows(seconds: readonly PoolSecond[]): LatencyRow[] {
  return seconds.map(({ at, total }) => ({ at, p50: total.p50Ms, p95: total.p95Ms, p99: total.p99Ms }));
}

export interface ErrorsRow {
  at: number;
  /** Per second. */
  server: number;
  client: number;
}

export const ERROR_BAR_MS = 3000;

/** Bars of three seconds on the clock's own grid, so a bar keeps its height while it moves. */
export function errorsRows(seconds: readonly PoolSecond[]): ErrorsRow[] {
  const rows: ErrorsRow[] = [];
  let count = 0;
  let slot = Number.NaN;
  for (const { at, total } of seconds) {
    // `at` is the end of its second: it belongs to the slot that began before it.
    const start = Math.floor((at - 1) / ERROR_BAR_MS) * ERROR_BAR_MS;
    let row = rows.at(-1);
    if (row === undefined || start !== slot) {
      if (row !== undefined) scale(row, count);
      row = { at: start + ERROR_BAR_MS / 2, server: 0, client: 0 };
      rows.push(row);
      slot = start;
      count = 0;
    }
    // A refused or reset exchange is an error whether or not a 502 was counted for it: never both.
    row.server += Math.max(total.status5xx, total.errors);
    row.client += total.status4xx;
    count += 1;
  }
  const last = rows.at(-1);
  if (last !== undefined) scale(last, count);
  return rows;
}

function scale(row: ErrorsRow, seconds: number): void {
  row.server /= seconds;
  row.client /= seconds;
}

/** A round number at or above `value` that also splits into three round parts; never below `least`. */
export function niceCeiling(value: number, least: number): number {
  if (!(value > least)) return least;
  const third = value / 3;
  const power = 10 ** Math.floor(Math.log10(third));
  const step = [1, 2, 3, 4, 5, 6, 8].find((candidate) => candidate * power >= third * (1 - 1e-9)) ?? 10;
  return step * power * 3;
}

/** Grows as soon as a value would be cut off; shrinks only once the axis is more than twice too tall. */
export function stableCeiling(current: number, value: number, least: number): number {
  const fitting = niceCeiling(value, least);
  if (fitting > current) return fitting;
  return fitting * 2 < current ? fitting : current;
}

export interface ChartMarker {
  at: number;
  text: string;
}

export interface PlacedMarker extends ChartMarker {
  /** Empty when there is no room: the line stays, the label goes. */
  label: string;
  side: 'left' | 'right';
}

const LABEL_LENGTH = 30;
const LABEL_CHAR_PX = 6;

/** Markers within the shown time whose labels run neither into each other nor out of the plot. */
export function placeMarkers(
  markers: readonly ChartMarker[],
  period: { from: number; to: number },
  widthPx: number,
): PlacedMarker[] {
  const pxPerMs = widthPx / (period.to - period.from);
  const shown = markers.filter((marker) => marker.at > period.from && marker.at <= period.to);
  let freeUntilPx = widthPx;
  // From the newest back: what just happened is what one looks for.
  return [...shown]
    .sort((a, b) => b.at - a.at)
    .map((marker): PlacedMarker => {
      const text =
        marker.text.length > LABEL_LENGTH ? `${marker.text.slice(0, LABEL_LENGTH - 1)}…` : marker.text;
      const linePx = (marker.at - period.from) * pxPerMs;
      const needPx = text.length * LABEL_CHAR_PX + 10;
      if (linePx + needPx <= freeUntilPx) {
        freeUntilPx = linePx;
        return { ...marker, label: text, side: 'right' };
      }
      if (linePx <= freeUntilPx && linePx - needPx >= 0) {
        freeUntilPx = linePx - needPx;
        return { ...marker, label: text, side: 'left' };
      }
      return { ...marker, label: '', side: 'right' };
    })
    .reverse();
}
