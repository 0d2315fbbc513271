// When a target is probed: the first time spread over a start-up batch, then start to start with
// jitter, so that probes of many targets neither begin nor stay in step. Pure; called by the monitor.

/** Up to this many targets start at once; more are spread. */
const UNSPREAD_TARGETS = 20;
const MAX_SPREAD_MS = 1000;
const JITTER = 0.1;
/** Above this a timer would fire at once. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/** Delay of target `index` of `count` that start together. */
export function firstDelayMs(index: number, count: number, intervalMs: number): number {
  if (count <= UNSPREAD_TARGETS) return 0;
  return Math.floor((index / count) * Math.min(intervalMs, MAX_SPREAD_MS));
}

export interface Moment {
  /** Start of the last probe, by the same clock as `now`. */
  startedAt: number;
  now: number;
  intervalMs: number;
}

/**
 * Delay from now to the next start, which is ±10 % of the interval after the last one. `chance` is
 * uniform in [0, 1). A wall clock set back must not postpone the probe by as much.
 */
export function nextDelayMs({ startedAt, now, intervalMs }: Moment, chance: number): number {
  const periodMs = intervalMs * (1 - JITTER + 2 * JITTER * chance);
  const delayMs = Math.round(startedAt + periodMs - now);
  return Math.min(Math.max(delayMs, 0), Math.round(periodMs), MAX_DELAY_MS);
}
