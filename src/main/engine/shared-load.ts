// What backends, pools and listeners have in hand over all engine threads. Each thread counts its own and
// reads the others' from their counter rows, so nothing is locked, and a dead thread's share goes when the
// core clears its gauges. With one thread there is nothing to read. Called by apply.ts, engine.ts,
// attempts.ts and client-census.ts.
import type { Crew, CrewClients } from './messages.ts';
import type { RetryLoad } from './resilience/retry-budget.ts';
import { SharedClients } from './shared-clients.ts';
import type { BackendState, EngineState, ListenerState, PoolState } from './state.ts';
import { COUNTER, ROWS_PER_PAGE, rowAt } from './telemetry/layout.ts';

/** The rows other threads count the owner of `slot` in; none of a thread whose pages do not reach so far yet. */
export function rowsElsewhere(engine: EngineState, slot: number): Float64Array[] {
  const page = Math.floor(slot / ROWS_PER_PAGE);
  const peers = engine.crew?.peers ?? [];
  return peers.filter((pages) => page < pages.length).map((pages) => rowAt(pages, slot).counters);
}

/** The crew has changed: every backend is counted with the threads there are now. */
export function setCrew(engine: EngineState, crew: Crew | undefined): void {
  engine.crew = crew;
  engine.fence = crew && new Int32Array(crew.fence);
  setClients(engine, crew?.clients);
  for (const backend of engine.backends.values()) backend.elsewhere = rowsElsewhere(engine, backend.slot);
}

function setClients(engine: EngineState, clients: CrewClients | undefined): void {
  if (clients === undefined) return;
  if (engine.sharedClients === undefined) {
    engine.sharedClients = new SharedClients(clients.own);
    for (const { server } of engine.listeners.values()) server.announceClients();
  }
  engine.sharedClients.setOthers(clients.others);
}

/** Requests and tunnels under way to a backend, from any thread. */
export function inFlightOf({
  ownInFlight,
  elsewhere,
}: Pick<BackendState, 'ownInFlight' | 'elsewhere'>): number {
  let sum = ownInFlight;
  for (let i = 0; i < elsewhere.length; i++) sum += elsewhere[i]![COUNTER.inFlight]!;
  return sum;
}

/** What a pool has under way over all threads: what its retry budget goes by. */
export function retryLoadOf(engine: EngineState, { load, plan }: PoolState): RetryLoad {
  if (engine.crew === undefined) return load;
  let { underWay, retrying } = load;
  for (const counters of rowsElsewhere(engine, plan.slot)) {
    underWay += counters[COUNTER.underWay]!;
    retrying += counters[COUNTER.retrying]!;
  }
  return { underWay, retrying };
}

/** Client connections of a listener that other threads have open. */
export function acceptedElsewhere(engine: EngineState, { slot }: Pick<ListenerState, 'slot'>): number {
  if (engine.crew === undefined) return 0;
  return rowsElsewhere(engine, slot).reduce((sum, counters) => sum + counters[COUNTER.accepted]!, 0);
}
