// The one word shown for a backend, from admin intent, health and what is in flight; and which of two
// healths is the worse.
import { describe, expect, it } from 'vitest';
import { effectiveState, healthUsable, worseHealth } from '#shared/status.ts';

it.each([
  ['enabled', 'up', 0, 'up'],
  ['enabled', 'unchecked', 3, 'unchecked'],
  ['enabled', 'checking', 0, 'checking'],
  ['enabled', 'failing', 2, 'failing'],
  ['enabled', 'recovering', 0, 'recovering'],
  ['enabled', 'down', 1, 'down'],
  ['draining', 'up', 3, 'draining'],
  ['draining', 'up', 0, 'drained'],
  ['draining', 'unchecked', 0, 'drained'],
  ['draining', 'down', 3, 'down'],
  ['draining', 'failing', 0, 'failing'],
  ['disabled', 'up', 0, 'disabled'],
  ['disabled', 'down', 2, 'disabled'],
] as const)('%s and %s with %i in flight is shown as %s', (admin, health, inFlight, word) => {
  expect(effectiveState(admin, health, inFlight)).toBe(word);
});

it('lets traffic through while probes begin to fail, and not before they have succeeded', () => {
  const usable = (['unchecked', 'checking', 'up', 'failing', 'down', 'recovering'] as const).filter(
    healthUsable,
  );
  expect(usable).toEqual(['unchecked', 'up', 'failing']);
});

describe('the health of a stretch of time in which a backend had two', () => {
  it.each([
    ['down', 'failing'],
    ['failing', 'recovering'],
    ['recovering', 'up'],
    ['up', 'checking'],
    ['checking', 'unchecked'],
  ] as const)('is %s rather than %s, whichever came first', (worse, better) => {
    expect([worseHealth(worse, better), worseHealth(better, worse)]).toEqual([worse, worse]);
  });
});
