// A clock that moves only when told to, firing timers in order and letting promises settle between.
import type { MonitorClock } from '../../../src/main/health/run-probe.ts';

interface Timer {
  at: number;
  run: () => void;
}

export interface FakeClock extends MonitorClock {
  /** Moves forward, firing what is due on the way. */
  advance(byMs: number): Promise<void>;
  /** Moves the wall clock without firing anything, as a person or NTP does. */
  jump(byMs: number): void;
  /** Lets time pass in which nothing runs, as in a blocked event loop: what falls due fires late. */
  stall(byMs: number): void;
  /** Fires what is due by now in one turn, as an event loop that comes late does. */
  fireDue(): void;
  pendingTimers(): number;
}

export function createFakeClock(): FakeClock {
  let elapsedMs = 0;
  let epochMs = 1_700_000_000_000;
  const timers = new Set<Timer>();

  function nextDue(limitMs: number): Timer | undefined {
    let due: Timer | undefined;
    for (const timer of timers) {
      if (timer.at <= limitMs && (due === undefined || timer.at < due.at)) due = timer;
    }
    return due;
  }

  return {
    now: () => epochMs + elapsedMs,
    setTimeout(run, delayMs) {
      const timer = { at: elapsedMs + delayMs, run };
      timers.add(timer);
      return timer;
    },
    clearTimeout(handle) {
      timers.delete(handle as Timer);
    },
    async advance(byMs) {
      const limitMs = elapsedMs + byMs;
      await settle();
      for (let timer = nextDue(limitMs); timer; timer = nextDue(limitMs)) {
        timers.delete(timer);
        elapsedMs = Math.max(elapsedMs, timer.at);
        timer.run();
        await settle();
      }
      elapsedMs = limitMs;
    },
    jump(byMs) {
      epochMs += byMs;
    },
    stall(byMs) {
      elapsedMs += byMs;
    },
    fireDue() {
      const due = [...timers].filter((timer) => timer.at <= elapsedMs);
      for (const timer of due) if (timers.delete(timer)) timer.run();
    },
    pendingTimers: () => timers.size,
  };
}

/** One turn of the event loop: every promise that can settle has. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
