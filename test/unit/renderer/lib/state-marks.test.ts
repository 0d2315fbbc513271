// States as people see them: one shape, tone and word each, told apart without colour.
import { describe, expect, it } from 'vitest';
import { EffectiveState, PoolCondition } from '#shared/status.ts';
import {
  backendMark,
  isProblem,
  poolCount,
  poolMark,
  poolSeverityRank,
  severityRank,
  stateText,
} from '../../../../src/renderer/src/lib/state-marks.ts';

const NOW = 10_000_000;
const backend = { state: 'up', since: NOW - 362_000, progress: null, inFlight: 3 } as const;

describe('the mark of a backend', () => {
  it('has a word of its own for every state', () => {
    const words = EffectiveState.options.map((state) => backendMark(state).word);
    expect(new Set(words).size).toBe(EffectiveState.options.length);
  });

  it('differs in shape between states that ask for different acts', () => {
    const shapes = (
      ['up', 'failing', 'down', 'draining', 'drained', 'disabled', 'checking', 'unchecked'] as const
    ).map((state) => backendMark(state).shape);
    expect(new Set(shapes).size).toBe(shapes.length);
  });

  it.each([
    ['up', backend, 'Up 6m 02s'],
    ['down', { ...backend, state: 'down' }, 'Down 6m 02s'],
    ['failing', { ...backend, state: 'failing', progress: { count: 2, of: 3 } }, 'Failing ↓ 2 of 3'],
    ['recovering', { ...backend, state: 'recovering', progress: { count: 1, of: 2 } }, 'Recovering ↑ 1 of 2'],
    ['failing without progress', { ...backend, state: 'failing' }, 'Failing'],
    ['draining', { ...backend, state: 'draining' }, 'Draining · 3 left'],
    ['drained', { ...backend, state: 'drained' }, 'Drained'],
  ] as const)('says of one that is %s what matters', (_, status, text) => {
    expect(stateText(status, NOW)).toBe(text);
  });
});

describe('problems', () => {
  it('ranks every state, the worst first', () => {
    const ranked = EffectiveState.options.toSorted((a, b) => severityRank(a) - severityRank(b));
    expect(ranked.slice(0, 2)).toEqual(['down', 'failing']);
    expect(ranked.at(-1)).toBe('up');
    expect(EffectiveState.options.every((state) => severityRank(state) >= 0)).toBe(true);
    expect(PoolCondition.options.every((state) => poolSeverityRank(state) >= 0)).toBe(true);
  });

  it('does not count what somebody decided', () => {
    expect(EffectiveState.options.filter(isProblem)).toEqual(['failing', 'recovering', 'down']);
  });
});

describe('the count beside a pool', () => {
  const two = [backend, backend] as never;
  it.each([
    [{ state: 'degraded', serving: 1, backends: two }, '1/2'],
    [{ state: 'off', serving: 0, backends: two }, 'off'],
    [{ state: 'empty', serving: 0, backends: [] }, 'empty'],
  ] as const)('%# reads as expected', (pool, text) => {
    expect(poolCount({ ...pool, backends: [...pool.backends] })).toBe(text);
    expect(poolMark(pool.state).word.length).toBeGreaterThan(1);
  });
});
