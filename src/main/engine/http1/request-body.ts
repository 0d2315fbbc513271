// The body of the request under way on an HTTP/1.1 client connection: finds its end, holds it to the
// listener's limits on size and speed. One per connection, started again for each request; owned by
// client-connection.ts. The limits are those in force when the request began.
import type { ListenerLimits } from '#shared/config/listener.ts';
import { BodyRate } from '../exchange/body-rate.ts';
import { BODY, type RequestHead } from '../exchange/message.ts';
import type { Failure } from '../failure.ts';
import type { EngineState } from '../state.ts';
import { WheelTimer } from '../timer-wheel.ts';
import { BodyReader } from './body.ts';

/** What measures the speed; made for the first request of a connection that has a limit of it. */
interface Meter {
  rate: BodyRate;
  timer: WheelTimer;
}

export interface BodyOwner {
  /** Less has come than the listener asks for. */
  bodyTooSlow(): void;
}

export class RequestBody {
  /** What is to be forwarded of the last `read`. */
  readonly pieces: Buffer[] = [];
  /** The exchange is ready for more of it. Changed by `resume` and `pause`. */
  wanted = false;
  /** Why it cannot be read any further; '' while it can. */
  failure: Failure | '' = '';
  detail = '';
  readonly #engine: EngineState;
  readonly #owner: BodyOwner;
  /** Made for the first body: many connections never have one, and there may be thousands of them. */
  #reader: BodyReader | null = null;
  #maxBytes = 0;
  #measured = false;
  #meter: Meter | null = null;

  constructor(engine: EngineState, owner: BodyOwner) {
    this.#engine = engine;
    this.#owner = owner;
  }

  /** Complete and good: the next byte belongs to the next request. */
  get done(): boolean {
    return this.failure === '' && (this.#reader === null || this.#reader.done);
  }

  start(head: RequestHead, limits: ListenerLimits): void {
    if (head.body !== BODY.none) this.#reader ??= new BodyReader();
    this.#reader?.start(head.body, head.contentLength, false);
    this.wanted = false;
    this.failure = '';
    this.#maxBytes = limits.bodyBytes;
    this.#measured = limits.bodyMinBytesPerS !== 0 && !this.done;
    if (this.#measured) this.#startMeter(limits.bodyMinBytesPerS);
  }

  resume(): void {
    this.wanted = true;
    if (this.#measured) this.#measure();
  }

  pause(): void {
    this.wanted = false;
    if (!this.#measured || this.#meter === null) return;
    this.#meter.rate.pause(this.#engine.env.clock.monotonicMs());
    this.#engine.wheel.disarm(this.#meter.timer);
  }

  /** Reads on in `chunk`, answers where its share of it ends. */
  read(chunk: Buffer): number {
    const reader = this.#reader!;
    this.pieces.length = 0;
    const end = reader.read(chunk, 0, chunk.length, this.pieces);
    if (reader.error !== '') {
      this.failure = 'bad-request';
      this.detail = reader.error;
    } else if (this.#maxBytes !== 0 && reader.bytes > this.#maxBytes) {
      this.failure = 'body-too-large';
      this.detail = '';
    }
    if (this.failure !== '') this.pieces.length = 0;
    return end;
  }

  /** The connection is gone. */
  close(): void {
    if (this.#meter !== null) this.#engine.wheel.remove(this.#meter.timer);
  }

  #startMeter(minBytesPerS: number): void {
    this.#meter ??= { rate: new BodyRate(), timer: new WheelTimer(() => this.#onWindow()) };
    this.#meter.rate.start(minBytesPerS);
  }

  #measure(): void {
    const { rate, timer } = this.#meter!;
    this.#engine.wheel.arm(timer, rate.resume(this.#engine.env.clock.monotonicMs()));
  }

  #onWindow(): void {
    if (!this.wanted) return;
    if (this.#meter!.rate.next(this.#reader!.bytes)) this.#measure();
    else this.#owner.bodyTooSlow();
  }
}
