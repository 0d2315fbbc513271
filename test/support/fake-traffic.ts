// Traffic as a function of time: the same second always has the same requests, so a history answer, a
// live sample and a screenshot agree without anything being stored. Pure.
import type { TrafficPoint } from '#shared/history.ts';
import type { BackendScript } from './fake-scene.ts';

/** Between 0.85 and 1.15, smooth over minutes with a little noise. */
function swing(second: number, salt: number): number {
  const slow = Math.sin((second + salt * 37) / 41) * 0.07 + Math.sin((second + salt * 11) / 13) * 0.035;
  return 1 + slow + (noise(second, salt) - 0.5) * 0.06;
}

/** Evenly spread in 0 to 1. */
function noise(second: number, salt: number): number {
  const mixed = Math.imul((second | 0) ^ (salt * 0x9e3779b1), 0x85ebca6b);
  return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
}

export function emptyPoint(): TrafficPoint {
  return {
    requests: 0,
    status2xx: 0,
    status3xx: 0,
    status4xx: 0,
    status5xx: 0,
    errors: 0,
    bytesIn: 0,
    bytesOut: 0,
    p50Ms: null,
    p95Ms: null,
    p99Ms: null,
  };
}

/** One second of one backend that should get `ratePerS`. */
export function trafficSecond(
  second: number,
  salt: number,
  ratePerS: number,
  script: BackendScript,
): TrafficPoint {
  const requests = Math.round(ratePerS * swing(second, salt));
  if (requests === 0) return emptyPoint();
  const status5xx = spread((requests * (script.serverErrorPct ?? 0)) / 100, second, salt + 1);
  const status4xx = spread((requests * (script.clientErrorPct ?? 0)) / 100, second, salt + 2);
  const latency = script.latencyMs ?? { p50: 4, p95: 9, p99: 16 };
  const wobble = swing(second, salt + 3);
  return {
    requests,
    status2xx: requests - status4xx - status5xx,
    status3xx: 0,
    status4xx,
    status5xx,
    errors: 0,
    bytesIn: requests * 420,
    bytesOut: requests * 2900,
    p50Ms: latency.p50 * wobble,
    p95Ms: latency.p95 * wobble,
    p99Ms: latency.p99 * wobble,
  };
}

/** A whole number whose mean over many seconds is `expected`. */
function spread(expected: number, second: number, salt: number): number {
  const whole = Math.floor(expected);
  return whole + (noise(second, salt) < expected - whole ? 1 : 0);
}

/** Adds counts; of percentiles the larger stands, as a picture that errs on the bad side. */
export function addPoints(points: readonly TrafficPoint[]): TrafficPoint {
  const sum = emptyPoint();
  for (const point of points) {
    sum.requests += point.requests;
    sum.status2xx += point.status2xx;
    sum.status3xx += point.status3xx;
    sum.status4xx += point.status4xx;
    sum.status5xx += point.status5xx;
    sum.errors += point.errors;
    sum.bytesIn += point.bytesIn;
    sum.bytesOut += point.bytesOut;
  }
  const busy = points.filter((point) => point.requests > 0);
  sum.p50Ms = mixed(busy, 'p50Ms');
  sum.p95Ms = mixed(busy, 'p95Ms');
  sum.p99Ms = mixed(busy, 'p99Ms');
  return sum;
}

function mixed(points: readonly TrafficPoint[], key: 'p50Ms' | 'p95Ms' | 'p99Ms'): number | null {
  const requests = points.reduce((sum, point) => sum + point.requests, 0);
  if (requests === 0) return null;
  return points.reduce((sum, point) => sum + (point[key] ?? 0) * point.requests, 0) / requests;
}
