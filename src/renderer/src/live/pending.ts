// Marks what was asked for and not yet seen to be true. A mark goes when a Status confirms it, or after
// three seconds: then the screen shows plainly what the core says.
import { useCallback, useSyncExternalStore } from 'react';
import { backendKey } from '#shared/backend-ref.ts';
import type { Status } from '#shared/status.ts';
import { createWatchers } from '../lib/watchers.ts';
import { getLiveState, watchLive } from './store.ts';

const EXPIRES_MS = 3000;

interface Mark {
  confirmed: (status: Status) => boolean;
  timer: ReturnType<typeof setTimeout>;
}

const marks = new Map<string, Mark>();
const { watch, publish } = createWatchers();

/** Shows `key` as pending until `confirmed` holds for a Status. */
export function markPending(key: string, confirmed: (status: Status) => boolean): void {
  clearPending(key);
  if (marks.size === 0) endWatch = watchLive(settle);
  marks.set(key, { confirmed, timer: setTimeout(() => clearPending(key), EXPIRES_MS) });
  publish();
}

/** For a command that was refused: there is nothing to wait for. */
export function clearPending(key: string): void {
  const mark = marks.get(key);
  if (!mark) return;
  clearTimeout(mark.timer);
  marks.delete(key);
  if (marks.size === 0) endWatch?.();
  publish();
}

/** Whether a change of this backend is on its way. */
export function usePendingChange(pool: string, backend: string): boolean {
  const key = backendKey(pool, backend);
  return useSyncExternalStore(
    watch,
    useCallback(() => marks.has(key), [key]),
  );
}

let endWatch: (() => void) | undefined;

function settle(): void {
  const { status } = getLiveState();
  if (!status) return;
  for (const [key, mark] of [...marks]) if (mark.confirmed(status)) clearPending(key);
}
