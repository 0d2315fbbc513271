// The core's view of the shared counters: once a second it takes every row's growth, summed over the engine
// threads, and keeps what the last minute needs. Invariants: memory follows the traffic of the last 60 s
// (quiet rows keep nothing but how far they were read); a page that was replaced, because its engine thread
// was, starts from zero without a negative second. Pure but for the shared memory it reads.
import { addSparse, encodeSparse, subtractSparse } from './histogram.ts';
import { BUCKETS_PER_ROW, COUNTER, COUNTERS_PER_ROW, ROWS_PER_PAGE, type Row, rowAt } from './layout.ts';
import {
  addSecond,
  addSums,
  emptySums,
  latencyOf,
  type SecondDelta,
  type WindowStats,
  type WindowSums,
  windowStats,
} from './traffic.ts';

export interface Reader {
  /** Reads `slots` in every page set (one per engine thread). Call once a second with rising times. */
  tick(atMs: number, slots: readonly number[], pageSets: readonly (readonly SharedArrayBuffer[])[]): void;
  /** Growth during the last tick; undefined when the row did not change. */
  second(slot: number): SecondDelta | undefined;
  /** Growth of several rows together during the last tick; undefined when none changed. */
  mergedSecond(slots: readonly number[]): SecondDelta | undefined;
  window(slot: number): WindowStats;
  /** The window of several rows together: a pool's. */
  merged(slots: readonly number[]): WindowStats;
  /** No request, tunnel or connection is counted in the row right now. */
  isIdle(slot: number): boolean;
  /** Drops everything known of a row whose owner is gone; clearRow its memory at the same time. */
  forget(slot: number): void;
}

const WINDOW_MS = 60_000;
const RECENT_MS = 10_000;
const TICK_MS = 1000;

/** Counters that go up and down; all others only grow. */
export const GAUGES: readonly number[] = [
  COUNTER.inFlight,
  COUNTER.tunnels,
  COUNTER.connections,
  COUNTER.queued,
  COUNTER.accepted,
  COUNTER.underWay,
  COUNTER.retrying,
];

/** One row in one engine thread's pages, and how far it was read. */
interface Source {
  page: SharedArrayBuffer;
  row: Row;
  counters: Float64Array;
  /** Made when the first response time appears. */
  latency: Uint32Array | undefined;
}

interface SlotState {
  sources: Source[];
  /** The engine counts before it records the time: after a change the histogram is read once more. */
  changed: boolean;
  /** The last tick's growth, if it had any. */
  second: SecondDelta | undefined;
  /** Seconds with traffic within the window, oldest first. */
  seconds: SecondDelta[];
  sums: WindowSums;
  /** Histogram of `seconds`; undefined while there are none. */
  counts: Uint32Array | undefined;
}

const NO_COUNTS = new Uint32Array(BUCKETS_PER_ROW);

export function createReader(): Reader {
  const states = new Map<number, SlotState>();
  let startMs: number | undefined;
  let nowMs = 0;
  let pageSetsRead: readonly (readonly SharedArrayBuffer[])[] = [];
  // Reused: filled and emptied within one call.
  const growth = new Float64Array(COUNTERS_PER_ROW);
  const latencyGrowth = new Uint32Array(BUCKETS_PER_ROW);

  function recentS(): number {
    const sinceStartMs = startMs === undefined ? 0 : nowMs - startMs;
    return Math.min(RECENT_MS, sinceStartMs) / 1000;
  }

  function sumOver(slots: readonly number[]): { sums: WindowSums; counts: Float64Array } {
    const sums = emptySums();
    const counts = new Float64Array(BUCKETS_PER_ROW);
    for (const slot of slots) {
      const state = states.get(slot);
      if (state?.counts === undefined) continue;
      addSums(sums, state.sums);
      for (let bucket = 0; bucket < BUCKETS_PER_ROW; bucket++) counts[bucket]! += state.counts[bucket]!;
    }
    return { sums, counts };
  }

  return {
    tick(atMs, slots, pageSets) {
      startMs ??= atMs - TICK_MS;
      nowMs = atMs;
      pageSetsRead = pageSets;
      for (const state of states.values()) {
        state.second = undefined;
        expire(state, atMs);
      }
      for (const slot of slots) {
        let state = states.get(slot);
        if (state === undefined) {
          state = createSlotState();
          states.set(slot, state);
        }
        readSlot(state, slot, pageSets, growth, latencyGrowth, atMs);
      }
    },

    second: (slot) => states.get(slot)?.second,

    mergedSecond(slots) {
      const seconds = slots.flatMap((slot) => states.get(slot)?.second ?? []);
      return seconds.length === 0 ? undefined : mergeSeconds(seconds, nowMs);
    },

    window(slot) {
      const state = states.get(slot);
      return windowStats(state?.sums ?? emptySums(), state?.counts ?? NO_COUNTS, recentS());
    },

    merged(slots) {
      const { sums, counts } = sumOver(slots);
      return windowStats(sums, counts, recentS());
    },

    isIdle(slot) {
      return pageSetsRead.every((pages) => {
        if (pages[Math.floor(slot / ROWS_PER_PAGE)] === undefined) return true;
        const { counters } = rowAt(pages, slot);
        return GAUGES.every((gauge) => counters[gauge] === 0);
      });
    },

    forget(slot) {
      states.delete(slot);
    },
  };
}

