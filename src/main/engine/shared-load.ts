// What a backend has in flight over all engine threads. Each thread counts its own and reads the
// others' from their counter rows, so nothing is locked, and a dead thread's share goes when the core
// clears its gauges. With one thread there is nothing to read. Called by apply.ts and engine.ts.
import type { Crew } from './messages.ts';
import type { BackendState, EngineState } from './state.ts';
import { COUNTER, ROWS_PER_PAGE, rowAt } from './telemetry/layout.ts';

/** The rows other threads count this backend in; none of a thread whose pages do not reach so far yet. */
export function rowsElsewhere(engine: EngineState, slot: number): Float64Array[] {
  const page = Math.floor(slot / ROWS_PER_PAGE);
  const peers = engine.crew?.peers ?? [];
  return peers.filter((pages) => page < pages.length).map((pages) => rowAt(pages, slot).counters);
}

/** The crew has changed: every backend is counted with the threads there are now. */
export function setCrew(engine: EngineState, crew: Crew | undefined): void {
  engine.crew = crew;
  engine.fence = crew && new Int32Array(crew.fence);
  for (const backend of engine.backends.values()) backend.elsewhere = rowsElsewhere(engine, backend.slot);
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
