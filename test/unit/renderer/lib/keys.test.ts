// Shortcuts as text: what a key press is called, when a sequence is complete, how it is shown.
import { describe, expect, it } from 'vitest';
import { chordOf, type KeyPress, keysLabel, matchKeys } from '../../../../src/renderer/src/lib/keys.ts';

function press(key: string, held: Partial<KeyPress> = {}): KeyPress {
  return { key, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...held };
}

describe('a key press', () => {
  it.each([
    [press('k', { ctrlKey: true }), 'mod+k'],
    [press('k', { metaKey: true }), 'mod+k'],
    [press('Z', { ctrlKey: true, shiftKey: true }), 'mod+shift+z'],
    [press('D', { shiftKey: true }), 'shift+d'],
    [press('?', { shiftKey: true }), '?'],
    [press(' '), 'space'],
    [press('ArrowDown', { shiftKey: true }), 'shift+down'],
    [press('Escape'), 'esc'],
    [press('1'), '1'],
  ])('%# is called %s', (key, chord) => {
    expect(chordOf(key)).toBe(chord);
  });
});

describe('matching', () => {
  it.each([
    ['g p', ['g'], 'partial'],
    ['g p', ['g', 'p'], 'full'],
    ['g p', ['p'], 'none'],
    ['g', ['g', 'p'], 'none'],
    ['mod+k', ['mod+k'], 'full'],
  ] as const)('%s with %j is %s', (keys, pressed, match) => {
    expect(matchKeys(keys, pressed)).toBe(match);
  });
});

describe('labels', () => {
  it.each([
    ['mod+shift+z', false, 'Ctrl Shift Z'],
    ['mod+k', true, '⌘ K'],
    ['g p', false, 'G then P'],
    ['space', false, 'Space'],
    ['?', false, '?'],
  ])('%s', (keys, mac, label) => {
    expect(keysLabel(keys, mac)).toBe(label);
  });
});
