import { describe, expect, it } from 'vitest';
import type { BackendStatus, ListenerStatus, PoolCondition, PoolStatus, Status } from '#shared/status.ts';
import { summarizeForTray } from '../../../src/main/shell/tray-summary.ts';

function pool(name: string, state: PoolCondition, serving: number, backends: number): PoolStatus {
  return {
    name,
    policy: 'round-robin',
    state,
    serving,
    requestsPerS: 0,
    requestsLastMinute: 0,
    errorsPerS: 0,
    failuresLastMinute: 0,
    retriesLastMinute: 0,
    unservedPerS: 0,
    unserved: 0,
    inFlight: 0,
    latencyMs: { p50: null, p95: null, p99: null },
    backends: Array.from({ length: backends }, () => ({}) as BackendStatus),
  };
}

function listener(name: string, state: ListenerStatus['state']): ListenerStatus {
  return {
    name,
    state,
    address: '127.0.0.1:8080',
    connections: 0,
    connectionsRefused: 0,
    requests: 0,
    requestsPerS: 0,
  };
}

function status(pools: PoolStatus[], listeners: ListenerStatus[] = [listener('web', 'listening')]): Status {
  return { at: 0, revision: 1, appliedRevision: 1, listeners, pools };
}

describe('the tray’s summary', () => {
  const up = pool('web', 'up', 2, 2);
  const degraded = pool('api', 'degraded', 3, 5);
  const down = pool('legacy', 'down', 0, 1);
  const cases: [what: string, status: Status | undefined, summary: ReturnType<typeof summarizeForTray>][] = [
    [
      'says that no core answers',
      undefined,
      { state: 'lost', tooltip: 'Sluice: not running', lines: ['The core is not running'] },
    ],
    [
      'says that there is nothing yet',
      status([], []),
      { state: 'off', tooltip: 'Sluice: nothing to balance yet', lines: ['No pools yet'] },
    ],
    [
      'is calm while all is up',
      status([up]),
      { state: 'up', tooltip: 'Sluice: web up', lines: ['● web: 2 of 2 serving'] },
    ],
    [
      'shows the worst pool first and takes its mark',
      status([up, degraded, down]),
      {
        state: 'down',
        tooltip: 'Sluice: 1 pool down',
        lines: ['■ legacy: 0 of 1 serving', '◐ api: 3 of 5 serving', '● web: 2 of 2 serving'],
      },
    ],
    [
      'counts what is degraded when nothing is down',
      status([degraded, pool('b', 'degraded', 1, 2), up]),
      {
        state: 'degraded',
        tooltip: 'Sluice: 2 pools degraded',
        lines: ['◐ api: 3 of 5 serving', '◐ b: 1 of 2 serving', '● web: 2 of 2 serving'],
      },
    ],
    [
      'puts a listener that does not listen above every pool',
      status([up], [listener('web', 'failed'), listener('admin', 'listening')]),
      {
        state: 'down',
        tooltip: 'Sluice: 1 listener not listening',
        lines: ['■ web: not listening', '● web: 2 of 2 serving'],
      },
    ],
    [
      'names what is checking, off and empty in words',
      status([pool('a', 'empty', 0, 0), pool('b', 'off', 0, 1), pool('c', 'checking', 0, 1)]),
      {
        state: 'checking',
        tooltip: 'Sluice: 3 pools, none down',
        lines: ['◔ c: checking', '⏸ b: off', '○ a: no backends'],
      },
    ],
  ];
  it.each(cases)('%s', (_what, given, summary) => {
    expect(summarizeForTray(given)).toEqual(summary);
  });

  it('keeps the menu short and says how many pools it leaves out', () => {
    const { lines } = summarizeForTray(
      status(Array.from({ length: 20 }, (_, i) => pool(`p${i}`, 'up', 1, 1))),
    );
    expect(lines).toHaveLength(12);
    expect(lines.at(-1)).toBe('and 9 more');
  });
});
