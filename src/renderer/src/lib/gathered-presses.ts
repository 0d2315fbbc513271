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
