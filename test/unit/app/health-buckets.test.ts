// Which health each bucket of a period shows. Buckets are 10 ms wide from 0; runs and entries by hand.
import { expect, it } from 'vitest';
import type { HealthState } from '#shared/status.ts';
import { type Run, worstHealth } from '../../../src/main/app/health-buckets.ts';

const ALWAYS: Run[] = [{ startedAt: -5000, lastSeenAt: 5000 }];
type Entries = [at: number, to: HealthState][];

it.each<[string, Entries, Run[], number, string]>([
  ['nothing without transitions', [], ALWAYS, 100, '- - - - -'],
  [
    'the state from before the period until it changes',
    [
      [-7, 'up'],
      [25, 'down'],
    ],
    ALWAYS,
    100,
    'up up down down down',
  ],
  [
    'the worst of several in one bucket',
    [
      [0, 'up'],
      [11, 'failing'],
      [12, 'down'],
      [14, 'up'],
    ],
    ALWAYS,
    100,
    'up down up up up',
  ],
  [
    'what the first result was, not the wait for it',
    [
      [11, 'checking'],
      [13, 'up'],
      [31, 'up'],
      [32, 'checking'],
    ],
    ALWAYS,
    100,
    '- up up up checking',
  ],
  [
    'a change on the edge in the later bucket only',
    [
      [0, 'down'],
      [20, 'up'],
    ],
    ALWAYS,
    100,
    'down down up up up',
  ],
  ['nothing before the first transition', [[31, 'up']], ALWAYS, 100, '- - - up up'],
  ['nothing after now', [[0, 'up']], ALWAYS, 20, 'up up - - -'],
  [
    'nothing while Sluice did not run',
    [[-9, 'up']],
    [
      { startedAt: -2000, lastSeenAt: -990 },
      { startedAt: 30, lastSeenAt: 40 },
    ],
    100,
    'up - - up up',
  ],
  [
    'what was entered before a run in that run',
    [
      [2, 'down'],
      [4, 'up'],
    ],
    [{ startedAt: 20, lastSeenAt: 99 }],
    100,
    '- - up up up',
  ],
])('shows %s', (_name, entries, runs, now, expected) => {
  const shown = worstHealth(
    { from: 0, bucketMs: 10, count: 5 },
    entries.map(([at, to]) => ({ at, to })),
    runs,
    now,
  );
  expect(shown.map((state) => state ?? '-').join(' ')).toBe(expected);
});
