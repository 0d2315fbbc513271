// A monitor on a scripted clock with scripted probes, and the target most tests watch.
import type { HttpHealthCheck } from '#shared/config/health-check.ts';
import type { CheckResult, HealthState } from '#shared/status.ts';
import { createMonitor } from '../../../src/main/health/monitor.ts';
import type { HealthTarget } from '../../../src/main/health/target.ts';
import { createFakeClock } from './fake-clock.ts';

export const CHECK: HttpHealthCheck = {
  type: 'http',
  method: 'GET',
  path: '/health',
  expectStatus: ['200'],
  intervalMs: 2000,
  timeoutMs: 1000,
  rise: 2,
  fall: 3,
};

export function target(overrides: Partial<HealthTarget> = {}): HealthTarget {
  return {
    key: 'api/one',
    host: '127.0.0.1',
    port: 3001,
    tls: null,
    fault: '',
    protocol: 'http1',
    check: CHECK,
    optimistic: false,
    ...overrides,
  };
}

interface Call {
  key: string;
  port: number;
  at: number;
  signal: AbortSignal;
  answer(ok: boolean): void;
  fail(error: unknown): void;
}

/** A monitor whose probes are answered by hand, or by `script` in the order they start. */
export function scenario(script = '') {
  const clock = createFakeClock();
  const start = clock.now();
  const calls: Call[] = [];
  const log: string[] = [];
  const results: [key: string, ok: boolean, state: HealthState | undefined][] = [];
  let chance = 0.5;
  let active = 0;
  let mostActive = 0;
  const answers = [...script];

  function resultOf(ok: boolean): CheckResult {
    return { at: clock.now(), ok, code: ok ? 'L7 200' : 'L7 503', tookMs: 1, detail: '' };
  }

  const monitor = createMonitor({
    clock,
    random: () => chance,
    probe: (probed, signal) => {
      active += 1;
      mostActive = Math.max(mostActive, active);
      const { promise, resolve, reject } = Promise.withResolvers<CheckResult>();
      const call: Call = {
        key: probed.key,
        port: probed.port,
        at: clock.now() - start,
        signal,
        answer: (ok) => resolve(resultOf(ok)),
        fail: reject,
      };
      calls.push(call);
      const scripted = answers.shift();
      if (scripted === 'x') throw new Error('broken probe');
      if (scripted !== undefined && scripted !== '.') call.answer(scripted === '+');
      return promise.finally(() => {
        active -= 1;
      });
    },
    onResult: (key, result) => results.push([key, result.ok, monitor.health(key)?.state]),
    onTransition: ({ key, at, from, to, check }) =>
      log.push(`${at - start} ${key} ${from} → ${to}${check ? ` by ${check.code}` : ''}`),
  });
  return {
    clock,
    monitor,
    calls,
    log,
    results,
    starts: () => calls.map((call) => call.at),
    mostActive: () => mostActive,
    setChance: (value: number) => {
      chance = value;
    },
  };
}
