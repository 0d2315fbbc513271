// What this process holds open, over all its threads: to find what a test has left behind. Linux only.
import { readdirSync, readlinkSync } from 'node:fs';

export function openSockets(): number {
  return readdirSync('/proc/self/fd').filter((fd) => linkOf(fd).startsWith('socket:')).length;
}

/** Sockets, files, pipes and all else. */
export function openDescriptors(): number {
  return readdirSync('/proc/self/fd').length;
}

/** Of this thread. */
export function activeTimers(): number {
  return process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
}

const SETTLE_MS = 8000;

/** Asks again until the answer is right, for what closes takes a moment, in other threads too. */
export async function settles(read: () => number, wanted: number): Promise<number> {
  const endMs = performance.now() + SETTLE_MS;
  let last = read();
  while (last > wanted && performance.now() < endMs) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    last = read();
  }
  return last;
}

/** Descriptors come and go between the two calls. */
function linkOf(fd: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return '';
  }
}
