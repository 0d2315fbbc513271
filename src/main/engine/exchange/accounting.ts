// What exchanges leave in the shared counters and in the request log. Invariant: every gauge that
// goes up comes down exactly once, whatever ends the exchange. Called by exchange.ts, attempts.ts and
// client-connection.ts.
import type { Failure } from '../failure.ts';
import type { BackendState, EngineState, ListenerState, PoolState } from '../state.ts';
import { recordLatency } from '../telemetry/histogram.ts';
import { COUNTER, type Row } from '../telemetry/layout.ts';
import type { Activity } from './activity.ts';
import type { RequestHead } from './message.ts';

/** One more answer of `status` in the row; nothing for a status outside 100–599. */
export function countStatus(counters: Float64Array, status: number): void {
  const hundreds = Math.min(5, Math.floor(status / 100));
  if (hundreds >= 1) counters[COUNTER.status1xx - 1 + hundreds]! += 1;
}

function countLatency(row: Row, tookMs: number): void {
  const tookUs = Math.round(tookMs * 1000);
  recordLatency(row.latency, tookUs);
  row.counters[COUNTER.latencySumUs]! += tookUs;
  row.counters[COUNTER.latencyCount]! += 1;
}

/** One attempt at `backend` begins; its place is occupied. */
export function countAttempt(backend: BackendState): void {
  backend.row.counters[COUNTER.requests]! += 1;
}

/** Takes a place at `backend`. */
export function occupy(backend: BackendState): void {
  backend.ownInFlight++;
  backend.row.counters[COUNTER.inFlight] = backend.ownInFlight;
}

/** Gives the place back: the attempt is over, well or not. */
export function vacate(backend: BackendState): void {
  backend.ownInFlight--;
  backend.row.counters[COUNTER.inFlight] = backend.ownInFlight;
}

/** The facts of a finished exchange, as the log wants them. */
export interface Finished {
  startedAt: number;
  tookMs: number;
  listener: ListenerState;
  client: string;
  head: RequestHead | null;
  route: string;
  backend: BackendState | null;
  pool: string;
  status: number;
  attempts: number;
  bytesIn: number;
  bytesOut: number;
  failure: Failure | '';
}

/** What is still under way. */
export interface Running extends Finished {
  readonly activity: Activity;
}

/** Bytes from the client. */
export function countIn(exchange: Running, bytes: number): void {
  exchange.activity.moved();
  exchange.bytesIn += bytes;
  exchange.listener.row.counters[COUNTER.bytesIn]! += bytes;
  if (exchange.backend !== null) exchange.backend.row.counters[COUNTER.bytesIn]! += bytes;
}

/** Bytes to the client. */
export function countOut(exchange: Running, bytes: number): void {
  exchange.activity.moved();
  exchange.bytesOut += bytes;
  exchange.listener.row.counters[COUNTER.bytesOut]! += bytes;
  if (exchange.backend !== null) exchange.backend.row.counters[COUNTER.bytesOut]! += bytes;
}

/**
 * What the client got, in the listener's row, and how long a success took, in both: the backend is not
 * charged with the `delayMs` before its attempt began.
 */
export function countFinished(exchange: Finished, failure: Failure | '', delayMs: number): void {
  const { listener, backend, status, tookMs } = exchange;
  if (status !== 0) countStatus(listener.row.counters, status);
  if (failure !== '') return;
  countLatency(listener.row, tookMs);
  if (backend !== null) countLatency(backend.row, Math.max(0, tookMs - delayMs));
}

/**
 * Sluice itself answered with `status` before any backend was tried. As with a backend that failed, the
 * answer is an error and none of the statuses, which are the backends' own.
 */
export function countUnserved({ row: { counters } }: PoolState, status: number): void {
  if (status < 500) return;
  counters[COUNTER.requests]! += 1;
  counters[COUNTER.errors]! += 1;
}

export function logFinished(engine: EngineState, finished: Finished): void {
  const record = engine.log.next();
  record.at = finished.startedAt;
  record.listener = finished.listener.name;
  record.route = finished.route;
  record.pool = finished.pool;
  record.backend = finished.backend === null ? '' : finished.backend.name;
  record.client = finished.client;
  record.method = finished.head === null ? '' : finished.head.method;
  record.host = finished.head === null ? '' : finished.head.host;
  record.path = finished.head === null ? '' : finished.head.target;
  record.status = finished.status;
  record.tookMs = finished.tookMs;
  record.attempts = finished.attempts;
  record.bytesIn = finished.bytesIn;
  record.bytesOut = finished.bytesOut;
  record.failure = finished.failure;
}

/** What Sluice did without an exchange: the listener's alone. `status` 0: nobody was answered. */
type OwnAnswer = Pick<
  Finished,
  'listener' | 'client' | 'head' | 'failure' | 'status' | 'bytesIn' | 'bytesOut'
>;

/** What arrived was no request. */
export function countRefused(engine: EngineState, refused: Omit<OwnAnswer, 'head'>): void {
  refused.listener.row.counters[COUNTER.errors]! += 1;
  countOwnAnswer(engine, { ...refused, head: null });
}

/** A request was answered at once. */
export function countOwnAnswer(engine: EngineState, answer: OwnAnswer): void {
  const { counters } = answer.listener.row;
  counters[COUNTER.requests]! += 1;
  counters[COUNTER.bytesIn]! += answer.bytesIn;
  counters[COUNTER.bytesOut]! += answer.bytesOut;
  countStatus(counters, answer.status);
  const startedAt = engine.env.clock.now();
  logFinished(engine, { ...answer, startedAt, tookMs: 0, route: '', backend: null, pool: '', attempts: 0 });
}
