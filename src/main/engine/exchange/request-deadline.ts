// How long one request may still take until the first byte of its response, all attempts and waiting
// together. The time a client needs to send its body is not counted, for with it every large upload would
// fail; a backend that stops taking it has no longer than that at a time. Costs a few stores per request on
// the timer wheel. Owned by attempts.ts.
import type { EngineState } from '../state.ts';
import { WheelTimer } from '../timer-wheel.ts';

export class RequestDeadline {
  readonly #engine: EngineState;
  readonly #timer: WheelTimer;
  #atMs = 0;
  /** Time left while the client's body is awaited; -1 while the clock runs. */
  #pausedMs = -1;
  #stopped = true;

  /** `fire`: the deadline or the end of a wait has come. */
  constructor(engine: EngineState, fire: () => void) {
    this.#engine = engine;
    this.#timer = new WheelTimer(fire);
  }

  start(nowMs: number, deadlineMs: number): void {
    this.#atMs = nowMs + deadlineMs;
    this.#pausedMs = -1;
    this.#stopped = false;
    this.#engine.wheel.arm(this.#timer, deadlineMs);
  }

  get leftMs(): number {
    return Math.max(0, this.#atMs - this.#engine.env.clock.monotonicMs());
  }

  /** It is the client who takes the time now. */
  pause(): void {
    if (this.#stopped) return;
    if (this.#pausedMs < 0) this.#pausedMs = this.leftMs;
    this.#engine.wheel.disarm(this.#timer);
  }

  /** The backend has stopped taking the body: it has what is left, until `pause`, which gives it all back. */
  limitStall(): void {
    if (this.#stopped) return;
    this.#engine.wheel.arm(this.#timer, this.#pausedMs < 0 ? this.leftMs : this.#pausedMs);
  }

  /** After `pause` and after `limitWait`. */
  resume(): void {
    if (this.#stopped) return;
    if (this.#pausedMs >= 0) this.#atMs = this.#engine.env.clock.monotonicMs() + this.#pausedMs;
    this.#pausedMs = -1;
    this.#engine.wheel.arm(this.#timer, this.leftMs);
  }

  /** Fires after `limitMs` if that is earlier, until `resume`. */
  limitWait(limitMs: number): void {
    this.#engine.wheel.arm(this.#timer, Math.min(limitMs, this.leftMs));
  }

  /** Until the next `start` there is none. */
  stop(): void {
    this.#stopped = true;
    this.#engine.wheel.disarm(this.#timer);
  }

  /** No request will follow soon: leaves nothing on the wheel. */
  remove(): void {
    this.#engine.wheel.remove(this.#timer);
  }
}
