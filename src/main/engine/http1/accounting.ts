// What exchanges leave in the shared counters and in the request log. Invariant: every gauge that
// goes up comes down exactly once, whatever ends the exchange. Called by exchange.ts and
// client-connection.ts.
import type { Failure } from '../failure.ts';
import type { BackendState, EngineState, ListenerState } from '../state.ts';
import { recordLatency } from '../telemetry/histogram.ts';
import { COUNTER, type Row } from '../telemetry/layout.ts';
import type { RequestHead } from './message.ts';

/** One more answer of `status` in the row; nothing for a status outside 100–599. */
export function countStatus(counters: Float64Array, status: number): void {
  const hundreds = Math.min(5, Math.floor(status / 100));
  if (hundreds >= 1) counters[COUNTER.status1xx - 1 + hundreds]! += 1;
}

export function countLatency(row: Row, tookMs: number): void {
  const tookUs = Math.round(tookMs * 1000);
  recordLatency(row.latency, tookUs);
  row.counters[COUNTER.latencySumUs]! += tookUs;
}

/** One attempt at `backend` begins. */
export function countAttempt(backend: BackendState): void {
  const { counters } = backend.row;
  backend.inFlight++;
  counters[COUNTER.inFlight] = backend.inFlight;
  counters[COUNTER.requests]! += 1;
}

/** The attempt is over, well or not. */
export function countAttemptEnd(backend: BackendState): void {
  backend.inFlight--;
  backend.row.counters[COUNTER.inFlight] = backend.inFlight;
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

/** Bytes from the client. */
export function countIn(exchange: Finished, bytes: number): void {
  exchange.bytesIn += bytes;
  exchange.listener.row.counters[COUNTER.bytesIn]! += bytes;
  if (exchange.backend !== null) exchange.backend.row.counters[COUNTER.bytesIn]! += bytes;
}

/** Bytes to the client. */
export function countOut(exchange: Finished, bytes: number): void {
  exchange.bytesOut += bytes;
  exchange.listener.row.counters[COUNTER.bytesOut]! += bytes;
  if (exchange.backend !== null) exchange.backend.row.counters[COUNTER.bytesOut]! += bytes;
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

/** What arrived was no request and was answered with `status`. */
export function countRefused(
  engine: EngineState,
  listener: ListenerState,
  client: string,
  failure: Failure,
  status: number,
  bytesIn: number,
  bytesOut: number,
): void {
  const { counters } = listener.row;
  counters[COUNTER.requests]! += 1;
  counters[COUNTER.errors]! += 1;
  counters[COUNTER.bytesIn]! += bytesIn;
  counters[COUNTER.bytesOut]! += bytesOut;
  countStatus(counters, status);
  logFinished(engine, {
    startedAt: engine.env.clock.now(),
    tookMs: 0,
    listener,
    client,
    head: null,
    route: '',
    backend: null,
    pool: '',
    status,
    attempts: 0,
    bytesIn,
    bytesOut,
    failure,
  });
}
