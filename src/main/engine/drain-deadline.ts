// When the time of a drain is up. Only a drain has a deadline: a disabled or removed backend gets nothing new,
// and what it has may finish. One per backend; made by apply.ts, which tells it of every plan.
import { closeConnections } from './drain.ts';
import type { BackendPlan } from './plan.ts';
import type { BackendState, EngineState } from './state.ts';

/** A clock set far back must not make a wait that timers cannot hold: they would fire at once. */
const LONGEST_WAIT_MS = 3_600_000;

/** When what a draining backend still has is closed. A timer of its own: the wheel is too coarse. */
export class DrainDeadline {
  readonly #engine: EngineState;
  readonly #backendOf: () => BackendState;
  #at = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(engine: EngineState, backendOf: () => BackendState) {
    this.#engine = engine;
    this.#backendOf = backendOf;
  }

  /** The same plan again changes nothing; an end of the drain calls the deadline off. */
  follow({ admin, drainingSince }: BackendPlan, drainMs: number): void {
    const at = admin === 'draining' && drainMs > 0 ? drainingSince + drainMs : 0;
    if (at === this.#at) return;
    clearTimeout(this.#timer);
    this.#at = at;
    if (at !== 0) this.#wait();
  }

  /** The backend is removed: what it has may finish. */
  callOff(): void {
    clearTimeout(this.#timer);
    this.#at = 0;
  }

  #wait(): void {
    const leftMs = Math.max(0, this.#at - this.#engine.env.clock.now());
    this.#timer = setTimeout(() => this.#onTime(), Math.min(leftMs, LONGEST_WAIT_MS));
    // Must not keep a thread that has nothing else to do.
    this.#timer.unref();
  }

  #onTime(): void {
    // The machine may have slept, or its clock may have been set back.
    if (this.#engine.env.clock.now() < this.#at) this.#wait();
    else closeConnections(this.#engine, this.#backendOf());
  }
}
