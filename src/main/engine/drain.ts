// What a backend still has under way, for taking it out of service: lists it, ends one of it when a
// person says so, and all of it when the time of a drain is up. Nothing is kept per request: the
// clients are looked through when someone asks. Called by engine.ts (commands, stop) and drain-deadline.ts.
import type { ConnectionStatus } from '#shared/status.ts';
import type { Exchange } from './exchange/exchange.ts';
import type { BackendState, EngineState } from './state.ts';
import { COUNTER } from './telemetry/layout.ts';
import { TICK_MS } from './timer-wheel.ts';

/** Longest list that is sent; the oldest go in. */
const LISTED_MAX = 500;

/** What the backend in `slot` has under way, oldest first; `total` counts also what is not listed. */
export function listConnections(
  engine: EngineState,
  slot: number,
): { total: number; connections: ConnectionStatus[] } {
  const exchanges = exchangesOf(engine, engine.backends.get(slot));
  exchanges.sort((a, b) => a.startedAt - b.startedAt);
  const listed = exchanges.slice(0, LISTED_MAX);
  return { total: exchanges.length, connections: listed.map((exchange) => describe(engine, exchange)) };
}

/** Closes the one called `id` if it is still there, with null all of them. Answers how many that were. */
export function closeConnections(
  engine: EngineState,
  backend: BackendState | undefined,
  id: number | null = null,
): number {
  const all = exchangesOf(engine, backend);
  const exchanges = id === null ? all : all.filter(({ activity }) => activity.id === id);
  // Counted first: whoever sees that nothing is left also sees why.
  const fresh = exchanges.filter(({ tunnel }) => tunnel === null || !tunnel.isLeaving);
  if (backend !== undefined) backend.row.counters[COUNTER.closed]! += fresh.length;
  for (const exchange of exchanges) end(engine, exchange, 'closed');
  return exchanges.length;
}

/** The engine stops and its time is up. Tunnels say goodbye, so they may take a moment longer. */
export function endExchanges(engine: EngineState): void {
  const exchanges: Exchange[] = [];
  for (const client of engine.clients) client.visitExchanges?.((exchange) => exchanges.push(exchange));
  for (const exchange of exchanges) end(engine, exchange, 'stopped');
}

/** Collected first: ending one may begin the next request of its client. */
function exchangesOf(engine: EngineState, backend: BackendState | undefined): Exchange[] {
  const exchanges: Exchange[] = [];
  if (backend === undefined) return exchanges;
  for (const client of engine.clients) {
    client.visitExchanges?.((exchange) => {
      if (exchange.occupied === backend) exchanges.push(exchange);
    });
  }
  return exchanges;
}

function end(engine: EngineState, exchange: Exchange, failure: 'closed' | 'stopped'): void {
  try {
    if (exchange.tunnel !== null) exchange.tunnel.leave(failure);
    else exchange.giveUp(failure, '');
  } catch (error) {
    engine.fault(error);
  }
}

function describe(engine: EngineState, exchange: Exchange): ConnectionStatus {
  const { tunnel, head, activity } = exchange;
  if (activity.id === 0) activity.id = ++engine.lastListedId;
  const ageMs = Math.max(0, engine.env.clock.now() - exchange.startedAt);
  const idleMs = (engine.wheel.tick - (tunnel ?? activity).movedTick) * TICK_MS;
  return {
    id: activity.id,
    kind: tunnel === null ? 'http' : tunnel.protocol === 'websocket' ? 'websocket' : 'upgrade',
    method: head?.method ?? '',
    path: head?.target ?? '',
    client: exchange.client,
    ageMs,
    idleMs: Math.min(ageMs, idleMs),
    bytesIn: exchange.bytesIn + (tunnel?.bytesIn ?? 0),
    bytesOut: exchange.bytesOut + (tunnel?.bytesOut ?? 0),
  };
}
