// What a command has just made: its answer may come before the Status that names the pool, and a saved Config
// says nothing of whether its listener could bind. Waits for the Status that tells, 3 s at most, and then acts
// all the same. Called by the forms and cards that make a pool.
import type { ListenerStatus } from '#shared/status.ts';
import { navigate } from '../lib/use-route.ts';
import { getLiveState, watchLive } from './store.ts';

const LONGEST_WAIT_MS = 3000;

/**
 * Goes to the board of a pool once there is one, since before it would say that there is no such pool; after
 * 3 s it goes there all the same.
 */
export function openPool(name: string): Promise<void> {
  const known = () => getLiveState().status?.pools.some((pool) => pool.name === name) === true;
  return waitUntil(known, () => navigate({ page: 'pool', pool: name }));
}

/** The listener once it listens or failed; after a while whatever is known of it. */
export function listenerOutcome(name: string): Promise<ListenerStatus | undefined> {
  const current = () => getLiveState().status?.listeners.find((listener) => listener.name === name);
  return waitUntil(() => (current()?.state ?? 'starting') !== 'starting', current);
}

/** Acts in the turn of the change, before the window is drawn, or after the longest wait. */
function waitUntil<T>(holds: () => boolean, act: () => T): Promise<T> {
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      endWatch();
      resolve(act());
    };
    const timer = setTimeout(finish, LONGEST_WAIT_MS);
    const endWatch = watchLive(() => holds() && finish());
    if (holds()) finish();
  });
}
