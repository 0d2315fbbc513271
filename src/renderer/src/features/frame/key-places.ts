// The keys that work only in some places, for the help sheet to list on every page: the registry of
// lib/keyboard.ts knows those of the page on screen alone. Data; a spec of the sheet holds the two against
// each other. Called by help-sheet.tsx.
import type { ShortcutInfo } from '../../lib/keyboard.ts';

export interface KeyPlace {
  /** As the page that has the keys calls it. */
  group: string;
  /** Where one has to be. */
  where: string;
  keys: readonly (readonly [keys: string, label: string])[];
}

const ON_BOARD = 'on the page of a pool with backends';

export const KEY_PLACES: readonly KeyPlace[] = [
  {
    group: 'Pool board',
    where: ON_BOARD,
    keys: [
      ['/', 'Filter the backends'],
      ['j', 'Next backend'],
      ['k', 'Previous backend'],
      ['1', 'Go to backend 1 to 9'],
      ['d', 'Drain'],
      ['shift+d', 'Disable'],
      ['e', 'Edit backend'],
      ['w', 'Change the weight'],
      ['x', 'Select'],
      ['mod+a', 'Select all shown'],
      ['del', 'Remove'],
      ['a', 'Add backend'],
      ['esc', 'Clear selection or filter'],
    ],
  },
  {
    group: 'Pool board, with a row focused',
    where: ON_BOARD,
    keys: [
      ['down', 'Next backend'],
      ['up', 'Previous backend'],
      ['shift+down', 'Extend the selection down'],
      ['shift+up', 'Extend the selection up'],
      ['space', 'Enable, or drain'],
      ['enter', 'Check details'],
    ],
  },
  { group: 'Listeners', where: 'on the page of the listeners', keys: [['a', 'Add a listener']] },
  {
    group: 'First run',
    where: 'while nothing is set up yet',
    keys: [
      ['s', 'Split two dev servers'],
      ['d', 'Start the demo'],
      ['i', 'Import a config'],
    ],
  },
];

export interface ListedKey {
  keys: string;
  label: string;
  /** Whether the page on screen has it. */
  here: boolean;
}

export interface ListedPlace {
  group: string;
  /** Null when all of its keys are here. */
  where: string | null;
  keys: readonly ListedKey[];
}

/** What works everywhere, then every place with its keys; one the places do not know comes last in its group. */
export function listedPlaces(live: readonly ShortcutInfo[]): ListedPlace[] {
  const groups = Map.groupBy(live, ({ group }) => group);
  const names = new Set(['Everywhere', ...KEY_PLACES.map(({ group }) => group), ...groups.keys()]);
  return [...names].map((group) => {
    const place = KEY_PLACES.find((each) => each.group === group);
    const known = place?.keys ?? [];
    const present = groups.get(group) ?? [];
    const isOf = (keys: string, label: string) => (each: ShortcutInfo) =>
      each.keys === keys && each.label === label;
    const listed = known.map(([keys, label]) => ({ keys, label, here: present.some(isOf(keys, label)) }));
    const more = present.filter((each) => !known.some(([keys, label]) => isOf(keys, label)(each)));
    return {
      group,
      where: place && listed.some(({ here }) => !here) ? place.where : null,
      keys: [...listed, ...more.map(({ keys, label }) => ({ keys, label, here: true }))],
    };
  });
}
