// What this process holds open, over all its threads: to find what a test has left behind. Linux only.
import { readdirSync, readlinkSync } from 'node:fs';

export function openSockets(): number {
  return readdirSync('/proc/self/fd').filter((fd) => linkOf(fd).startsWith('socket:')).length;
}

/** Of this thread. */
export function activeTimers(): number {
  return process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
}

/** Descriptors come and go between the two calls. */
function linkOf(fd: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return '';
  }
}
