// A clock for one engine that stands still until a spec lets it run, and then runs twice as fast as
// time, up to where it was told and no further. So a spec can say "before its time" and "by then"
// without measuring anything. Used by vector-timeouts.spec.ts.
import { type Env, systemEnv } from '../../../src/main/engine/env.ts';
import { TICK_MS } from '../../../src/main/engine/timer-wheel.ts';

export class SteppedClock implements Disposable {
  readonly env: Env;
  #nowMs = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor() {
    this.env = { ...systemEnv, clock: { now: systemEnv.clock.now, monotonicMs: () => this.#nowMs } };
  }

  /**
   * Up to so much later than now; resolves then. A loop that stalls stalls this clock too: the engine
   * misses no tick.
   */
  runFor(durationMs: number): Promise<void> {
    const endMs = this.#nowMs + durationMs;
    return new Promise((resolve) => {
      this.#timer = setInterval(() => {
        this.#nowMs = Math.min(this.#nowMs + TICK_MS, endMs);
        if (this.#nowMs < endMs) return;
        clearInterval(this.#timer);
        resolve();
      }, TICK_MS / 2);
    });
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}
