// The request body of one HTTP/2 stream on its way to an HTTP/1.1 backend: framed as the backend was
// told, held to the listener's limits on size and speed, read only while the exchange wants it. One
// per stream that has a body; owned by stream-front.ts.
import type { ServerHttp2Stream } from 'node:http2';
import type { ListenerLimits } from '#shared/config/listener.ts';
import { BodyRate } from '../exchange/body-rate.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { BODY, type RequestHead } from '../exchange/message.ts';
import { trailerLines } from '../http1/trailer-fields.ts';
import type { EngineState } from '../state.ts';
import { WheelTimer } from '../timer-wheel.ts';

const CHUNK_END = Buffer.from('\r\n', 'latin1');
const LAST_CHUNK = Buffer.from('0\r\n\r\n', 'latin1');

export class RequestData {
  /** The exchange is ready for more of it. */
  wanted = false;
  done = false;
  readonly #engine: EngineState;
  readonly #stream: ServerHttp2Stream;
  readonly #exchange: Exchange;
  readonly #chunked: boolean;
  readonly #maxBytes: number;
  readonly #rate: BodyRate | null;
  readonly #rateTimer: WheelTimer;
  #bytes = 0;
  #trailers: Buffer | null = null;

  constructor(
    engine: EngineState,
    stream: ServerHttp2Stream,
    exchange: Exchange,
    head: RequestHead,
    limits: ListenerLimits,
    onTooSlow: () => void,
  ) {
    this.#engine = engine;
    this.#stream = stream;
    this.#exchange = exchange;
    this.#chunked = head.body === BODY.chunked;
    this.#maxBytes = limits.bodyBytes;
    this.#rate = limits.bodyMinBytesPerS === 0 ? null : new BodyRate();
    this.#rate?.start(limits.bodyMinBytesPerS);
    this.#rateTimer = new WheelTimer(() => {
      if (!this.wanted) return;
      if (this.#rate!.next(this.#bytes)) this.#measure();
      else onTooSlow();
    });
  }

  resume(): void {
    this.wanted = true;
    if (this.#rate !== null) this.#measure();
    this.#stream.resume();
  }

  /** What arrived together. */
  receive(chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#maxBytes !== 0 && this.#bytes > this.#maxBytes) {
      this.stop();
      this.#exchange.giveUp('body-too-large', '');
      return;
    }
    const exchange = this.#exchange;
    if (this.#chunked) exchange.requestData(Buffer.from(`${chunk.length.toString(16)}\r\n`, 'latin1'));
    exchange.requestData(chunk);
    if (this.#chunked) exchange.requestData(CHUNK_END);
    if (exchange.requestReadDone()) return;
    this.#pause();
    this.#stream.pause();
  }

  /** Alternating names and values. A body whose length was announced has no place for them. */
  receiveTrailers(fields: readonly string[]): void {
    if (!this.#chunked) return;
    const names = fields.filter((_, i) => i % 2 === 0);
    const values = fields.filter((_, i) => i % 2 === 1);
    const lines = trailerLines(names, values);
    if (lines !== '') this.#trailers = Buffer.from(`0\r\n${lines}\r\n`, 'latin1');
  }

  end(): void {
    this.done = true;
    this.stop();
    if (this.#chunked) this.#exchange.requestData(this.#trailers ?? LAST_CHUNK);
    this.#exchange.requestEnd();
  }

  /** Nobody wants the rest. */
  stop(): void {
    this.wanted = false;
    if (this.#rate !== null) this.#engine.wheel.remove(this.#rateTimer);
  }

  #pause(): void {
    this.wanted = false;
    if (this.#rate === null) return;
    this.#rate.pause(this.#engine.env.clock.monotonicMs());
    this.#engine.wheel.disarm(this.#rateTimer);
  }

  #measure(): void {
    this.#engine.wheel.arm(this.#rateTimer, this.#rate!.resume(this.#engine.env.clock.monotonicMs()));
  }
}
