// The one live store of the window. Only connection.ts writes to it; components read through hooks.ts.
import { holdClock } from '../lib/clock.ts';
import { createWatchers } from '../lib/watchers.ts';
import { initialState, type LiveMessage, type LiveState, reduce } from './live-state.ts';

let state = initialState();
const watchers = createWatchers();

/** Calls back after every change; returns a function that ends it. */
export const watchLive = watchers.watch;

export function getLiveState(): LiveState {
  return state;
}

export function dispatchLive(message: LiveMessage): void {
  const next = reduce(state, message);
  if (next === state) return;
  state = next;
  holdClock(state.connection === 'lost');
  watchers.publish();
}
