// What a counter row did in a second and over the last minute, in the shapes the core works with,
// and the sums over rows that make a pool out of backends. Pure; used by reader.ts and its callers.
import { percentile } from './histogram.ts';
import { COUNTER } from './layout.ts';

/** Growth of one row, or of several together, during the tick that ended at `atMs`. */
export interface SecondDelta extends LatencyMs {
  atMs: number;
  /** By COUNTER; gauges are 0 here. */
  counters: ArrayLike<number>;
  /** The second's histogram as encodeSparse writes it: what the store keeps as it is. */
  latencySparse: Uint8Array;
}

/** Percentiles in ms; null without any response time. */
export interface LatencyMs {
  p50Ms: number | null;
  p95Ms: number | null;
  p99Ms: number | null;
}

/** Latency is over the last 60 s, like everything that does not say otherwise. */
export interface WindowStats extends LatencyMs {
  /** Over the last 60 s. */
  requests: number;
  /** Over the last 10 s. */
  requestsPerS: number;
  errorsPerS: number;
  /** Over the last 60 s, in percent of requests; null without any. */
  clientErrorPct: number | null;
  serverErrorPct: number | null;
  /** Over the last 60 s: 5xx answers and failed attempts, and attempts repeated on another backend. */
  failures: number;
  retries: number;
}

/** Sums of a window before they are turned into rates and shares. */
export interface WindowSums {
  requests: number;
  status4xx: number;
  status5xx: number;
  errors: number;
  retries: number;
  recentRequests: number;
  recentErrors: number;
}

export function emptySums(): WindowSums {
  return {
    requests: 0,
    status4xx: 0,
    status5xx: 0,
    errors: 0,
    retries: 0,
    recentRequests: 0,
    recentErrors: 0,
  };
}

export function addSums(target: WindowSums, sums: WindowSums): void {
  target.requests += sums.requests;
  target.status4xx += sums.status4xx;
  target.status5xx += sums.status5xx;
  target.errors += sums.errors;
  target.retries += sums.retries;
  target.recentRequests += sums.recentRequests;
  target.recentErrors += sums.recentErrors;
}

/** Adds a second to the sums of the window, or takes it away. */
export function addSecond(sums: WindowSums, { counters }: SecondDelta, sign: 1 | -1): void {
  sums.requests += sign * counters[COUNTER.requests]!;
  sums.status4xx += sign * counters[COUNTER.status4xx]!;
  sums.status5xx += sign * counters[COUNTER.status5xx]!;
  sums.errors += sign * counters[COUNTER.errors]!;
  sums.retries += sign * counters[COUNTER.retries]!;
}

export function windowStats(sums: WindowSums, counts: ArrayLike<number>, recentS: number): WindowStats {
  // A failed attempt has no status of its own: what Sluice answers for it is the listener's.
  const failures = sums.status5xx + sums.errors;
  return {
    requests: sums.requests,
    requestsPerS: recentS > 0 ? sums.recentRequests / recentS : 0,
    errorsPerS: recentS > 0 ? sums.recentErrors / recentS : 0,
    clientErrorPct: percentOf(sums.status4xx, sums.requests),
    serverErrorPct: percentOf(failures, sums.requests),
    failures,
    retries: sums.retries,
    ...latencyOf(counts),
  };
}

export function latencyOf(counts: ArrayLike<number>): LatencyMs {
  let total = 0;
  for (let bucket = 0; bucket < counts.length; bucket++) total += counts[bucket]!;
  return {
    p50Ms: percentile(counts, total, 0.5),
    p95Ms: percentile(counts, total, 0.95),
    p99Ms: percentile(counts, total, 0.99),
  };
}

/** An answer may be counted in the second after its request, so a share could pass 100. */
function percentOf(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.min(100, (100 * part) / whole);
}
