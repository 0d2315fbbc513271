// The monitor on a scripted clock with scripted probes:
// - probes start to start with jitter, never two of one target at a time, the first at once or spread;
// - a probe always ends in a result, unless our own process stood still: then it is repeated;
// - what was stopped is never reported on again.
import { describe, expect, it } from 'vitest';
import { createMonitor } from '../../../src/main/health/monitor.ts';
import { createFakeClock } from './fake-clock.ts';
import { CHECK, scenario, target } from './monitor-scenario.ts';

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

  it('never runs two probes of one target at a time, though two came due while it waited for its turn', async () => {
    const count = 20;
    const { clock, monitor, calls, mostActive } = scenario('+'.repeat(count));
    const every = (intervalMs: number) =>
      Array.from({ length: count }, (_, index) =>
        target({ key: `api/${index}`, check: { ...CHECK, intervalMs } }),
      );
    monitor.apply(every(2000));
    await clock.advance(1000);
    clock.stall(2000);
    // More than start in one turn.
    clock.fireDue();
    expect(calls.length).toBeLessThan(2 * count);
    // Those that wait are due once more.
    monitor.apply(every(1000));
    clock.fireDue();
    for (let turn = 0; turn < count; turn++) await clock.advance(0);
    expect([calls.length, mostActive()]).toEqual([2 * count, count]);
  });

  it('waits for an answer that takes longer than the interval, then goes on at once', async () => {
    const { clock, monitor, calls } = scenario();
    monitor.apply([target({ check: { ...CHECK, intervalMs: 1000 } })]);
    await clock.advance(1400);
    expect(calls.length).toBe(1);
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

describe('a stall of our own process', () => {
  it.each([
    ['a failure', false],
    ['a success', true],
  ])('makes nothing of %s that was found in it and asks again at once', async (_name, ok) => {
    const { clock, monitor, calls, results, starts } = scenario('+');
    monitor.apply([target()]);
    await clock.advance(2000);
    clock.stall(7000);
    calls[1]?.answer(ok);
    await clock.advance(0);
    expect(results).toHaveLength(1);
    expect(starts()).toEqual([0, 2000, 9000]);
    calls[2]?.answer(false);
    await clock.advance(0);
    expect(results.at(-1)).toEqual(['api/one', false, 'failing']);
  });

  it('is none when the answer is only a little late', async () => {
    const { clock, monitor, calls, results } = scenario();
    monitor.apply([target()]);
    await clock.advance(0);
    clock.stall(1200);
    calls[0]?.answer(true);
    await clock.advance(0);
    expect(results).toEqual([['api/one', true, 'up']]);
  });

  it('does not make a probe overdue that had no turn to end in', async () => {
    const { clock, monitor, calls, results } = scenario();
    monitor.apply([target()]);
    await clock.advance(1000);
    clock.stall(5000);
    await clock.advance(100);
    expect(results).toEqual([]);
    calls[0]?.answer(false);
    await clock.advance(0);
    expect([results, calls.length]).toEqual([[], 2]);
  });

  it('does not save a probe that hangs', async () => {
    const { clock, monitor, results } = scenario();
    monitor.apply([target()]);
    await clock.advance(1000);
    clock.stall(5000);
    await clock.advance(500);
    expect(results).toEqual([['api/one', false, 'down']]);
  });

  it('is not repeated by all at once', async () => {
    const { clock, monitor, calls, starts, setChance } = scenario();
    const count = 100;
    monitor.apply(Array.from({ length: count }, (_, index) => target({ key: `api/${index}` })));
    await clock.advance(1000);
    clock.stall(7000);
    for (const [index, call] of [...calls].entries()) {
      setChance(index / count);
      call.answer(false);
      await clock.advance(0);
    }
    await clock.advance(1000);
    expect(new Set(starts().slice(count)).size).toBeGreaterThan(count * 0.9);
  });
});

describe('stopping', () => {
  it('aborts what runs, reports nothing more and leaves no timer', async () => {
    const { clock, monitor, calls, results } = scenario();
    monitor.apply([target(), target({ key: 'api/two' })]);
    await clock.advance(0);
    await monitor.stop();
    monitor.apply([target()]);
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
