// Makes one change of many key presses: each is shown at once, all are saved together a while after the
// last. Invariant: what was begun ends exactly once, saved or taken back. Pure: the clock is given. Called
// by use-gathered-presses.

/** Long enough to press again, short enough not to look forgotten. */
export const SAVE_AFTER_MS = 600;

/** Rounding of added steps: less than this is no change. */
const NOTHING = 1e-6;

export interface GatheredPresses {
  /** By how much the value moves; on a border positive is to the right. */
  press(step: number): void;
  /** Saves what is gathered now instead of later. */
  flush(): void;
  takeBack(): void;
  waiting(): boolean;
}

export interface GatherOptions {
  /** Runs `run` once, later; answers how to call it off. */
  schedule: (run: () => void, afterMs: number) => () => void;
  /** The first press of a change. Answers how far the value can go: presses beyond it do not count. */
  onBegin: () => { lowest: number; highest: number };
  onShow: (delta: number) => void;
  onSave: (delta: number) => void;
  onTakeBack: () => void;
}

export function gatherPresses(options: GatherOptions): GatheredPresses {
  let gathered: { delta: number; lowest: number; highest: number } | null = null;
  let callOff: () => void = () => {};

  const end = (): number | null => {
    callOff();
    const delta = gathered?.delta ?? null;
    gathered = null;
    return delta;
  };
  const flush = () => {
    const delta = end();
    if (delta === null) return;
    if (Math.abs(delta) < NOTHING) options.onTakeBack();
    else options.onSave(delta);
  };

  return {
    press(step) {
      gathered ??= { delta: 0, ...options.onBegin() };
      gathered.delta = Math.min(gathered.highest, Math.max(gathered.lowest, gathered.delta + step));
      callOff();
      callOff = options.schedule(flush, SAVE_AFTER_MS);
      options.onShow(gathered.delta);
    },
    flush,
    takeBack() {
      if (end() !== null) options.onTakeBack();
    },
    waiting: () => gathered !== null,
  };
}

interface KeyPress {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
}

/**
 * How a key ends what is gathered, if it does. Esc and Ctrl Z take it back: what is not saved yet is what a
 * person wants undone, not the change before it. Enter saves it, and so does Ctrl Shift Z: it is newer than
 * all that was undone, so there is nothing to redo after it.
 */
export function endingOf({ key, ctrlKey, metaKey, shiftKey }: KeyPress): 'save' | 'take-back' | null {
  if (key === 'Escape') return 'take-back';
  if (key === 'Enter') return 'save';
  if (key.toLowerCase() !== 'z' || !(ctrlKey || metaKey)) return null;
  return shiftKey ? 'save' : 'take-back';
}
