// Gathers the key presses on a control into one change, for as long as the control is mounted. Used by
// the borders of the split and by sliders.
import { type KeyboardEvent, useEffect, useRef } from 'react';
import { endingOf, type GatheredPresses, type GatherOptions, gatherPresses } from './gathered-presses.ts';

type PressOptions = Omit<GatherOptions, 'schedule'>;

export interface ControlPresses extends GatheredPresses {
  /** Ends what is gathered where the key says so, see `endingOf`. */
  endBy: (event: KeyboardEvent) => boolean;
}

/** The same gatherer for the life of the control, acting on the newest options. */
export function useGatheredPresses(options: PressOptions): ControlPresses {
  const latest = useRef(options);
  latest.current = options;
  const gatherer = useRef<ControlPresses | null>(null);
  gatherer.current ??= gathererOf(latest);
  // The page may go without a blur; what was shown is saved then too.
  useEffect(() => () => gatherer.current?.flush(), []);
  return gatherer.current;
}

function gathererOf(latest: { current: PressOptions }): ControlPresses {
  const presses = gatherPresses({
    schedule: later,
    onBegin: () => latest.current.onBegin(),
    onShow: (delta) => latest.current.onShow(delta),
    onSave: (delta) => latest.current.onSave(delta),
    onTakeBack: () => latest.current.onTakeBack(),
  });
  return {
    ...presses,
    endBy(event) {
      if (!presses.waiting()) return false;
      const ending = endingOf(event);
      if (ending === 'take-back') presses.takeBack();
      else if (ending === 'save') presses.flush();
      return ending !== null;
    },
  };
}

function later(run: () => void, afterMs: number): () => void {
  const timer = setTimeout(run, afterMs);
  return () => clearTimeout(timer);
}
