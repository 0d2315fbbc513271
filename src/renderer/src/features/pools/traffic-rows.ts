// Turns the last seconds of a pool's traffic into what the three charts draw: one row per second, the
// busiest backends as series, and marks with names that have room. Pure; called by traffic-charts.
import type { PoolSecond } from '../../live/traffic-seconds.ts';

/** One stacked series more than this becomes "others": below, bands are too thin to tell apart. */
export const MAX_SERIES = 8;
/** No backend can be called so. */
export const OTHERS = '* others';
/** What backends did that the pool no longer has. */
export const REMOVED = '* removed';
/** What no backend was tried for. */
export const UNSERVED = '* no backend';
/** Of a pool with more backends than this the past is known as a whole only, and so it is drawn. */
export const BY_BACKEND_LIMIT = 60;

export interface RequestsRow {
  at: number;
  /** Null: no line and no area here. */
  [series: `s${number}`]: number | null;
}

/**
 * Backends that get their own band, in pool order; the rest is summed into `OTHERS`. On top what no row of
 * the table stands for, so that the bands always add up to the total: a removal does not rewrite the past.
 * One without any request has none: a band of no height is a stray line.
 */
export function chartSeries(seconds: readonly PoolSecond[], order: readonly string[]): string[] {
  if (order.length > BY_BACKEND_LIMIT) return [OTHERS];
  const sums = new Map<string, number>();
  let unserved = 0;
  for (const second of seconds) {
    unserved += unservedOf(second);
    for (const [name, point] of Object.entries(second.backends)) {
      sums.set(name, (sums.get(name) ?? 0) + point.requests);
    }
  }
  const current = new Set(order);
  const removed = [...sums].some(([name, sum]) => sum > 0 && !current.has(name));
  return [...ownSeries(sums, order), ...(removed ? [REMOVED] : []), ...(unserved > 0 ? [UNSERVED] : [])];
}

function ownSeries(sums: ReadonlyMap<string, number>, order: readonly string[]): string[] {
  const seen = order.filter((name) => (sums.get(name) ?? 0) > 0);
  if (seen.length <= MAX_SERIES) return seen;
  const busiest = new Set(
    [...seen].sort((a, b) => (sums.get(b) ?? 0) - (sums.get(a) ?? 0)).slice(0, MAX_SERIES - 1),
  );
  return [...seen.filter((name) => busiest.has(name)), OTHERS];
}

/**
 * Series values by position (`s0`, `s1`…), because a backend's name may hold dots, which chart keys split.
 * A second nobody knows is a gap in all of them. Where a backend idles its band has no line, which would
 * lie on top of its neighbour's; the lowest keeps it, for nothing at all is a fact too.
 */
export function requestsRows(
  seconds: readonly PoolSecond[],
  series: readonly string[],
  order: readonly string[],
): RequestsRow[] {
  const current = new Set(order);
  const columns = series.map((name) => seconds.map((second) => requestsOf(second, name, series, current)));
  return seconds.map(({ at }, i) => {
    const row: RequestsRow = { at };
    columns.forEach((column, index) => {
      const idles = index > 0 && !column[i - 1] && !column[i] && !column[i + 1];
      row[`s${index}`] = idles ? null : (column[i] ?? null);
    });
    return row;
  });
}

function requestsOf(
  second: PoolSecond,
  name: string,
  series: readonly string[],
  current: ReadonlySet<string>,
): number | null {
  const { total, backends } = second;
  if (total === null) return null;
  if (name === UNSERVED) return unservedOf(second);
  if (name === REMOVED) return sumOf(backends, (each) => !current.has(each));
  if (name !== OTHERS) return backends[name]?.requests ?? 0;
  if (series.length === 1) return total.requests;
  const named = new Set(series);
  return sumOf(backends, (each) => current.has(each) && !named.has(each));
}

/** Requests of a second no backend was tried for. */
export function unservedOf({ total, backends }: PoolSecond): number {
  return Math.max(0, (total?.requests ?? 0) - sumOf(backends, () => true));
}

