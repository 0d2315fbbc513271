// Follows every drain from the first Status of this window on, whichever page is open, so the board can
// say "3 of 21" also when the drain began elsewhere. Holds the one DrainsState of the window; main.tsx
// starts it.
import { useSyncExternalStore } from 'react';
import type { Status } from '#shared/status.ts';
import { type DrainsState, NO_DRAINS, trackDrains } from './drain-progress.ts';
import { getLiveState, watchLive } from './store.ts';

let drains: DrainsState = NO_DRAINS;
let lastStatus: Status | null = null;
let lastEpoch = 0;
const watchers = new Set<() => void>();

function follow(): void {
  const { status, epoch } = getLiveState();
  if (status === null || status === lastStatus) return;
  // After a gap the status before is no witness of how a drain began.
  const before = epoch === lastEpoch ? lastStatus?.pools : undefined;
  const next = trackDrains(drains, before, status);
  lastStatus = status;
  lastEpoch = epoch;
  if (next === drains) return;
  drains = next;
  for (const onChange of [...watchers]) onChange();
}

/** Called once, before the first Status. */
export function startDrainTracker(): void {
  watchLive(follow);
}

function watch(onChange: () => void): () => void {
  watchers.add(onChange);
  return () => watchers.delete(onChange);
}

export function useDrains(): DrainsState {
  return useSyncExternalStore(watch, () => drains);
}
