// The window's shortcuts: one key listener, a registry the `?` sheet reads, sequences such as "g p".
// A shortcut is live while the component that declares it is mounted, which is how help tells what works
// here; one that waits for the focus to come somewhere may be listed under a heading that says so.
import { useEffect, useRef, useSyncExternalStore } from 'react';
import { chordOf, matchKeys } from './keys.ts';
import { createWatchers } from './watchers.ts';

export interface ShortcutOptions {
  /** What it does, for the help sheet; without it the shortcut is not listed. */
  label?: string;
  /** Heading in the help sheet; default "Everywhere". A key with a group outranks one without. */
  group?: string;
  /** Off while false. Default true. */
  when?: boolean;
  /** Listed while it is off too: its group says what it needs. Default false. */
  listedOff?: boolean;
  /** Also while the focus is in a text field. Default: only chords with Ctrl or Cmd, and Esc never. */
  whileTyping?: boolean;
  /** Also while a dialog is open. Default false: a dialog owns the keyboard. */
  inDialogs?: boolean;
}

export interface ShortcutInfo {
  keys: string;
  label: string;
  group: string;
}

interface Registration {
  keys: string;
  handler: { current: (event: KeyboardEvent) => void };
  live: boolean;
  options: ShortcutOptions;
}

/** Longest pause between the keys of a sequence, ms. */
const SEQUENCE_MS = 1200;

const registrations = new Set<Registration>();
const watchers = createWatchers();
let listed: readonly ShortcutInfo[] = [];
let pressed: string[] = [];
let lastPressAt = 0;

/** Runs `handler` on `keys` ("mod+k", "g p", "?", "shift+d"); the key's default action is prevented. */
export function useShortcut(
  keys: string,
  handler: (event: KeyboardEvent) => void,
  options: ShortcutOptions = {},
): void {
  const latest = useRef(handler);
  latest.current = handler;
  const { label, group, when = true, listedOff = false, whileTyping, inDialogs } = options;
  useEffect(() => {
    if (!when && !listedOff) return;
    const registration: Registration = {
      keys,
      handler: latest,
      live: when,
      options: { label, group, whileTyping, inDialogs },
    };
    registrations.add(registration);
    if (registrations.size === 1) window.addEventListener('keydown', onKeyDown);
    publishList();
    return () => {
      registrations.delete(registration);
      if (registrations.size === 0) window.removeEventListener('keydown', onKeyDown);
      publishList();
    };
  }, [keys, label, group, when, listedOff, whileTyping, inDialogs]);
}

/** Every shortcut the help sheet lists right now. */
export function useShortcutList(): readonly ShortcutInfo[] {
  return useSyncExternalStore(watchers.watch, () => listed);
}

/** Does what `keys` would do now, for a command that leads to the same; nothing when no such key is live. */
export function runShortcut(keys: string): void {
  const match = [...registrations].findLast(
    (registration) => registration.live && registration.keys === keys,
  );
  match?.handler.current(new KeyboardEvent('keydown'));
}

function publishList(): void {
  const seen = new Set<string>();
  const next: ShortcutInfo[] = [];
  for (const { keys, options } of registrations) {
    const id = `${keys}\n${options.label ?? ''}`;
    if (options.label === undefined || seen.has(id)) continue;
    seen.add(id);
    next.push({ keys, label: options.label, group: options.group ?? 'Everywhere' });
  }
  listed = next;
  watchers.publish();
}

function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return;
  if (['Control', 'Shift', 'Alt', 'Meta'].includes(event.key)) return;
  const chord = chordOf(event);
  if (event.timeStamp - lastPressAt > SEQUENCE_MS) pressed = [];
  lastPressAt = event.timeStamp;

  const typing = isTextField(event.target);
  if (activates(chord, event.target)) return;
  const inDialog = document.querySelector(OWNS_KEYBOARD) !== null;
  const live = [...registrations].filter(
    ({ live: on, options }) =>
      on &&
      (!typing || options.whileTyping === true || chord.startsWith('mod+')) &&
      (!inDialog || options.inDialogs === true),
  );

  // A sequence in progress that does not continue with this key may start anew with it.
  for (const attempt of [[...pressed, chord], [chord]]) {
    const matches = live.filter(({ keys }) => matchKeys(keys, attempt) === 'full');
    // A page's key outranks the frame's; among equals the newest wins.
    const match = matches.findLast(({ options }) => options.group !== undefined) ?? matches.at(-1);
    if (match) {
      // Ctrl Z in a text field belongs to the text.
      if (typing && isEditingChord(chord) && !match.options.whileTyping) return;
      pressed = [];
      event.preventDefault();
      match.handler.current(event);
      return;
    }
    if (live.some(({ keys }) => matchKeys(keys, attempt) === 'partial')) {
      pressed = attempt;
      return;
    }
  }
  pressed = [];
}

function isEditingChord(chord: string): boolean {
  return chord === 'mod+z' || chord === 'mod+shift+z' || chord === 'mod+a';
}

/** While one of these is open, only shortcuts that ask for it work. */
const OWNS_KEYBOARD = '[role="dialog"],[role="alertdialog"],[role="menu"],[data-radix-select-viewport]';

/** Space and Enter on a focused control press that control. */
function activates(chord: string, target: EventTarget | null): boolean {
  if (chord !== 'space' && chord !== 'enter') return false;
  return target instanceof Element && target.closest('button,a[href],summary,[role="slider"]') !== null;
}

const NOT_TEXT: ReadonlySet<string> = new Set(['checkbox', 'radio', 'range', 'button', 'submit']);

function isTextField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (
    target.isContentEditable ||
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement
  ) {
    return true;
  }
  return target instanceof HTMLInputElement && !NOT_TEXT.has(target.type);
}
