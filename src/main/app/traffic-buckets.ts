// Folds the seconds of one backend after another into equal buckets, and all of them into the buckets of
// the whole. Percentiles are exact: from the merged histograms, not from those of seconds. Invariant: each
// row is decoded once; memory is one histogram a bucket, however many backends. Pure; called by history.ts.
import type { TrafficPoint } from '#shared/history.ts';
import { addSparse, percentile } from '../engine/telemetry/histogram.ts';
import { BUCKETS_PER_ROW } from '../engine/telemetry/layout.ts';

export interface Grid {
  /** Start of the first bucket, ms since the epoch. */
  from: number;
  bucketMs: number;
  count: number;
}

export type TrafficSums = Omit<TrafficPoint, 'p50Ms' | 'p95Ms' | 'p99Ms'>;

/** One second of a backend, as it is stored. */
export interface TrafficSecond extends TrafficSums {
  atS: number;
  /** `encodeSparse` of the response times. */
  latency: Uint8Array;
}

type Point = TrafficPoint | null;

export interface TrafficBuckets {
  /** The next second of the current backend, in order of time. */
  add(second: TrafficSecond): void;
  /** Ends the current backend; the next `add` is of another. Its buckets, if they were asked for. */
  endSeries(): Point[];
  /** The sum of every backend so far. */
  total(): Point[];
}

/**
 * `running`: the buckets in which Sluice ran. Without traffic, those are zero and the others null.
 * `withSeries`: also the buckets of each backend.
 */
export function createTrafficBuckets(
  grid: Grid,
  running: readonly boolean[],
  withSeries: boolean,
): TrafficBuckets {
  const totals = Array.from(
    { length: grid.count },
    (): Bucket => ({ sums: noTraffic(), latency: undefined }),
  );
  const emptySeries = () =>
    withSeries ? running.map((ran): Point => (ran ? pointOf(noTraffic(), undefined) : null)) : [];
  const latency = new Float64Array(BUCKETS_PER_ROW);
  let series = emptySeries();
  let sums = noTraffic();
  let hasLatency = false;
  let current = -1;

  function flush(): void {
    const total = totals[current];
    if (total === undefined) return;
    if (withSeries) series[current] = pointOf(sums, hasLatency ? latency : undefined);
    addSums(total.sums, sums);
    if (hasLatency) {
      total.latency ??= new Float64Array(BUCKETS_PER_ROW);
      moveCounts(latency, total.latency);
    }
    sums = noTraffic();
    hasLatency = false;
  }

  return {
    add(second) {
      const bucket = Math.floor((second.atS * 1000 - grid.from) / grid.bucketMs);
      if (bucket < 0 || bucket >= grid.count) return;
      if (bucket !== current) {
        flush();
        current = bucket;
      }
      addSums(sums, second);
      if (second.latency.length === 0) return;
      addSparse(latency, second.latency);
      hasLatency = true;
    },
    endSeries() {
      flush();
      current = -1;
      const ended = series;
      series = emptySeries();
      return ended;
    },
    total: () =>
      totals.map(({ sums: sum, latency: counts }, i) =>
        running[i] === true || sum.requests > 0 ? pointOf(sum, counts) : null,
      ),
  };
}

interface Bucket {
  sums: TrafficSums;
  /** Made with the first response time: most buckets of a quiet pool have none. */
  latency: Float64Array | undefined;
}

function noTraffic(): TrafficSums {
  return {
    requests: 0,
    status2xx: 0,
    status3xx: 0,
    status4xx: 0,
    status5xx: 0,
    errors: 0,
    bytesIn: 0,
    bytesOut: 0,
  };
}

/** Field by field: it runs for every stored second of a period. */
function addSums(into: TrafficSums, more: TrafficSums): void {
  into.requests += more.requests;
  into.status2xx += more.status2xx;
  into.status3xx += more.status3xx;
  into.status4xx += more.status4xx;
  into.status5xx += more.status5xx;
  into.errors += more.errors;
  into.bytesIn += more.bytesIn;
  into.bytesOut += more.bytesOut;
}

function moveCounts(from: Float64Array, into: Float64Array): void {
  for (let i = 0; i < BUCKETS_PER_ROW; i++) into[i]! += from[i]!;
  from.fill(0);
}

function pointOf(sums: TrafficSums, latency: Float64Array | undefined): TrafficPoint {
  if (latency === undefined) return { ...sums, p50Ms: null, p95Ms: null, p99Ms: null };
  let count = 0;
  for (let i = 0; i < BUCKETS_PER_ROW; i++) count += latency[i]!;
  return {
    ...sums,
    p50Ms: percentile(latency, count, 0.5),
    p95Ms: percentile(latency, count, 0.95),
    p99Ms: percentile(latency, count, 0.99),
  };
}
