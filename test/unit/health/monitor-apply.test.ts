// What a new set of targets changes: what did not change keeps its opinion, what is asked something
// else keeps its standing until that has a verdict, what has another address starts anew, what has
// another name goes on; and what was removed or replaced is never reported on again.
import { describe, expect, it } from 'vitest';
import type { HealthTarget } from '../../../src/main/health/target.ts';
import { CHECK, scenario, target } from './monitor-scenario.ts';

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

  it.each<[string, Partial<HealthTarget>]>([
    ['the path', { check: { ...CHECK, path: '/other' } }],
    ['the expected status', { check: { ...CHECK, expectStatus: ['204'] } }],
    ['the kind of check', { check: { type: 'tcp', intervalMs: 2000, timeoutMs: 1000, rise: 2, fall: 3 } }],
  ])(
    'asks at once when %s changed, and the backend stays up until that has failed as often as it may',
    async (_name, change) => {
      const { clock, monitor, calls, log } = scenario('+---');
      monitor.apply([target()]);
      await clock.advance(700);
      monitor.apply([target(change)]);
      expect(monitor.health('api/one')).toMatchObject({ state: 'up', lastCheck: null });
      expect([log.length, calls.length]).toEqual([2, 1]);
      await clock.advance(0);
      expect(monitor.health('api/one')).toMatchObject({ state: 'failing', progress: { count: 1, of: 3 } });
      await clock.advance(4000);
      expect(log.at(-1)).toBe('4700 api/one failing → down by L7 503');
    },
  );

  it('keeps down what is down when its check changed, until that succeeds once', async () => {
    const { clock, monitor, calls, log } = scenario('-');
    monitor.apply([target()]);
    await clock.advance(100);
    monitor.apply([target({ check: { ...CHECK, path: '/other' } })]);
    await clock.advance(0);
    expect([monitor.health('api/one')?.state, log.length, calls.length]).toEqual(['down', 2, 2]);
    calls[1]?.answer(true);
    await clock.advance(0);
    expect(log.at(-1)).toBe('100 api/one down → up by L7 200');
  });

  it('takes another spelling of the host for the same server', async () => {
    const { clock, monitor, log } = scenario('+');
    monitor.apply([target({ host: 'api.test' })]);
    await clock.advance(100);
    monitor.apply([target({ host: 'API.test.' })]);
    expect([monitor.health('api/one')?.state, log.length]).toEqual(['up', 2]);
  });

  it('knows a renamed target by its new name, with its schedule and the probe under way', async () => {
    const { clock, monitor, calls, starts, log, results } = scenario('+');
    monitor.apply([target()]);
    await clock.advance(2000);
    monitor.rename('api/one', 'shop/one');
    monitor.apply([target({ key: 'shop/one' })]);
    expect(monitor.health('api/one')).toBeUndefined();
    expect(monitor.health('shop/one')).toMatchObject({ state: 'up', lastCheck: { code: 'L7 200' } });
    calls[1]?.answer(false);
    await clock.advance(2000);
    expect(results.at(-1)).toEqual(['shop/one', false, 'failing']);
    expect(starts()).toEqual([0, 2000, 4000]);
    expect(log.slice(2)).toEqual(['2000 shop/one up → failing by L7 503']);
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

  it('becomes unchecked when the check is taken away, and stays so until a new one has a verdict', async () => {
    const { clock, monitor, log } = scenario('--');
    monitor.apply([target()]);
    await clock.advance(100);
    monitor.apply([target({ check: null })]);
    monitor.apply([target()]);
    expect(monitor.health('api/one')?.state).toBe('unchecked');
    await clock.advance(0);
    expect(log.slice(2)).toEqual([
      '100 api/one down → unchecked',
      '100 api/one unchecked → failing by L7 503',
    ]);
  });
});
