// What limits and queues need when several engine threads use the same backends. A thread counts
// itself in before it looks whether it was the last that fitted, so a limit is never passed; of two
// that collide both may step back. Room another thread leaves is not announced: while requests wait,
// the thread looks for it. And a thread that always had the next request ready would keep a backend
// for itself, so now and then it leaves its room to the others. With one thread none of this happens.
// Called by exchange/attempts.ts.
import { serveQueue } from './assignment.ts';
import { rowsElsewhere } from './shared-load.ts';
import type { BackendState, EngineState, PoolState } from './state.ts';
import { COUNTER } from './telemetry/layout.ts';

const LOOK_MS = 2;
/** Every so many releases the room is left to whoever looks first. */
const RELEASES_PER_TURN = 8;

/** Whether `backend`, in which the caller has just counted itself, has more under way than it may. */
export function isOverbooked(engine: EngineState, backend: BackendState): boolean {
  const { maxInFlight } = backend.pool.plan;
  if (maxInFlight === 0 || engine.fence === undefined || backend.elsewhere.length === 0) return false;
  // Orders the count before the look: of two threads here, the second sees what the first has counted.
  Atomics.add(engine.fence, 0, 1);
  return backend.inFlight > maxInFlight;
}

/** Whether the queue of `pool`, in which the caller has just counted itself, is longer than it may be. */
export function isQueueOverfull(engine: EngineState, { row, plan }: PoolState): boolean {
  let waiting = row.counters[COUNTER.queued]!;
  if (engine.fence !== undefined && hasPeers(engine)) {
    // As above.
    Atomics.add(engine.fence, 0, 1);
    for (const counters of rowsElsewhere(engine, plan.slot)) waiting += counters[COUNTER.queued]!;
  }
  return waiting > plan.queue.max;
}

/** A request waits in this pool: looks for room until none does. */
export function lookForRoom(engine: EngineState, pool: PoolState): void {
  if (pool.look !== undefined || !hasPeers(engine)) return;
  pool.look = setInterval(() => {
    serveQueue(pool);
    if (pool.queue.first !== null) return;
    clearInterval(pool.look);
    pool.look = undefined;
  }, LOOK_MS);
}

/** A request has ended and others wait here: whether its room is left to those that wait elsewhere. */
export function leavesRoom(engine: EngineState, pool: PoolState): boolean {
  if (pool.look === undefined) return false;
  pool.releases = (pool.releases + 1) % RELEASES_PER_TURN;
  return pool.releases === 0 && othersWait(engine);
}

function hasPeers(engine: EngineState): boolean {
  return engine.crew !== undefined && engine.crew.peers.length > 0;
}

/** For whatever pool: it is only a question of courtesy. */
function othersWait(engine: EngineState): boolean {
  for (const { slot } of engine.listeners.values()) {
    if (rowsElsewhere(engine, slot).some((counters) => counters[COUNTER.queued]! > 0)) return true;
  }
  return false;
}
