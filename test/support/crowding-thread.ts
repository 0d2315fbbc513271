// One of two threads that crowd a backend with a limit, as fast as they can, through the functions the
// engine uses. Counts in memory of its own who is inside, and the most that ever were.
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { occupy, vacate } from '../../src/main/engine/exchange/accounting.ts';
import { inFlightOf } from '../../src/main/engine/shared-load.ts';
import { isOverbooked } from '../../src/main/engine/shared-queue.ts';
import type { BackendState, EngineState } from '../../src/main/engine/state.ts';
import { rowAt } from '../../src/main/engine/telemetry/layout.ts';

export interface Crowding {
  own: SharedArrayBuffer;
  peer: SharedArrayBuffer;
  fence: SharedArrayBuffer;
  /** Threads that are there, requests inside, most inside, entries. */
  seen: SharedArrayBuffer;
  limit: number;
  rounds: number;
}

if (!isMainThread && workerData?.seen !== undefined) {
  const { own, peer, fence, seen, limit, rounds } = workerData as Crowding;
  const engine = { fence: new Int32Array(fence) } as EngineState;
  const backend: BackendState = {
    row: rowAt([own], 0),
    elsewhere: [rowAt([peer], 0).counters],
    ownInFlight: 0,
    pool: { plan: { maxInFlight: limit } },
    get inFlight(): number {
      return inFlightOf(backend);
    },
  } as unknown as BackendState;
  const counts = new Int32Array(seen);

  Atomics.add(counts, 0, 1);
  while (Atomics.load(counts, 0) < 2);
  for (let round = 0; round < rounds; round++) {
    if (backend.inFlight >= limit) continue;
    occupy(backend);
    if (!isOverbooked(engine, backend)) {
      const inside = Atomics.add(counts, 1, 1) + 1;
      if (inside > Atomics.load(counts, 2)) Atomics.store(counts, 2, inside);
      Atomics.add(counts, 3, 1);
      Atomics.sub(counts, 1, 1);
    }
    vacate(backend);
  }
  parentPort?.postMessage('done');
}