function sumOf(backends: PoolSecond['backends'], isMeant: (name: string) => boolean): number {
  let sum = 0;
  for (const [name, { requests }] of Object.entries(backends)) if (isMeant(name)) sum += requests;
  return sum;
}

export interface LatencyRow {
  at: number;
  p50: number | null;
  p95: number | null;
  p99: number | null;
}

/** A few idle seconds between two busy ones are left out, so that thin traffic still makes a line. */
const LONGEST_BRIDGE_S = 5;

/** One row a second; a longer time without requests, and what nobody knows, is a gap. */
export function latencyRows(seconds: readonly PoolSecond[]): LatencyRow[] {
  const rows: LatencyRow[] = [];
  let idle: LatencyRow[] = [];
  for (const { at, total } of seconds) {
    const row = { at, p50: total?.p50Ms ?? null, p95: total?.p95Ms ?? null, p99: total?.p99Ms ?? null };
    if (total !== null && row.p50 === null) {
      idle.push(row);
      continue;
    }
    if (idle.length > LONGEST_BRIDGE_S) rows.push(...idle);
    idle = [];
    rows.push(row);
  }
  return [...rows, ...idle];
}

export interface LatencyRange {
  /** What the axis has to show, ms. */
  most: number;
  /** The slowest, ms, when it is so far above all others that it would flatten them; else null. */
  peak: number | null;
}

const FEW_ROWS = 20;
const USUAL_SHARE = 0.95;
/** A peak is so many times as high as what is usual; the axis then ends at so many times that. */
const PEAK_TIMES = 5;
const ROOM_TIMES = 2;

/** One download of two minutes must not make a line at the bottom of everything else. */
export function latencyRange(rows: readonly LatencyRow[]): LatencyRange {
  const slowest = rows.flatMap(({ p99 }) => p99 ?? []).sort((a, b) => a - b);
  const most = slowest.at(-1) ?? 0;
  const usual = slowest[Math.floor(USUAL_SHARE * (slowest.length - 1))] ?? 0;
  if (slowest.length < FEW_ROWS || most <= PEAK_TIMES * usual) return { most, peak: null };
  return { most: ROOM_TIMES * usual, peak: most };
}

export interface ErrorsRow {
  at: number;
  /** 5xx answers and attempts without an answer, per second. */
  server: number;
  /** 4xx answers, per second. */
  client: number;
}

export const ERROR_BAR_MS = 3000;

/** Bars of three seconds on the clock's own grid, so a bar keeps its height while it moves. */
export function errorsRows(seconds: readonly PoolSecond[]): ErrorsRow[] {
  const rows: ErrorsRow[] = [];
  let count = 0;
  let slot = Number.NaN;
  for (const { at, total } of seconds) {
    if (total === null) continue;
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
    // An attempt that failed has no status: the 502 for it is Sluice's own and no answer of the backend.
    row.server += total.status5xx + total.errors;
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
const MORE = / \+\d+ more$/;

/**
 * Markers within the shown time whose labels run neither into each other nor out of the plot. Which have one
 * follows from how far they are apart and not from where they are, so that none appears or changes sides as
 * the chart scrolls: at the left of the line, and only where the plot begins at its right or not at all.
 */
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
      const label = shortened(marker.text);
      const linePx = (marker.at - period.from) * pxPerMs;
      const needPx = label.length * LABEL_CHAR_PX + 10;
      if (linePx > freeUntilPx) return { ...marker, label: '', side: 'left' };
      const roomPx = freeUntilPx;
      // Also when it turns to the right or goes: another label would appear where none was.
      freeUntilPx = linePx - needPx;
      if (linePx >= needPx) return { ...marker, label, side: 'left' };
      return { ...marker, label: linePx + needPx <= roomPx ? label : '', side: 'right' };
    })
    .reverse();
}

/** How many others there are is kept. */
function shortened(text: string): string {
  if (text.length <= LABEL_LENGTH) return text;
  const more = MORE.exec(text)?.[0] ?? '';
  return `${text.slice(0, LABEL_LENGTH - 1 - more.length)}…${more}`;
}
