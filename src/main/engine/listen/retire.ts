// How one of several engine threads leaves while the others go on, without a client noticing. Closing
// a listening socket resets the connections its queue still holds (the kernel hands them over only
// with net.ipv4.tcp_migrate_req=1), so it is closed in a turn of the loop in which nothing came in.
// Kept connections end with the answer to their next request; those that stay silent are closed after
// a while, which every keep-alive client expects. Called by engine.ts.
import type { EngineState } from '../state.ts';
import { COUNTER } from '../telemetry/layout.ts';

/** A turn this short did nothing but look for events: what came in since then is next to nothing. */
const QUIET_TURN_MS = 0.05;
/** Under full load there is no such turn; then any in which nothing was accepted must do, and in the end any. */
const PATIENCE_MS = 200;
const LAST_PATIENCE_MS = 400;
/** Long enough for a busy client's next request. */
const SILENCE_MS = 2000;
const POLL_MS = 50;
/** A connection taken last may still be in its handshake, and no client yet. */
const LAST_ARRIVALS_MS = 1000;

/** `onGone`: no client is left, or the deadline has passed and what was left was closed. */
export function retireEngine(engine: EngineState, deadlineMs: number, onGone: () => void): void {
  const { monotonicMs } = engine.env.clock;
  const startMs = monotonicMs();
  // Answers say Connection: close from now on.
  engine.stopping = true;
  closeListeners(engine, () => {
    const closedMs = monotonicMs();
    let asked = false;
    const poll = setInterval(() => {
      const nowMs = monotonicMs();
      if (!asked && nowMs >= closedMs + SILENCE_MS) {
        asked = true;
        for (const client of engine.clients) client.retire();
      }
      const isOver = nowMs - startMs >= deadlineMs;
      const isEmpty = engine.clients.size === 0 && nowMs >= closedMs + LAST_ARRIVALS_MS;
      if (!isEmpty && !isOver) return;
      clearInterval(poll);
      for (const client of engine.clients) client.destroy();
      onGone();
    }, POLL_MS);
  });
}

function closeListeners(engine: EngineState, onClosed: () => void): void {
  const { monotonicMs } = engine.env.clock;
  const startMs = monotonicMs();
  let turnMs = startMs;
  let accepted = acceptedBy(engine);
  const look = (): void => {
    const nowMs = monotonicMs();
    const nowAccepted = acceptedBy(engine);
    const idle = nowAccepted === accepted;
    const waitedMs = nowMs - startMs;
    const isQuiet = idle && (nowMs - turnMs < QUIET_TURN_MS || waitedMs > PATIENCE_MS);
    if (!isQuiet && waitedMs < LAST_PATIENCE_MS) {
      turnMs = nowMs;
      accepted = nowAccepted;
      setImmediate(look);
      return;
    }
    for (const listener of engine.listeners.values()) listener.server.close();
    onClosed();
  };
  // The first turn to be measured begins after the command itself.
  setImmediate(() => {
    turnMs = monotonicMs();
    setImmediate(look);
  });
}

/** Connections taken so far, over all listeners. */
function acceptedBy(engine: EngineState): number {
  let sum = 0;
  for (const { row } of engine.listeners.values()) sum += row.counters[COUNTER.connectionsOpened]!;
  return sum;
}
