// The one live store of the window. Only connection.ts writes to it; components read through hooks.ts.
import { holdClock } from '../lib/clock.ts';
import { initialState, type LiveMessage, type LiveState, reduce } from './live-state.ts';

let state = initialState();
const watchers = new Set<() => void>();

export function getLiveState(): LiveState {
  return state;
}

export function dispatchLive(message: LiveMessage): void {
  const next = reduce(state, message);
  if (next === state) return;
  state = next;
  holdClock(state.connection === 'lost');
  for (const onChange of [...watchers]) onChange();
}

/** Calls back after every change; returns a function that ends it. */
export function watchLive(onChange: () => void): () => void {
  watchers.add(onChange);
  return () => watchers.delete(onChange);
}
