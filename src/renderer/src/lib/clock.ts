// "Now" for ages on screen: one timer for the whole window, stopped while nobody looks.
import { useSyncExternalStore } from 'react';

const TICK_MS = 1000;
const watchers = new Set<() => void>();
let now = Date.now();
let held = false;
let timer: ReturnType<typeof setInterval> | undefined;

function tick(): void {
  if (held) return;
  now = Date.now();
  for (const onChange of watchers) onChange();
}

function schedule(): void {
  const wanted = watchers.size > 0 && !document.hidden;
  if (wanted && timer === undefined) {
    tick();
    timer = setInterval(tick, TICK_MS);
  } else if (!wanted && timer !== undefined) {
    clearInterval(timer);
    timer = undefined;
  }
}

function watch(onChange: () => void): () => void {
  if (watchers.size === 0) document.addEventListener('visibilitychange', schedule);
  watchers.add(onChange);
  if (timer === undefined) queueMicrotask(schedule);
  return () => {
    watchers.delete(onChange);
    schedule();
    if (watchers.size === 0) document.removeEventListener('visibilitychange', schedule);
  };
}

/** Stops the clock while nothing new is known: an age that counts on would claim that nothing has changed. */
export function holdClock(hold: boolean): void {
  if (held === hold) return;
  held = hold;
  tick();
}

/** ms since the epoch, renewed once a second while the window is visible. */
export function useNow(): number {
  return useSyncExternalStore(watch, () => now);
}
