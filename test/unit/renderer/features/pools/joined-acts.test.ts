import { describe, expect, it } from 'vitest';
import { joinedActs } from '../../../../../src/renderer/src/features/pools/joined-acts.ts';

describe('joinedActs', () => {
  it('makes one mark of what was done to many at once', () => {
    const drains = Array.from({ length: 40 }, (_, i) => ({ at: 100 + i * 50, text: `drain node-${i}` }));
    expect(joinedActs(drains)).toEqual([{ at: 100, text: 'drain 40 backends' }]);
  });

  it('keeps apart what came later, and acts of another kind', () => {
    const acts = [
      { at: 1, text: 'drain a' },
      { at: 2, text: 'enable a' },
      { at: 3, text: 'drain a' },
      { at: 2000, text: 'drain b' },
    ];
    expect(joinedActs(acts)).toEqual(acts);
  });

  it('does not count one backend twice', () => {
    const acts = [
      { at: 1, text: 'drain a' },
      { at: 2, text: 'drain a' },
    ];
    expect(joinedActs(acts)).toEqual([{ at: 1, text: 'drain a' }]);
    expect(joinedActs([])).toEqual([]);
  });
});
