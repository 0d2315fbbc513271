// Follows every drain from the moment this window sees it, whichever page is open, so the board can
// say "3 of 21" also when the drain was started elsewhere. Holds the one DrainsState of the window.
import { useSyncExternalStore } from 'react';
import type { Status } from '#shared/status.ts';
import { getLiveState, watchLive } from '../../live/store.ts';
import { type DrainProgress, type DrainsState, drainKey, NO_DRAINS, trackDrains } from './drain-progress.ts';

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

watchLive(follow);

function watch(onChange: () => void): () => void {
  watchers.add(onChange);
  follow();
  return () => watchers.delete(onChange);
}

export function useDrain(pool: string, backend: string): DrainProgress | undefined {
  return useSyncExternalStore(watch, () => drains.get(drainKey(pool, backend)));
}

export function useDrains(): DrainsState {
  return useSyncExternalStore(watch, () => drains);
}
