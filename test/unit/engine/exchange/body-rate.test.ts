// The speed of a body, by a clock of the test's own.
import { describe, expect, it } from 'vitest';
import { BodyRate, WINDOW_MS } from '../../../../src/main/engine/exchange/body-rate.ts';

function started(minBytesPerS: number): BodyRate {
  const rate = new BodyRate();
  rate.start(minBytesPerS);
  return rate;
}

describe('the slowest speed', () => {
  it('is measured over each window by itself', () => {
    const rate = started(100);
    expect(rate.resume(1000)).toBe(WINDOW_MS);
    expect(rate.next(10_000)).toBe(true);
    expect(rate.resume(6000)).toBe(WINDOW_MS);
    expect(rate.next(10_499)).toBe(false);
  });

  it('is reached by exactly so many bytes', () => {
    const rate = started(100);
    rate.resume(0);
    expect(rate.next(500)).toBe(true);
    rate.resume(WINDOW_MS);
    expect(rate.next(1000)).toBe(true);
  });

  it('does not count the time we were not ready to read', () => {
    const rate = started(100);
    expect(rate.resume(0)).toBe(WINDOW_MS);
    rate.pause(2000);
    rate.pause(9000);
    expect(rate.resume(60_000)).toBe(WINDOW_MS - 2000);
    expect(rate.resume(61_000)).toBe(WINDOW_MS - 3000);
    rate.pause(70_000);
    expect(rate.resume(80_000)).toBe(0);
  });

  it('starts anew with each body', () => {
    const rate = started(100);
    rate.resume(0);
    rate.pause(3000);
    rate.start(10);
    expect(rate.resume(9000)).toBe(WINDOW_MS);
    expect(rate.next(50)).toBe(true);
  });
});
