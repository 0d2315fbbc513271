// What is remembered of one exchange for those who want to look at it while it runs: its number and when it
// last did anything. Costs two stores per request and one per piece of a body; the clock is the wheel's. Made
// by exchange.ts, written by accounting.ts; drain.ts shows it.
import type { TimerWheel } from '../timer-wheel.ts';

export class Activity {
  readonly #wheel: TimerWheel;
  /** Given by the first look at it; 0 before. */
  id = 0;
  /** Tick of the wheel at which bytes last came or went. */
  movedTick = 0;

  constructor(wheel: TimerWheel) {
    this.#wheel = wheel;
  }

  begin(): void {
    this.id = 0;
  }

  moved(): void {
    this.movedTick = this.#wheel.tick;
  }
}
