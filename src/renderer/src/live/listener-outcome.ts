// Whether a listener that was just saved could bind. A saved Config says nothing about that; only the
// engine's word does, a moment later. Called after the first listener was made.
import type { ListenerStatus } from '#shared/status.ts';
import { getLiveState, watchLive } from './store.ts';

const LONGEST_WAIT_MS = 3000;

/** The listener once it listens or failed; after a while whatever is known of it. */
export function listenerOutcome(name: string): Promise<ListenerStatus | undefined> {
  return new Promise((resolve) => {
    const current = () => getLiveState().status?.listeners.find((listener) => listener.name === name);
    const settled = () => (current()?.state ?? 'starting') !== 'starting';
    const finish = () => {
      clearTimeout(timer);
      endWatch();
      resolve(current());
    };
    const timer = setTimeout(finish, LONGEST_WAIT_MS);
    const endWatch = watchLive(() => settled() && finish());
    if (settled()) finish();
  });
}
