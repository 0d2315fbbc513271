// How long a connection stays open after our last byte: the client may still be sending, and closing
// at once would reset what it has not read yet. RFC 9112 §9.6. Owned by client-connection.ts, whose
// timer it sets.
import type { Socket } from 'node:net';
import type { EngineState } from '../state.ts';
import type { WheelTimer } from '../timer-wheel.ts';

const IDLE_MS = 5000;
const MAX_MS = 30_000;
/** For a client that hardly sends: nothing is on its way that could reset what it has not read. */
const SHORT_MS = 1000;

export class LingeringClose {
  readonly #engine: EngineState;
  readonly #timer: WheelTimer;
  readonly #writingMs: number;
  readonly #maxMs: number;
  #endMs = Number.POSITIVE_INFINITY;

  /**
   * Sends the rest and a FIN; what still comes is thrown away. `writingMs`: how long the client may
   * take nothing of the rest.
   */
  constructor(engine: EngineState, socket: Socket, timer: WheelTimer, writingMs: number, short: boolean) {
    this.#engine = engine;
    this.#timer = timer;
    this.#writingMs = writingMs;
    this.#maxMs = short ? SHORT_MS : MAX_MS;
    this.goOn();
    socket.once('finish', () => this.#sent());
    socket.end();
    socket.resume();
  }

  /** The client was heard: what is left of the patience starts again. */
  goOn(): void {
    this.#engine.wheel.arm(this.#timer, this.#patienceMs());
  }

  /** Our last byte has left: the wait for the client begins. */
  #sent(): void {
    this.#endMs = this.#engine.env.clock.monotonicMs() + this.#maxMs;
    this.goOn();
  }

  #patienceMs(): number {
    if (this.#endMs === Number.POSITIVE_INFINITY) return this.#writingMs;
    return Math.max(0, Math.min(IDLE_MS, this.#endMs - this.#engine.env.clock.monotonicMs()));
  }
}
