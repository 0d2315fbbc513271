import { describe, expect, it } from 'vitest';
import type { BackendStatus, EffectiveState, PoolCondition, PoolStatus } from '#shared/status.ts';
import {
  lastIncident,
  problemsFirst,
  summarizePools,
} from '../../../../src/renderer/src/features/overview/overview-order.ts';
import { worstCells } from '../../../../src/renderer/src/features/overview/worst-health.ts';

const none = { p50: null, p95: null, p99: null };

function backend(state: EffectiveState): BackendStatus {
  return {
    name: state,
    address: 'x:1',
    role: 'primary',
    admin: state === 'disabled' ? 'disabled' : state === 'drained' ? 'draining' : 'enabled',
    health: 'up',
    progress: null,
    state,
    since: 0,
    cause: '',
    weight: 1,
    targetShare: 0,
    actualShare: null,
    inFlight: 0,
    tunnels: 0,
    drain: null,
    requests: 0,
    errors: 0,
    retries: 0,
    resends: 0,
    failuresLastMinute: 0,
    retriesLastMinute: 0,
    requestsPerS: 0,
    clientErrorPct: null,
    serverErrorPct: null,
    latencyMs: none,
    responses: [0, 0, 0, 0, 0],
    latencySumMs: 0,
    latencyCount: 0,
    lastCheck: null,
  };
}

function pool(name: string, state: PoolCondition, ...states: EffectiveState[]): PoolStatus {
  return {
    name,
    policy: 'random',
    state,
    serving: 0,
    requestsPerS: 0,
    requestsLastMinute: 0,
    errorsPerS: 0,
    failuresLastMinute: 0,
    retriesLastMinute: 0,
    unservedPerS: 0,
    unserved: 0,
    inFlight: 0,
    latencyMs: none,
    backends: states.map(backend),
  };
}

describe('problemsFirst', () => {
  it('puts down before degraded before calm before off and keeps the order of equals', () => {
    const pools = [
      pool('a', 'up'),
      pool('b', 'degraded'),
      pool('off', 'off'),
      pool('c', 'up'),
      pool('d', 'down'),
      pool('e', 'degraded'),
    ];
    expect(problemsFirst(pools).map(({ name }) => name)).toEqual(['d', 'b', 'e', 'a', 'c', 'off']);
  });
});

describe('summarizePools', () => {
  const hourAgo = { pool: 'api', backend: 'x', end: 0 };
  it.each([
    [
      'all up, with the last incident',
      [pool('a', 'up', 'up', 'up')],
      0,
      true,
      'All 2 enabled backends healthy · last incident 1h 00m ago (api/x)',
    ],
    [
      'someone drained one',
      [pool('a', 'degraded', 'up', 'drained', 'disabled')],
      0,
      true,
      /^The one enabled backend is healthy · 1 drained, 1 disabled · last/,
    ],
    [
      'some unchecked',
      [pool('a', 'up', 'up', 'unchecked')],
      0,
      true,
      /^The one checked backend is healthy, 1 not checked/,
    ],
    [
      'none checked',
      [pool('a', 'up', 'unchecked', 'unchecked')],
      0,
      true,
      /^2 backends without health checks/,
    ],
    ['still checking', [pool('a', 'checking', 'checking', 'up')], 0, true, /^1 backend waiting/],
    ['nothing there', [], 0, true, /^No backend takes traffic/],
    [
      'one down, one failing',
      [pool('a', 'degraded', 'down', 'failing', 'up')],
      0,
      false,
      '1 backend down · 1 backend unsteady',
    ],
    ['a pool out because of its weights', [pool('a', 'down', 'up', 'up')], 0, false, '1 pool down'],
    ['a port taken', [pool('a', 'up', 'up')], 1, false, '1 listener failed'],
  ])('with %s', (_what, pools, failed, calm, text) => {
    const summary = summarizePools(pools, failed, hourAgo, 3_600_000);
    expect(summary.calm).toBe(calm);
    expect(summary.text).toMatch(text);
  });
});

describe('lastIncident', () => {
  it('is the newest of a backend that is still there', () => {
    const of = (pool: string, backend: string) => ({ pool, backend, end: 1 });
    const incidents = [of('gone', 'up'), of('a', 'gone'), of('a', 'up'), of('a', 'down')];
    expect(lastIncident(incidents, [pool('a', 'up', 'up', 'down')])).toBe(incidents[2]);
    expect(lastIncident(incidents, [])).toBeUndefined();
  });
});

describe('worstCells', () => {
  it('names a backend that waits for its first result beside one that is up', () => {
    const of = (backend: string, health: 'up' | 'checking') => ({
      pool: 'a',
      backend,
      traffic: [],
      health: [health],
    });
    const cells = worstCells({ from: 100, bucketMs: 10, series: [of('x', 'up'), of('y', 'checking')] }, 1);
    expect(cells).toEqual([{ health: 'checking', at: 100, backends: ['y'] }]);
  });

  it('takes the worst health of each bucket and names who was in it', () => {
    const cells = worstCells(
      {
        from: 100,
        bucketMs: 10,
        series: [
          { pool: 'a', backend: 'x', traffic: [], health: ['up', 'failing', null, null] },
          { pool: 'a', backend: 'y', traffic: [], health: ['up', 'down', 'unchecked', null] },
        ],
      },
      4,
    );
    expect(cells).toEqual([
      { health: 'up', at: 100, backends: [] },
      { health: 'down', at: 110, backends: ['y'] },
      { health: 'unchecked', at: 120, backends: [] },
      { health: null, at: 130, backends: [] },
    ]);
  });
});
