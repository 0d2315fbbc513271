// The counter pages of the engine threads: one set per thread, made as slots and threads come into use, and
// the tables of their clients. They are never given back: a page is 240 KB for 64 rows, and a thread may
// still hold it. Invariant: a set has one writer at a time; a thread's successor goes on where it stopped.
import { createClientTable } from '../engine/client-table.ts';
import { COUNTERS_PER_ROW, createPage, ROWS_PER_PAGE, rowAt } from '../engine/telemetry/layout.ts';
import { GAUGES } from '../engine/telemetry/reader.ts';

export interface CounterPages {
  /** From now on every set has at least so many pages. */
  grow(pageCount: number): void;
  /** The pages of a thread, by its number from 0; made when it is the first of that number. */
  of(thread: number): SharedArrayBuffer[];
  /** By thread. */
  all(): SharedArrayBuffer[][];
  /** Whom each thread has as clients, by thread; made with its pages. */
  clientTables(): SharedArrayBuffer[];
  /** A row as it is this moment, over all threads, gauges included; zeros where there is no page. By COUNTER. */
  counters(slot: number): ArrayLike<number>;
  /** The thread that kept the gauges is gone, and what they counted with it, its clients included. */
  clearGauges(thread: number): void;
}

const NO_COUNTS = new Float64Array(COUNTERS_PER_ROW);

export function createCounterPages(): CounterPages {
  const sets: SharedArrayBuffer[][] = [];
  const clientTables: SharedArrayBuffer[] = [];
  let pageCount = 0;

  function fill(pages: SharedArrayBuffer[]): void {
    while (pages.length < pageCount) pages.push(createPage());
  }

  return {
    grow(wanted) {
      pageCount = Math.max(pageCount, wanted);
      for (const pages of sets) fill(pages);
    },
    of(thread) {
      while (sets.length <= thread) {
        sets.push([]);
        clientTables.push(createClientTable());
      }
      for (const pages of sets) fill(pages);
      return sets[thread] ?? [];
    },
    all: () => sets,
    clientTables: () => clientTables,
    counters(slot) {
      if (slot >= pageCount * ROWS_PER_PAGE || sets.length === 0) return NO_COUNTS;
      const [only, ...others] = sets.map((pages) => rowAt(pages, slot).counters);
      if (only === undefined || others.length === 0) return only ?? NO_COUNTS;
      return only.map((count, counter) => others.reduce((sum, row) => sum + row[counter]!, count));
    },
    clearGauges(thread) {
      const pages = sets[thread] ?? [];
      for (let slot = 0; slot < pages.length * ROWS_PER_PAGE; slot++) {
        const { counters } = rowAt(pages, slot);
        for (const gauge of GAUGES) counters[gauge] = 0;
      }
      const clients = clientTables[thread];
      if (clients !== undefined) new Int32Array(clients).fill(0);
    },
  };
}
