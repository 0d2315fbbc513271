// How components read the live store. A selector must return a part of the state or a primitive: the
// reducer keeps identity, so a component renders only when its part changed.
import { useCallback, useSyncExternalStore } from 'react';
import type { LiveState } from './live-state.ts';
import { getLiveState, watchLive } from './store.ts';

export function useLive<T>(selector: (state: LiveState) => T): T {
  return useSyncExternalStore(
    watchLive,
    useCallback(() => selector(getLiveState()), [selector]),
  );
}
