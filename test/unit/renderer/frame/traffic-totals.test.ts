// The status bar's figures.
import { describe, expect, it } from 'vitest';
import { trafficTotals } from '../../../../src/renderer/src/features/frame/traffic-totals.ts';

const pool = (requestsPerS: number, inFlight: number, p95: number | null) => ({
  requestsPerS,
  inFlight,
  latencyMs: { p50: null, p95, p99: null },
});

describe('totals', () => {
  it('add counts and take the highest percentile', () => {
    expect(trafficTotals([pool(600, 20, 61), pool(89, 3, null), pool(0, 0, 12)])).toEqual({
      requestsPerS: 689,
      inFlight: 23,
      p95Ms: 61,
    });
  });

  it('know no percentile without requests', () => {
    expect(trafficTotals([pool(0, 0, null)]).p95Ms).toBeNull();
    expect(trafficTotals([])).toEqual({ requestsPerS: 0, inFlight: 0, p95Ms: null });
  });
});
