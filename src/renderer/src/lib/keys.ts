// Shortcuts as text: how "mod+k" or "g p" is written, matched against key presses and shown. Pure; the
// listener that feeds it is keyboard.ts.

/** What a key press is, reduced to what a shortcut can name. */
export interface KeyPress {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
  altKey: boolean;
}

const KEY_NAMES: Readonly<Record<string, string>> = {
  ' ': 'space',
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
  Escape: 'esc',
  Delete: 'del',
};

/**
 * One chord: modifiers in a fixed order, then the key. `mod` is Ctrl, or Cmd on a Mac. Shift is named
 * only for letters and named keys: "?" already says that Shift was held.
 */
export function chordOf(press: KeyPress): string {
  const key = KEY_NAMES[press.key] ?? press.key.toLowerCase();
  const parts: string[] = [];
  if (press.ctrlKey || press.metaKey) parts.push('mod');
  if (press.altKey) parts.push('alt');
  if (press.shiftKey && (key.length > 1 || /[a-z]/.test(key))) parts.push('shift');
  parts.push(key);
  return parts.join('+');
}

export type Match = 'none' | 'partial' | 'full';

/** Compares the chords pressed so far with a shortcut such as "g p". */
export function matchKeys(keys: string, pressed: readonly string[]): Match {
  const wanted = keys.split(' ');
  if (pressed.length > wanted.length) return 'none';
  if (!pressed.every((chord, i) => chord === wanted[i])) return 'none';
  return pressed.length === wanted.length ? 'full' : 'partial';
}

const LABELS: Readonly<Record<string, string>> = {
  alt: 'Alt',
  shift: 'Shift',
  space: 'Space',
  up: '↑',
  down: '↓',
  left: '←',
  right: '→',
  esc: 'Esc',
  del: 'Del',
  enter: 'Enter',
  tab: 'Tab',
  home: 'Home',
  end: 'End',
};

/** "mod+shift+z" → "Ctrl Shift Z", "g p" → "G then P"; `mac` writes Cmd. */
export function keysLabel(keys: string, mac = false): string {
  return keys
    .split(' ')
    .map((chord) =>
      chord
        .split('+')
        .filter((part) => part !== '')
        .map((part) => (part === 'mod' ? (mac ? '⌘' : 'Ctrl') : (LABELS[part] ?? capital(part))))
        .join(' '),
    )
    .join(' then ');
}

function capital(text: string): string {
  return text.length === 1 ? text.toUpperCase() : text.charAt(0).toUpperCase() + text.slice(1);
}
