// Traffic of all pools in one row. Pure. Percentiles do not add up, so the highest stands for all.
import type { PoolStatus } from '#shared/status.ts';

export interface TrafficTotals {
  requestsPerS: number;
  inFlight: number;
  p95Ms: number | null;
}

export function trafficTotals(
  pools: readonly Pick<PoolStatus, 'requestsPerS' | 'inFlight' | 'latencyMs'>[],
): TrafficTotals {
  let requestsPerS = 0;
  let inFlight = 0;
  let p95Ms: number | null = null;
  for (const pool of pools) {
    requestsPerS += pool.requestsPerS;
    inFlight += pool.inFlight;
    const { p95 } = pool.latencyMs;
    if (p95 !== null && (p95Ms === null || p95 > p95Ms)) p95Ms = p95;
  }
  return { requestsPerS, inFlight, p95Ms };
}
