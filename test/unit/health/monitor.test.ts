// The monitor on a scripted clock with scripted probes:
// - probes start to start with jitter, never two of one target at a time, the first at once or spread;
// - what did not change keeps its opinion; what is another address or question starts anew;
// - what was removed, replaced or stopped is never reported on again.
import { describe, expect, it } from 'vitest';
import type { HealthCheckConfig } from '#shared/config/health-check.ts';
import type { CheckResult } from '#shared/status.ts';
import { createMonitor } from '../../../src/main/health/monitor.ts';
import type { HealthTarget } from '../../../src/main/health/target.ts';
import { createFakeClock } from './fake-clock.ts';

const CHECK: HealthCheckConfig = {
  type: 'http',
  method: 'GET',
  path: '/health',
  expectStatus: ['200'],
  intervalMs: 2000,
  timeoutMs: 1000,
  rise: 2,
  fall: 3,
};

function target(overrides: Partial<HealthTarget> = {}): HealthTarget {
  return { key: 'api/one', host: '127.0.0.1', port: 3001, check: CHECK, optimistic: false, ...overrides };
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
function scenario(script = '') {
  const clock = createFakeClock();
  const start = clock.now();
  const calls: Call[] = [];
  const log: string[] = [];
  const results: [string, boolean, string][] = [];
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
    onResult: (key, result, opinion) => results.push([key, result.ok, opinion.state]),
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

describe('a target', () => {
  it('is checking until its first probe, which starts at once, has answered', async () => {
    const { clock, monitor, calls, log } = scenario();
    monitor.apply([target()]);
    expect(monitor.health('api/one')).toMatchObject({ state: 'checking', lastCheck: null });
    await clock.advance(0);
    calls[0]?.answer(true);
    await clock.advance(0);
    expect(monitor.health('api/one')).toMatchObject({
      state: 'up',
      progress: null,
      lastCheck: { code: 'L7 200' },
    });
    expect(log).toEqual(['0 api/one unchecked → checking', '0 api/one checking → up by L7 200']);
  });

  it('goes through failing, down, recovering and back up, each with the probe that decided', async () => {
    const { clock, monitor, log } = scenario('+---++');
    monitor.apply([target()]);
    await clock.advance(4000);
    expect(monitor.health('api/one')).toMatchObject({ state: 'failing', progress: { count: 2, of: 3 } });
    await clock.advance(6000);
    expect(log.slice(1)).toEqual([
      '0 api/one checking → up by L7 200',
      '2000 api/one up → failing by L7 503',
      '6000 api/one failing → down by L7 503',
      '8000 api/one down → recovering by L7 200',
      '10000 api/one recovering → up by L7 200',
    ]);
  });

  it('keeps the time it entered its state while results repeat', async () => {
    const { clock, monitor } = scenario('++++');
    monitor.apply([target()]);
    const enteredAt = clock.now();
    await clock.advance(6000);
    expect(monitor.health('api/one')?.since).toBe(enteredAt);
  });

  it('of an optimistic pool begins up and still has to prove it', async () => {
    const { clock, monitor, log } = scenario('---');
    monitor.apply([target({ optimistic: true })]);
    expect(monitor.health('api/one')?.state).toBe('up');
    await clock.advance(4000);
    expect(log).toEqual([
      '0 api/one unchecked → up',
      '0 api/one up → failing by L7 503',
      '4000 api/one failing → down by L7 503',
    ]);
  });

  it('without a check is unchecked and never probed', async () => {
    const { clock, monitor, calls, log } = scenario();
    monitor.apply([target({ check: null })]);
    await clock.advance(60_000);
    expect(monitor.health('api/one')).toMatchObject({ state: 'unchecked', progress: null, lastCheck: null });
    expect([calls.length, log.length, clock.pendingTimers()]).toEqual([0, 0, 0]);
  });

  it('that is not known has no health', () => {
    expect(scenario().monitor.health('api/none')).toBeUndefined();
  });
});

describe('the schedule', () => {
  it('runs from start to start with jitter', async () => {
    const { clock, monitor, starts, setChance } = scenario('++++');
    monitor.apply([target()]);
    await clock.advance(0);
    await clock.advance(1999);
    setChance(0);
    await clock.advance(1);
    setChance(1);
    await clock.advance(1800);
    await clock.advance(2200);
    expect(starts()).toEqual([0, 2000, 3800, 6000]);
  });

  it('never runs two probes of one target at a time', async () => {
    const { clock, monitor, calls, mostActive } = scenario();
    monitor.apply([target({ check: { ...CHECK, intervalMs: 1000 } })]);
    await clock.advance(0);
    monitor.checkNow('api/one');
    await clock.advance(1400);
    monitor.checkNow('api/one');
    expect([calls.length, mostActive()]).toEqual([1, 1]);
    calls[0]?.answer(true);
    await clock.advance(0);
    expect(calls.length).toBe(2);
  });

  it('spreads a hundred targets that start together', async () => {
    const { clock, monitor, starts } = scenario('+'.repeat(100));
    monitor.apply(Array.from({ length: 100 }, (_, index) => target({ key: `api/${index}` })));
    await clock.advance(999);
    expect(new Set(starts()).size).toBe(100);
  });

  it('goes on at its pace when the wall clock is set back an hour', async () => {
    const { clock, monitor, calls } = scenario('+++');
    monitor.apply([target()]);
    await clock.advance(0);
    clock.jump(-3_600_000);
    await clock.advance(4000);
    expect(calls.length).toBe(3);
  });

  it('can be asked for a probe now and counts on from it', async () => {
    const { clock, monitor, starts } = scenario('+++');
    monitor.apply([target()]);
    await clock.advance(500);
    monitor.checkNow('api/one');
    await clock.advance(2000);
    expect(starts()).toEqual([0, 500, 2500]);
  });
});

describe('a broken probe', () => {
  it.each([
    ['that throws', 'x'],
    ['that hangs past its deadline', '.'],
  ])('%s is a failed check', async (_name, script) => {
    const { clock, monitor, calls } = scenario(script);
    monitor.apply([target()]);
    await clock.advance(1500);
    expect(monitor.health('api/one')).toMatchObject({
      state: 'down',
      lastCheck: { ok: false, code: 'L7 internal' },
    });
    await clock.advance(500);
    expect(calls.length).toBe(2);
  });

  it('that rejects says why', async () => {
    const { clock, monitor, calls } = scenario();
    monitor.apply([target()]);
    await clock.advance(0);
    calls[0]?.fail(new Error('no memory'));
    await clock.advance(0);
    expect(monitor.health('api/one')?.lastCheck?.detail).toBe('the probe itself failed: no memory');
  });
});

describe('applying again', () => {
  it('keeps opinion and schedule of what did not change', async () => {
    const { clock, monitor, starts, log } = scenario('+++');
    monitor.apply([target()]);
    await clock.advance(1500);
    monitor.apply([target({ check: { ...CHECK } }), target({ key: 'api/two' })]);
    await clock.advance(500);
    expect(starts()).toEqual([0, 1500, 2000]);
    expect(log.filter((line) => line.includes('api/one')).length).toBe(2);
  });

  it.each<[string, Partial<HealthTarget>]>([
    ['the port', { port: 3009 }],
    ['the host', { host: 'localhost' }],
    ['the path', { check: { ...CHECK, path: '/other' } }],
    ['the expected status', { check: { ...CHECK, expectStatus: ['204'] } }],
    ['the kind of check', { check: { type: 'tcp', intervalMs: 2000, timeoutMs: 1000, rise: 2, fall: 3 } }],
  ])('checks anew when %s changed', async (_name, change) => {
    const { clock, monitor, calls, log } = scenario('+');
    monitor.apply([target()]);
    await clock.advance(700);
    monitor.apply([target(change)]);
    expect(monitor.health('api/one')).toMatchObject({ state: 'checking', lastCheck: null });
    expect(log.at(-1)).toBe('700 api/one up → checking');
    await clock.advance(0);
    expect(calls.length).toBe(2);
  });

  it('keeps the opinion when only thresholds or timing changed', async () => {
    const { clock, monitor, starts, log } = scenario('+--');
    monitor.apply([target()]);
    await clock.advance(2000);
    monitor.apply([target({ check: { ...CHECK, intervalMs: 500, timeoutMs: 400, fall: 2 } })]);
    expect(monitor.health('api/one')).toMatchObject({ state: 'failing', progress: { count: 1, of: 2 } });
    await clock.advance(500);
    expect(starts()).toEqual([0, 2000, 2500]);
    expect(log.at(-1)).toBe('2500 api/one failing → down by L7 503');
  });

  it('ignores the answer of a probe to the former address', async () => {
    const { clock, monitor, calls, results } = scenario();
    monitor.apply([target()]);
    await clock.advance(0);
    monitor.apply([target({ port: 3009 })]);
    await clock.advance(0);
    expect(calls[0]?.signal.aborted).toBe(true);
    calls[0]?.answer(true);
    await clock.advance(0);
    expect([results, monitor.health('api/one')?.state]).toEqual([[], 'checking']);
    calls[1]?.answer(false);
    await clock.advance(0);
    expect(results).toEqual([['api/one', false, 'down']]);
  });

  it('aborts the probe of what is removed and reports nothing of it', async () => {
    const { clock, monitor, calls, results, log } = scenario();
    monitor.apply([target()]);
    await clock.advance(0);
    monitor.apply([]);
    calls[0]?.answer(true);
    await clock.advance(60_000);
    expect(calls.map((call) => call.signal.aborted)).toEqual([true]);
    expect([results, log.length, monitor.health('api/one'), clock.pendingTimers()]).toEqual([
      [],
      1,
      undefined,
      0,
    ]);
  });

  it('becomes unchecked when the check is taken away and checking when it returns', async () => {
    const { clock, monitor, log } = scenario('-');
    monitor.apply([target()]);
    await clock.advance(100);
    monitor.apply([target({ check: null })]);
    monitor.apply([target()]);
    expect(log.slice(2)).toEqual(['100 api/one down → unchecked', '100 api/one unchecked → checking']);
  });
});

describe('stopping', () => {
  it('aborts what runs, reports nothing more and leaves no timer', async () => {
    const { clock, monitor, calls, results } = scenario();
    monitor.apply([target(), target({ key: 'api/two' })]);
    await clock.advance(0);
    await monitor.stop();
    monitor.apply([target()]);
    monitor.checkNow('api/one');
    await clock.advance(60_000);
    expect(calls.map((call) => call.signal.aborted)).toEqual([true, true]);
    expect([results, clock.pendingTimers()]).toEqual([[], 0]);
  });
});

describe('a listener that throws', () => {
  it('does not end the probing, and its bug surfaces', async () => {
    const clock = createFakeClock();
    const surfaced: unknown[] = [];
    const others = process.listeners('unhandledRejection');
    process.removeAllListeners('unhandledRejection');
    process.on('unhandledRejection', (error) => surfaced.push(error));
    const bug = new Error('a bug in the caller');
    let probes = 0;
    const monitor = createMonitor({
      clock,
      random: () => 0.5,
      probe: async () => {
        probes += 1;
        return { at: 0, ok: true, code: 'L7 200', tookMs: 1, detail: '' };
      },
      onResult() {
        if (probes === 1) throw bug;
      },
      onTransition() {},
    });
    monitor.apply([target()]);
    await clock.advance(2000);
    await monitor.stop();
    process.removeAllListeners('unhandledRejection');
    for (const listener of others) process.on('unhandledRejection', listener);
    expect([probes, surfaced]).toEqual([2, [bug]]);
  });
});
