import { describe, expect, it } from 'vitest';
import { createCounterPages } from '../../../src/main/app/pages.ts';
import { canShareAddresses, workersNotice } from '../../../src/main/app/workers.ts';
import { COUNTER, rowAt } from '../../../src/main/engine/telemetry/layout.ts';

describe('the counter pages', () => {
  it('are as many for every thread, whichever came first', () => {
    const pages = createCounterPages();
    pages.of(0);
    pages.grow(2);
    pages.of(2);
    expect(pages.all().map((set) => set.length)).toEqual([2, 2, 2]);
  });

  it('add up over the threads, and lose only the gauges of one that is gone', () => {
    const pages = createCounterPages();
    pages.grow(1);
    for (const thread of [0, 1]) {
      const { counters } = rowAt(pages.of(thread), 5);
      counters[COUNTER.requests] = 10;
      counters[COUNTER.inFlight] = 3;
    }
    expect([pages.counters(5)[COUNTER.requests], pages.counters(5)[COUNTER.inFlight]]).toEqual([20, 6]);
    pages.clearGauges(1);
    expect([pages.counters(5)[COUNTER.requests], pages.counters(5)[COUNTER.inFlight]]).toEqual([20, 3]);
    expect(pages.counters(500)[COUNTER.requests]).toBe(0);
  });
});

describe('workersNotice', () => {
  it.each([
    [1, 'darwin', null],
    [4, 'linux', null],
    [4, 'darwin', 'engine.workers is 4'],
    [2, 'win32', 'engine.workers is 2'],
  ] as const)('of %i workers on %s is %s', (workers, platform, notice) => {
    if (notice === null) expect(workersNotice(workers, platform)).toBeNull();
    else expect(workersNotice(workers, platform)).toContain(notice);
    expect(canShareAddresses(platform)).toBe(platform === 'linux');
  });
});
