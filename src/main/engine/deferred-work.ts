// Work that can wait for a few turns of the loop, so that letting go of thousands of connections at once
// keeps no request waiting: a little of it is done in each turn, in the order it came. Invariant: everything
// added is done, and what throws does not keep the rest from it. Made by engine.ts; pools, sessions and
// listeners that go give it their connections to close.
import type { Clock } from './env.ts';

/** A connection costs as much again once its close has been handled, in the same turn. */
const TURN_MS = 0.5;

export class DeferredWork {
  readonly #clock: Clock;
  readonly #onFault: (error: unknown) => void;
  #waiting: (() => void)[] = [];
  #next = 0;

  constructor(clock: Clock, onFault: (error: unknown) => void) {
    this.#clock = clock;
    this.#onFault = onFault;
  }

  add(task: () => void): void {
    this.#waiting.push(task);
    if (this.#waiting.length === 1) setImmediate(this.#turn);
  }

  readonly #turn = (): void => {
    const endMs = this.#clock.monotonicMs() + TURN_MS;
    do {
      try {
        this.#waiting[this.#next++]!();
      } catch (error) {
        this.#onFault(error);
      }
    } while (this.#next < this.#waiting.length && this.#clock.monotonicMs() < endMs);
    if (this.#next < this.#waiting.length) {
      setImmediate(this.#turn);
      return;
    }
    this.#waiting = [];
    this.#next = 0;
  };
}
