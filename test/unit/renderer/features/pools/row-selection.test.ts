import { describe, expect, it } from 'vitest';
import {
  extendTo,
  keepExisting,
  NOTHING_SELECTED,
  selectAll,
  toggleRow,
} from '../../../../../src/renderer/src/features/pools/row-selection.ts';

const ORDER = ['a', 'b', 'c', 'd', 'e'];
const of = (selection: { names: ReadonlySet<string> }) => [...selection.names].sort().join('');

describe('selecting rows', () => {
  it('toggles one row and anchors there', () => {
    const one = toggleRow(NOTHING_SELECTED, 'c');
    expect([of(one), one.anchor]).toEqual(['c', 'c']);
    expect(of(toggleRow(one, 'c'))).toBe('');
  });

  it.each([
    ['down', 'b', 'd', 'bcd'],
    ['up', 'd', 'b', 'bcd'],
    ['onto itself', 'c', 'c', 'c'],
  ])('extends %s from the anchor', (_, from, to, selected) => {
    expect(of(extendTo(toggleRow(NOTHING_SELECTED, from), to, ORDER))).toBe(selected);
  });

  it('starts anew when the anchor is not shown', () => {
    expect(of(extendTo(toggleRow(NOTHING_SELECTED, 'x'), 'b', ORDER))).toBe('b');
  });

  it('adds a range to what is selected elsewhere', () => {
    const two = toggleRow(toggleRow(NOTHING_SELECTED, 'a'), 'd');
    expect(of(extendTo(two, 'e', ORDER))).toBe('ade');
  });

  it('forgets rows that are gone and keeps the same object when none is', () => {
    const all = selectAll(ORDER);
    expect(keepExisting(all, new Set(ORDER))).toBe(all);
    const kept = keepExisting(all, new Set(['b', 'c']));
    expect([of(kept), kept.anchor]).toEqual(['bc', null]);
  });
});
