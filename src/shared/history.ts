// The shapes of the past: samples, transitions, incidents and request records as they leave the core.
import { z } from 'zod';
import { CheckResult, HealthState } from './status.ts';

/**
 * Traffic of one backend during one second (live) or one bucket (history), or of several summed. Statuses
 * are the backends' own answers: one that Sluice made because a backend failed (502, 504) is in none of
 * them, it is in `errors`. So what went wrong on the server's side is `status5xx + errors`; only a 5xx
 * answer that broke off in its body is counted in both.
 */
export const TrafficPoint = z.object({
  /** Attempts at the backend: a request that was tried on two backends counts at each. */
  requests: z.number(),
  status2xx: z.number(),
  status3xx: z.number(),
  status4xx: z.number(),
  status5xx: z.number(),
  /**
   * Attempts that failed for the backend's sake: refused, reset, timed out, malformed, broken off. In the
   * total of a pool also requests that no backend was tried for.
   */
  errors: z.number(),
  bytesIn: z.number(),
  bytesOut: z.number(),
  /** Null without a finished request, as are the two below. */
  p50Ms: z.number().nullable(),
  p95Ms: z.number().nullable(),
  p99Ms: z.number().nullable(),
});
export type TrafficPoint = z.infer<typeof TrafficPoint>;

/** One second of live traffic. Pools and backends without any request in it are left out. */
export const Sample = z.object({
  /** End of the second, ms since the epoch. */
  at: z.number(),
  pools: z.record(
    z.string(),
    z.object({ total: TrafficPoint, backends: z.record(z.string(), TrafficPoint) }),
  ),
});
export type Sample = z.infer<typeof Sample>;

/** A backend's health changed at `at`; `check` is the probe that decided it, if one did. */
export const Transition = z.object({
  at: z.number(),
  pool: z.string(),
  backend: z.string(),
  from: HealthState,
  to: HealthState,
  check: CheckResult.nullable(),
});
export type Transition = z.infer<typeof Transition>;

export const HistoryQuery = z
  .strictObject({
    pool: z.string().optional(),
    backend: z.string().optional(),
    /** ms since the epoch, inclusive. */
    from: z.number(),
    /** ms since the epoch, exclusive. */
    to: z.number(),
    buckets: z.int().min(1).max(1000),
    /** false: only the totals and the markers; `series` is empty. Thousands of backends are much to send. */
    series: z.boolean().default(true),
    /** false: health and markers only; every `traffic` and `total` is empty. Reads no samples, so it is quick. */
    traffic: z.boolean().default(true),
  })
  .refine((q) => q.to > q.from, { path: ['to'], message: 'must be after from' })
  .refine((q) => q.backend === undefined || q.pool !== undefined, {
    path: ['pool'],
    message: 'is needed to name a backend',
  });
export type HistoryQuery = z.infer<typeof HistoryQuery>;

/** Bucket `i` covers `from + i × bucketMs` up to the next; null means Sluice was not running or saw nothing. */
export const HistorySeries = z.object({
  pool: z.string(),
  backend: z.string(),
  /** Empty when it was not asked for. */
  traffic: z.array(TrafficPoint.nullable()),
  /** Worst health within each bucket; null where it is unknown. */
  health: z.array(HealthState.nullable()),
});
export type HistorySeries = z.infer<typeof HistorySeries>;

/**
 * A revision or a drain inside the period, to be drawn on the time axis; `pool` is null of a revision. Asked
 * for one pool, only what changed it, or a listener or route that leads to it.
 */
export const HistoryMarker = z.object({ at: z.number(), pool: z.string().nullable(), text: z.string() });
export type HistoryMarker = z.infer<typeof HistoryMarker>;

export const HistoryResult = z.object({
  from: z.number(),
  to: z.number(),
  bucketMs: z.number(),
  /**
   * Sum over the selected backends and, unless one is named, what no backend was tried for; empty when
   * traffic was not asked for.
   */
  total: z.array(TrafficPoint.nullable()),
  /** One per selected backend; empty when they were not asked for. */
  series: z.array(HistorySeries),
  markers: z.array(HistoryMarker),
});
export type HistoryResult = z.infer<typeof HistoryResult>;

/** A backend that was down from `start` to `end`; null `end`: it still is. */
export const Incident = z.object({
  pool: z.string(),
  backend: z.string(),
  start: z.number(),
  end: z.number().nullable(),
  /** Code and detail of the probe that took it down. */
  cause: z.string(),
});
export type Incident = z.infer<typeof Incident>;

/** One finished exchange as the engine saw it. */
export const RequestRecord = z.object({
  /** Arrival of the request, ms since the epoch. */
  at: z.number(),
  listener: z.string(),
  route: z.string(),
  pool: z.string(),
  /** Empty when no backend was reached. */
  backend: z.string(),
  client: z.string(),
  method: z.string(),
  host: z.string(),
  path: z.string(),
  /** Status sent to the client; 0 when it left before one was sent. */
  status: z.number(),
  tookMs: z.number(),
  attempts: z.number(),
  bytesIn: z.number(),
  bytesOut: z.number(),
  /** Why it did not succeed, from the failure table; empty when it did. */
  failure: z.string(),
});
export type RequestRecord = z.infer<typeof RequestRecord>;
