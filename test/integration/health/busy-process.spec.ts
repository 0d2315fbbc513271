// A process that is too busy to look is not a backend that is too slow to answer: real probes, real
// sockets, and an event loop that is blocked or crowded.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { HealthCheckConfig } from '#shared/config/health-check.ts';
import type { CheckResult } from '#shared/status.ts';
import { createMonitor, type HealthTransition } from '../../../src/main/health/monitor.ts';
import { systemMonitorClock } from '../../../src/main/health/run-probe.ts';
import { backendApart, httpBackend } from './servers.ts';

const CHECK: HealthCheckConfig = {
  type: 'http',
  method: 'GET',
  path: '/',
  expectStatus: ['200'],
  intervalMs: 100,
  timeoutMs: 60,
  rise: 2,
  fall: 1,
};

function block(ms: number): void {
  const endMs = performance.now() + ms;
  while (performance.now() < endMs);
}

/** A monitor of `count` targets at one address. */
function watch(backend: { host: string; port: number }, check: HealthCheckConfig, count: number) {
  const results: CheckResult[] = [];
  const transitions: HealthTransition[] = [];
  let look = () => {};
  const monitor = createMonitor({
    clock: systemMonitorClock,
    random: Math.random,
    onResult(_key, result) {
      results.push(result);
      look();
    },
    onTransition: (transition) => transitions.push(transition),
  });
  const { host, port } = backend;
  monitor.apply(
    Array.from({ length: count }, (_, i) => ({
      key: `api/${i}`,
      host,
      port,
      tls: null,
      fault: '',
      protocol: 'http1',
      check,
      optimistic: false,
    })),
  );
  return {
    results,
    transitions,
    until: (holds: () => boolean) =>
      new Promise<void>((resolve) => {
        look = () => holds() && resolve();
        look();
      }),
    [Symbol.asyncDispose]: () => monitor.stop(),
  };
}

describe('a stall of our own process', () => {
  it.each([90, 700])('of %i ms is not counted against a backend', async (stallMs) => {
    let asked = Promise.withResolvers<void>();
    // Answers a while later, so that the stall comes between question and answer.
    await using backend = await httpBackend((_request, response) => {
      asked.resolve();
      setImmediate(() => response.end('fine'));
    });
    await using watched = watch(backend, CHECK, 1);
    for (let round = 0; round < 3; round++) {
      asked = Promise.withResolvers<void>();
      await asked.promise;
      block(stallMs);
      const seen = watched.results.length;
      await watched.until(() => watched.results.length > seen);
    }
    expect(watched.results.filter((result) => !result.ok)).toEqual([]);
    expect(watched.transitions.map(({ to }) => to)).toEqual(['checking', 'up']);
    for (const { tookMs } of watched.results) expect(tookMs).toBeLessThan(CHECK.timeoutMs + 500);
  });

  it('does not keep a backend up that answers nothing', async () => {
    await using backend = await httpBackend(() => {});
    await using watched = watch(backend, CHECK, 1);
    await nextTurn();
    block(700);
    await watched.until(() => watched.results.length > 0);
    expect(watched.results[0]).toMatchObject({ ok: false, code: 'L7 timeout' });
  });
});

describe('two thousand backends', () => {
  it('that start together are all found up, none of them down on the way', async () => {
    const count = 2000;
    await using backend = await backendApart();
    await using watched = watch(backend, { ...CHECK, intervalMs: 5000, timeoutMs: 1000 }, count);
    // While the core is busy with something else, as it is when it starts.
    block(400);
    await watched.until(() => watched.results.length >= count);
    const to = (state: string) => watched.transitions.filter((transition) => transition.to === state).length;
    expect([to('down'), to('up')]).toEqual([0, count]);
  });
});
