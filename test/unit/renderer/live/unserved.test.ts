import { describe, expect, it } from 'vitest';
import type { Sample } from '#shared/history.ts';
import type { PoolCondition, PoolStatus } from '#shared/status.ts';
import { NO_TRAFFIC } from '../../../../src/renderer/src/live/traffic-seconds.ts';
import { shownState, unservedLastMinute } from '../../../../src/renderer/src/live/unserved.ts';

const AT = 1_700_000_000_000;

/** `total` requests of a pool in the second that ended so long ago, of which one backend got `tried`. */
function second(agoMs: number, pool: string, total: number, tried: number): Sample {
  const point = (requests: number) => ({ ...NO_TRAFFIC, requests });
  return {
    at: AT - agoMs,
    pools: { [pool]: { total: point(total), backends: tried > 0 ? { a: point(tried) } : {} } },
  };
}

function status(unservedPerS = 0) {
  const pools = [{ name: 'api', unservedPerS } as PoolStatus];
  return { at: AT, revision: 1, appliedRevision: 1, listeners: [], pools };
}

describe('what was turned away in the last minute', () => {
  it('is what no backend was tried for, older seconds left out', () => {
    const samples = [
      second(60_000, 'api', 9, 0),
      second(59_000, 'api', 5, 0),
      second(3000, 'api', 7, 4),
      second(2000, 'web', 7, 7),
    ];
    expect([...unservedLastMinute({ samples, status: status() })]).toEqual([['api', 8]]);
  });

  it('is known from the status when the window has only begun to watch', () => {
    expect([...unservedLastMinute({ samples: [], status: status(0.5) })]).toEqual([['api', 5]]);
  });

  it('is the same object while it says the same', () => {
    const samples = [second(1000, 'api', 5, 0)];
    const first = unservedLastMinute({ samples, status: status() });
    expect(unservedLastMinute({ samples, status: status() })).toBe(first);
    expect(unservedLastMinute({ samples: [], status: status() }).size).toBe(0);
  });
});

describe('the state shown of a pool', () => {
  it.each<[PoolCondition, number, PoolCondition]>([
    ['off', 0, 'off'],
    ['off', 5, 'down'],
    ['empty', 5, 'down'],
    // A full queue turns requests away too.
    ['up', 5, 'up'],
    ['checking', 5, 'checking'],
  ])('that is %s and turned %i requests away is %s', (state, count, shown) => {
    const unserved = new Map(count > 0 ? [['api', count]] : []);
    expect(shownState({ name: 'api', state }, unserved)).toBe(shown);
  });
});
