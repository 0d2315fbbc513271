// The wheel under a scripted clock: when timers fire, and when they do not.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TimerWheel, WheelTimer } from '../../../src/main/engine/timer-wheel.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] }));
afterEach(() => void vi.useRealTimers());

function throwOn(error: unknown): never {
  throw error;
}

function createWheel() {
  const wheel = new TimerWheel(() => performance.now(), throwOn);
  const fired: string[] = [];
  const timer = (name: string): WheelTimer => new WheelTimer(() => void fired.push(name));
  return { wheel, fired, timer };
}

describe('a timer of the wheel', () => {
  for (const delayMs of [1, 100, 250, 1000, 51_200, 60_000, 3_600_000]) {
    it(`fires once, not before ${delayMs} ms and within 200 ms after`, () => {
      const { wheel, fired, timer } = createWheel();
      wheel.arm(timer('a'), delayMs);
      vi.advanceTimersByTime(delayMs - 1);
      expect(fired).toEqual([]);
      vi.advanceTimersByTime(201);
      expect(fired).toEqual(['a']);
      vi.advanceTimersByTime(60_000);
      expect(fired).toEqual(['a']);
    });
  }

  it('fires in a later turn of the loop when many are due at once', async () => {
    let nowMs = 0;
    const wheel = new TimerWheel(() => nowMs, throwOn);
    const fired: number[] = [];
    const timers = Array.from({ length: 100 }, (_, i) => {
      return new WheelTimer(() => {
        fired.push(i);
        nowMs += 0.25;
      });
    });
    for (const timer of timers) wheel.arm(timer, 100);
    nowMs = 250;
    vi.advanceTimersByTime(100);
    expect(fired.length).toBeLessThan(10);
    // One that waits for its turn may still be called off, or be given more time.
    wheel.remove(timers[98]!);
    wheel.arm(timers[99]!, 60_000);
    let turns = 0;
    for (; fired.length < 98; turns++) await new Promise((resolve) => setImmediate(resolve));
    expect(turns).toBeGreaterThan(10);
    await new Promise((resolve) => setImmediate(resolve));
    expect(fired).toEqual(Array.from({ length: 98 }, (_, i) => i));
  });

  it('that throws is told of and keeps no other one from firing', () => {
    const faults: unknown[] = [];
    const wheel = new TimerWheel(
      () => performance.now(),
      (error) => faults.push(error),
    );
    const fired: string[] = [];
    const bug = new Error('a bug');
    wheel.arm(
      new WheelTimer(() => {
        throw bug;
      }),
      100,
    );
    for (const name of ['a', 'b']) wheel.arm(new WheelTimer(() => void fired.push(name)), 100);
    wheel.arm(new WheelTimer(() => void fired.push('later')), 1000);
    vi.advanceTimersByTime(1300);
    expect([faults, fired]).toEqual([[bug], ['a', 'b', 'later']]);
  });

  it('moves later without firing at its old time', () => {
    const { wheel, fired, timer } = createWheel();
    const a = timer('a');
    wheel.arm(a, 300);
    vi.advanceTimersByTime(200);
    wheel.arm(a, 1000);
    vi.advanceTimersByTime(990);
    expect(fired).toEqual([]);
    vi.advanceTimersByTime(210);
    expect(fired).toEqual(['a']);
  });

  it('moves earlier', () => {
    const { wheel, fired, timer } = createWheel();
    const a = timer('a');
    wheel.arm(a, 60_000);
    wheel.arm(a, 300);
    vi.advanceTimersByTime(500);
    expect(fired).toEqual(['a']);
  });

  it('does not fire disarmed or removed, and can be armed again', () => {
    const { wheel, fired, timer } = createWheel();
    const a = timer('a');
    const b = timer('b');
    wheel.arm(a, 300);
    wheel.arm(b, 300);
    wheel.disarm(a);
    wheel.remove(b);
    vi.advanceTimersByTime(1000);
    expect(fired).toEqual([]);
    wheel.arm(a, 300);
    wheel.arm(b, 300);
    vi.advanceTimersByTime(500);
    expect(fired.toSorted()).toEqual(['a', 'b']);
  });

  it('may arm, disarm and remove any timer while it fires', () => {
    const { wheel, fired, timer } = createWheel();
    const b = timer('b');
    const c = timer('c');
    const a = new WheelTimer(() => {
      fired.push('a');
      wheel.remove(b);
      wheel.disarm(c);
      if (fired.length < 3) wheel.arm(a, 100);
    });
    wheel.arm(a, 100);
    wheel.arm(b, 100);
    wheel.arm(c, 100);
    vi.advanceTimersByTime(2000);
    expect(fired).toEqual(['a', 'a', 'a']);
  });

  it('is not declared late by a stall of the loop before it had a chance', () => {
    let nowMs = 0;
    const wheel = new TimerWheel(() => nowMs, throwOn);
    const fired: string[] = [];
    wheel.arm(new WheelTimer(() => void fired.push('a')), 1000);
    nowMs = 60_000;
    vi.advanceTimersByTime(100);
    expect(fired).toEqual([]);
  });

  it('lets the machine sleep when nothing is armed', () => {
    const { wheel, fired, timer } = createWheel();
    wheel.arm(timer('a'), 100);
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(500);
    expect([fired, vi.getTimerCount()]).toEqual([['a'], 0]);
  });
});