/** Zeroes a row in every page set. Only for rows no engine thread writes to any more (slots.ts). */
export function clearRow(pageSets: readonly (readonly SharedArrayBuffer[])[], slot: number): void {
  for (const pages of pageSets) {
    if (pages[Math.floor(slot / ROWS_PER_PAGE)] === undefined) continue;
    const row = rowAt(pages, slot);
    row.counters.fill(0);
    row.latency.fill(0);
  }
}

function createSlotState(): SlotState {
  return {
    sources: [],
    changed: false,
    second: undefined,
    seconds: [],
    sums: emptySums(),
    counts: undefined,
  };
}

function readSlot(
  state: SlotState,
  slot: number,
  pageSets: readonly (readonly SharedArrayBuffer[])[],
  growth: Float64Array,
  latencyGrowth: Uint32Array,
  atMs: number,
): void {
  growth.fill(0);
  let changed = false;
  pageSets.forEach((pages, thread) => {
    const source = sourceOf(state, thread, pages, slot);
    if (source !== undefined && readCounters(source, growth)) changed = true;
  });
  const hasLatency =
    (changed || state.changed) && readLatencies(state.sources, pageSets.length, latencyGrowth);
  state.changed = changed;
  if (!hasLatency && !changed) return;
  const second = secondDelta(growth.slice(), latencyGrowth, atMs);
  if (hasLatency) latencyGrowth.fill(0);
  state.second = second;
  remember(state, second);
}

/** The row of `slot` in one thread's pages; read from zero when its page is another than before. */
function sourceOf(
  state: SlotState,
  thread: number,
  pages: readonly SharedArrayBuffer[],
  slot: number,
): Source | undefined {
  const page = pages[Math.floor(slot / ROWS_PER_PAGE)];
  if (page === undefined) return undefined;
  const known = state.sources[thread];
  if (known?.page === page) return known;
  const fresh = {
    page,
    row: rowAt(pages, slot),
    counters: new Float64Array(COUNTERS_PER_ROW),
    latency: undefined,
  };
  state.sources[thread] = fresh;
  return fresh;
}

/** Adds what grew to `growth`; whether any did. Gauges are no growth. */
function readCounters(source: Source, growth: Float64Array): boolean {
  const { row, counters: read } = source;
  let changed = false;
  for (let i = 0; i < COUNTERS_PER_ROW; i++) {
    const value = row.counters[i]!;
    if (value === read[i] || GAUGES.includes(i)) continue;
    growth[i]! += value - read[i]!;
    read[i] = value;
    changed = true;
  }
  return changed;
}

/** Adds what the histograms of every thread grew by to `growth`; whether they did. */
function readLatencies(
  sources: readonly (Source | undefined)[],
  threads: number,
  growth: Uint32Array,
): boolean {
  let grew = false;
  for (let thread = 0; thread < threads; thread++) {
    const source = sources[thread];
    if (source === undefined) continue;
    source.latency ??= new Uint32Array(BUCKETS_PER_ROW);
    const { latency: read, row } = source;
    for (let bucket = 0; bucket < BUCKETS_PER_ROW; bucket++) {
      const count = row.latency[bucket]!;
      if (count === read[bucket]) continue;
      // Modulo 2^32, so a bucket that wrapped still yields its true growth.
      growth[bucket]! += count - read[bucket]!;
      read[bucket] = count;
      grew = true;
    }
  }
  return grew;
}

function secondDelta(counters: Float64Array, latencyGrowth: Uint32Array, atMs: number): SecondDelta {
  return { atMs, counters, latencySparse: encodeSparse(latencyGrowth), ...latencyOf(latencyGrowth) };
}

function mergeSeconds(seconds: readonly SecondDelta[], atMs: number): SecondDelta {
  const counters = new Float64Array(COUNTERS_PER_ROW);
  const counts = new Uint32Array(BUCKETS_PER_ROW);
  for (const second of seconds) {
    for (let i = 0; i < COUNTERS_PER_ROW; i++) counters[i]! += second.counters[i]!;
    addSparse(counts, second.latencySparse);
  }
  return secondDelta(counters, counts, atMs);
}

function remember(state: SlotState, second: SecondDelta): void {
  state.seconds.push(second);
  state.counts ??= new Uint32Array(BUCKETS_PER_ROW);
  addSparse(state.counts, second.latencySparse);
  addSecond(state.sums, second, 1);
  state.sums.recentRequests += second.counters[COUNTER.requests]!;
  state.sums.recentErrors += second.counters[COUNTER.errors]!;
}

/** Takes seconds that left the window out of its sums. */
function expire(state: SlotState, nowMs: number): void {
  const { seconds, sums } = state;
  let expired = 0;
  while (expired < seconds.length && seconds[expired]!.atMs <= nowMs - WINDOW_MS) {
    const second = seconds[expired++]!;
    addSecond(sums, second, -1);
    subtractSparse(state.counts!, second.latencySparse);
  }
  if (expired > 0) seconds.splice(0, expired);
  if (seconds.length === 0) state.counts = undefined;
  sums.recentRequests = 0;
  sums.recentErrors = 0;
  for (let i = seconds.length - 1; i >= 0 && seconds[i]!.atMs > nowMs - RECENT_MS; i--) {
    sums.recentRequests += seconds[i]!.counters[COUNTER.requests]!;
    sums.recentErrors += seconds[i]!.counters[COUNTER.errors]!;
  }
}
