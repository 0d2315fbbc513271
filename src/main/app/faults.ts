// Bugs that ended a single connection: logged with their cause and shown as events, but not so often
// that a bug every request meets floods either. Called by core-parts.ts for what engine threads report.
import type { Fault } from '#shared/contract.ts';
import type { Log } from './log.ts';

export interface FaultLog {
  add(fault: { message: string; stack: string }): void;
}

export interface FaultLogOptions {
  now(): number;
  log: Pick<Log, 'error'>;
  onFault(fault: Fault): void;
}

const WINDOW_MS = 60_000;
/** Different ones told within a window; the same one is told once. */
const MAX_PER_WINDOW = 10;

export function createFaultLog({ now, log, onFault }: FaultLogOptions): FaultLog {
  const told = new Set<string>();
  let windowStart = 0;
  let untold = 0;

  return {
    add({ message, stack }) {
      const at = now();
      if (at - windowStart >= WINDOW_MS) {
        if (untold > 0) log.error(`${untold} more connections ended unexpectedly in the meantime`);
        windowStart = at;
        untold = 0;
        told.clear();
      }
      if (told.has(message) || told.size >= MAX_PER_WINDOW) {
        untold += 1;
        return;
      }
      told.add(message);
      log.error({ stack }, `a connection ended unexpectedly: ${message}`);
      onFault({ at, message });
    },
  };
}
