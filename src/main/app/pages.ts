// The counter pages of the engine thread, made as slots come into use. They are never given back:
// a page is 230 KB for 64 backends, and a thread may still hold it.
import { createPage, ROWS_PER_PAGE, rowAt } from '../engine/telemetry/layout.ts';
import { COUNTER } from '../engine/telemetry/layout.ts';

export interface CounterPages {
  /** At least `count` pages. */
  atLeast(count: number): SharedArrayBuffer[];
  all(): SharedArrayBuffer[];
  /** The thread that kept the gauges is gone, and what they counted with it. */
  clearGauges(): void;
}

export function createCounterPages(): CounterPages {
  const pages: SharedArrayBuffer[] = [];
  return {
    atLeast(count) {
      while (pages.length < count) pages.push(createPage());
      return pages;
    },
    all: () => pages,
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
