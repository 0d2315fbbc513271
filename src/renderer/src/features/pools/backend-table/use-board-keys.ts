// Every key of the board, in one place and listed in the help sheet. Keys act on the current row; with
// a selection the state keys act on all of it.
import { useShortcut } from '../../../lib/keyboard.ts';

export interface BoardKeys {
  move: (delta: number, extend: boolean) => void;
  pick: (position: number) => void;
  toggleState: () => void;
  drain: () => void;
  disable: () => void;
  edit: () => void;
  weight: () => void;
  select: () => void;
  selectAll: () => void;
  remove: () => void;
  add: () => void;
  details: () => void;
  escape: () => void;
}

const GROUP = 'Pool board';
const ROW_GROUP = 'Pool board, with a row focused';
const DIGITS = ['1', '2', '3', '4', '5', '6', '7', '8', '9'] as const;

/**
 * `inRow`: the focus is on a row. Only then may Space, Enter and the arrows be taken: elsewhere they
 * belong to the control that has the focus.
 */
export function useBoardKeys(keys: BoardKeys, inRow: boolean): void {
  const rows = { group: ROW_GROUP, when: inRow, listedOff: true };
  useShortcut('down', () => keys.move(1, false), { ...rows, label: 'Next backend' });
  useShortcut('up', () => keys.move(-1, false), { ...rows, label: 'Previous backend' });
  useShortcut('shift+down', () => keys.move(1, true), { ...rows, label: 'Extend the selection down' });
  useShortcut('shift+up', () => keys.move(-1, true), { ...rows, label: 'Extend the selection up' });
  useShortcut('space', keys.toggleState, { ...rows, label: 'Enable, or drain' });
  useShortcut('enter', keys.details, { ...rows, label: 'Check details' });
  useShortcut('home', () => keys.move(Number.NEGATIVE_INFINITY, false), rows);
  useShortcut('end', () => keys.move(Number.POSITIVE_INFINITY, false), rows);
  useShortcut('pagedown', () => keys.move(10, false), rows);
  useShortcut('pageup', () => keys.move(-10, false), rows);

  useShortcut('j', () => keys.move(1, false), { group: GROUP, label: 'Next backend' });
  useShortcut('k', () => keys.move(-1, false), { group: GROUP, label: 'Previous backend' });
  useShortcut('d', keys.drain, { group: GROUP, label: 'Drain' });
  useShortcut('shift+d', keys.disable, { group: GROUP, label: 'Disable' });
  useShortcut('e', keys.edit, { group: GROUP, label: 'Edit backend' });
  useShortcut('w', keys.weight, { group: GROUP, label: 'Change the weight' });
  useShortcut('x', keys.select, { group: GROUP, label: 'Select' });
  useShortcut('mod+a', keys.selectAll, { group: GROUP, label: 'Select all shown' });
  useShortcut('del', keys.remove, { group: GROUP, label: 'Remove' });
  useShortcut('a', keys.add, { group: GROUP, label: 'Add backend' });
  useShortcut('esc', keys.escape, { group: GROUP, label: 'Clear selection or filter' });
  DIGITS.forEach((digit, index) => {
    // biome-ignore lint/correctness/useHookAtTopLevel: always the same nine, in the same order
    useShortcut(digit, () => keys.pick(index), {
      group: GROUP,
      ...(index === 0 ? { label: 'Go to backend 1 to 9' } : {}),
    });
  });
}
