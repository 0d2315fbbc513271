// One Sluice per user: the first process keeps the lock, a second one wakes the first and ends.
// Called by start.ts before anything else is made.
import { app } from 'electron';

/** False when another process already runs; that one has been asked to show itself. */
export function claimSingleInstance(onSecond: () => void): boolean {
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return false;
  }
  app.on('second-instance', onSecond);
  return true;
}
