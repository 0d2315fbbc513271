// What a counter row did in a second and over the last minute, in the shapes the core works with,
// and the sums over rows that make a pool out of backends. Pure; used by reader.ts and its callers.
import { percentile } from './histogram.ts';
import type { COUNTER } from './layout.ts';

export type CounterName = keyof typeof COUNTER;
/** Of a page's counters: the gauges are values of this moment, the others totals since the start. */
export type Totals = Record<CounterName, number>;

/** Growth of one row, or of several together, during the tick that ended at `atMs`. */
export interface SecondDelta {
  atMs: number;
  requests: number;
  status1xx: number;
  status2xx: number;
  status3xx: number;
  status4xx: number;
  status5xx: number;
  errors: number;
  retries: number;
  bytesIn: number;
  bytesOut: number;
  clientAborts: number;
  connectionsOpened: number;
  latencySumUs: number;
  latencyMs: LatencyMs;
  /** The second's histogram as encodeSparse writes it: what the store keeps. */
  latency: Uint8Array;
}

export interface LatencyMs {
  p50: number | null;
  p95: number | null;
  p99: number | null;
}

export interface WindowStats {
  /** Over the last 60 s. */
  requests: number;
  status2xx: number;
  status3xx: number;
  status4xx: number;
  status5xx: number;
  errors: number;
  /** Over the last 10 s. */
  requestsPerS: number;
  errorsPerS: number;
  /** Over the last 60 s, in percent of requests; null without any. */
  clientErrorPct: number | null;
  serverErrorPct: number | null;
  /** Over the last 60 s. */
  latencyMs: LatencyMs;
}

/** Sums of a window before they are turned into rates and shares. */
export interface WindowSums {
  requests: number;
  status2xx: number;
  status3xx: number;
  status4xx: number;
  status5xx: number;
  errors: number;
  recentRequests: number;
  recentErrors: number;
}

export function emptySums(): WindowSums {
  return {
    requests: 0,
    status2xx: 0,
    status3xx: 0,
    status4xx: 0,
    status5xx: 0,
    errors: 0,
    recentRequests: 0,
    recentErrors: 0,
  };
}

export function addSums(target: WindowSums, sums: WindowSums): void {
  target.requests += sums.requests;
  target.status2xx += sums.status2xx;
  target.status3xx += sums.status3xx;
  target.status4xx += sums.status4xx;
  target.status5xx += sums.status5xx;
  target.errors += sums.errors;
  target.recentRequests += sums.recentRequests;
  target.recentErrors += sums.recentErrors;
}

export function windowStats(sums: WindowSums, counts: ArrayLike<number>, recentS: number): WindowStats {
  return {
    requests: sums.requests,
    status2xx: sums.status2xx,
    status3xx: sums.status3xx,
    status4xx: sums.status4xx,
    status5xx: sums.status5xx,
    errors: sums.errors,
    requestsPerS: recentS > 0 ? sums.recentRequests / recentS : 0,
    errorsPerS: recentS > 0 ? sums.recentErrors / recentS : 0,
    clientErrorPct: percentOf(sums.status4xx, sums.requests),
    serverErrorPct: percentOf(sums.status5xx, sums.requests),
    latencyMs: latencyOf(counts),
  };
}

export function latencyOf(counts: ArrayLike<number>): LatencyMs {
  let total = 0;
  for (let bucket = 0; bucket < counts.length; bucket++) total += counts[bucket]!;
  return {
    p50: percentile(counts, total, 0.5),
    p95: percentile(counts, total, 0.95),
    p99: percentile(counts, total, 0.99),
  };
}

/** An answer may be counted in the second after its request, so a share could pass 100. */
function percentOf(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.min(100, (100 * part) / whole);
}
