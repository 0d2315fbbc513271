// The counter pages of the engine thread, made as slots come into use. They are never given back:
// a page is 230 KB for 64 backends, and a thread may still hold it.
import { COUNTER, COUNTERS_PER_ROW, createPage, ROWS_PER_PAGE, rowAt } from '../engine/telemetry/layout.ts';

export interface CounterPages {
  /** At least `count` pages. */
  atLeast(count: number): SharedArrayBuffer[];
  all(): SharedArrayBuffer[];
  /** A row as it is this moment, gauges included; zeros while its page does not exist. By COUNTER. */
  counters(slot: number): ArrayLike<number>;
  /** The thread that kept the gauges is gone, and what they counted with it. */
  clearGauges(): void;
}

const NO_COUNTS = new Float64Array(COUNTERS_PER_ROW);

export function createCounterPages(): CounterPages {
  const pages: SharedArrayBuffer[] = [];
  return {
    atLeast(count) {
      while (pages.length < count) pages.push(createPage());
      return pages;
    },
    all: () => pages,
    counters: (slot) => (slot < pages.length * ROWS_PER_PAGE ? rowAt(pages, slot).counters : NO_COUNTS),
    clearGauges() {
      for (let slot = 0; slot < pages.length * ROWS_PER_PAGE; slot++) {
        const { counters } = rowAt(pages, slot);
        counters[COUNTER.inFlight] = 0;
        counters[COUNTER.tunnels] = 0;
        counters[COUNTER.connections] = 0;
      }
    },
  };
}
