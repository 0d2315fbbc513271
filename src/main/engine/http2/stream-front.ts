// One HTTP/2 stream as the client's side of an exchange: hands over its request, writes the response,
// carries the tunnel of a WebSocket (RFC 8441). Invariant: a response cut short ends with RST_STREAM,
// never with END_STREAM. One per request; made by connection.ts.
import { constants, type ServerHttp2Stream } from 'node:http2';
import { addAbortSignal, type Duplex } from 'node:stream';
import { Exchange } from '../exchange/exchange.ts';
import type { Forwarding } from '../exchange/forwarded.ts';
import type { Front } from '../exchange/front.ts';
import { BODY, type RequestHead, type ResponseHead } from '../exchange/message.ts';
import type { Failure } from '../failure.ts';
import type { EngineState, ListenerState } from '../state.ts';
import { WheelTimer } from '../timer-wheel.ts';
import { ReadBatch } from './read-batch.ts';
import { RequestData } from './request-data.ts';
import { headerListBytes } from './request-head.ts';
import { fieldObject, http2ResponseFields, ownAnswer } from './response-fields.ts';

/** What a stream needs of its connection. */
export interface StreamOwner {
  readonly listener: ListenerState;
  readonly forwarding: Forwarding;
  readonly serverName: string | null;
  /** Nothing of the stream is left. `lost`: before its exchange was over. */
  streamClosed(front: StreamFront, lost: boolean): void;
  /** The client did not take what it asked for. */
  streamStalled(): void;
}

interface ResponseEnd {
  endStream: boolean;
  waitForTrailers: boolean;
}

/** A WebSocket can only be granted by a switch: 2xx would tell the client that it is open. */
const NOT_SWITCHED_TEXT = 'Sluice: the backend answered without switching to WebSocket';
const GRANTED = 200;
const RESET_CONTENT = 205;
const LAST_STATUS = 599;

export class StreamFront implements Front {
  readonly listener: ListenerState;
  readonly forwarding: Forwarding;
  readonly serverName: string | null;
  readonly bareBodies = true as const;
  readonly exchange: Exchange;
  readonly #engine: EngineState;
  readonly #owner: StreamOwner;
  readonly #stream: ServerHttp2Stream;
  readonly #timer: WheelTimer;
  #head: RequestHead | null = null;
  #data: RequestData | null = null;
  /** Of a stream that has a body or is a tunnel. */
  #arrived: ReadBatch | null = null;
  #trailers: readonly string[] = [];
  /** It is destroyed when all is written, not when it closes. */
  #held = false;
  #corked = false;
  /** What the backend still sends of its body is not for the client. */
  #bodyDropped = false;
  #ended = false;
  #closed = false;
  /** Why what is still under way when the stream closes has ended. */
  #gone: Failure = 'client-gone';

  constructor(engine: EngineState, owner: StreamOwner, stream: ServerHttp2Stream) {
    this.#engine = engine;
    this.#owner = owner;
    this.#stream = stream;
    this.listener = owner.listener;
    this.forwarding = owner.forwarding;
    this.serverName = owner.serverName;
    this.#timer = new WheelTimer(() => this.#safely(this.#onTimeout));
    // The 'close' that follows says all there is to do.
    stream.on('error', () => undefined);
    stream.on('close', () => this.#safely(this.#onClose));
    stream.on('drain', () => this.#safely(this.#onDrain));
    this.exchange = new Exchange(engine, this);
  }

  begin(head: RequestHead, headBytes: number): void {
    const stream = this.#stream;
    this.#head = head;
    if (head.body !== BODY.none) {
      const { limits } = this.listener.plan;
      const onTooSlow = (): void => this.#safely(this.#onStalledBody);
      this.#data = new RequestData(this.#engine, stream, this.exchange, head, limits, onTooSlow);
      stream.pause();
      this.#listen();
      stream.on('trailers', (_headers: unknown, _flags: number, fields: string[]) =>
        this.#safely(() => this.#data?.receiveTrailers(fields)),
      );
    } else if (head.upgrade === '') {
      // While its end is not read, node:http2 keeps the stream until the answer's last write is done. Flowing,
      // it would destroy it at END_STREAM, and that write would end in an error made for nobody.
      this.#held = true;
      stream.pause();
    }
    this.exchange.begin(head, headBytes);
  }

  /** Answers what is no request. Bytes written. */
  refuse(status: number, text: string): number {
    this.#stream.resume();
    return this.answer(status, text, undefined);
  }

  get stream(): number {
    return this.#stream.id ?? 0;
  }

  /** The client wants no more of it. What is not written by now, nobody will ever take. */
  clientReset(): void {
    if (this.#held && !this.#stream.destroyed) this.#stream.destroy();
  }

  /** Ends the stream and what is under way on it. */
  lose(failure: Failure): void {
    this.abort();
    this.exchange.clientLost(failure);
    this.#onClose();
  }

  // ---- Receiving

  takeRequestBody(): void {
    const data = this.#data;
    if (data === null || data.done || this.#ended) return;
    if (this.#head!.expectContinue && !data.wanted) this.#sendContinue();
    this.#armTimer();
    data.resume();
  }

  /** The client may be waiting for it before it sends the body (RFC 9110 §10.1.1). */
  #sendContinue(): void {
    this.#head!.expectContinue = false;
    if (this.#isOpen()) this.#stream.additionalHeaders({ ':status': 100 });
  }

  #listen(): void {
    const arrived = new ReadBatch(() => this.#safely(this.#passArrived));
    this.#arrived = arrived;
    this.#stream.on('data', (chunk: Buffer) => arrived.add(chunk));
    this.#stream.on('end', () => this.#safely(this.#onEnd));
  }

  #passArrived(): void {
    const bytes = this.#arrived?.take() ?? null;
    if (bytes === null) return;
    const { tunnel } = this.exchange;
    if (tunnel !== null) tunnel.fromClient(bytes);
    else if (this.#data?.wanted === true) this.#receive(this.#data, bytes);
  }

  #receive(data: RequestData, bytes: Buffer): void {
    data.receive(bytes);
    if (this.#ended || this.#closed) return;
    if (data.wanted) this.#armTimer();
    else this.#engine.wheel.disarm(this.#timer);
  }

  #onEnd(): void {
    this.#passArrived();
    const { tunnel } = this.exchange;
    if (tunnel !== null) {
      tunnel.clientEnded();
      return;
    }
    // RST_STREAM ends what can be read too; the 'close' that follows tells.
    if (this.#data === null || this.#ended || !this.exchange.active || this.#stream.aborted) return;
    this.#engine.wheel.disarm(this.#timer);
    this.#data.end();
  }

  #onDrain(): void {
    if (this.#ended) return;
    if (this.#data?.wanted !== true) this.#engine.wheel.disarm(this.#timer);
    this.exchange.clientDrained();
  }

  #onStalledBody(): void {
    this.exchange.giveUp('client-stalled', '');
  }

  #onTimeout(): void {
    if (this.#data?.wanted === true && !this.#ended && !this.#stream.writableNeedDrain) {
      this.#onStalledBody();
      return;
    }
    this.lose('client-stalled');
    this.#owner.streamStalled();
  }

  #onClose(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#engine.wheel.remove(this.#timer);
    this.#data?.stop();
    const lost = this.exchange.active;
    this.exchange.clientLost(this.#gone);
    this.#owner.streamClosed(this, lost);
  }

  // ---- Sending: what the exchange asks for

  sendInterim(head: ResponseHead): number {
    if (!this.#isOpen()) return 0;
    const fields = http2ResponseFields(head, head.status, this.forwarding.via);
    this.#stream.additionalHeaders(fieldObject(fields));
    return headerListBytes(fields);
  }

  sendHead(head: ResponseHead): number {
    if (this.#head!.upgrade !== '' && head.status < 300) {
      this.#bodyDropped = true;
      return this.answer(502, NOT_SWITCHED_TEXT, undefined);
    }
    // Numbers above are used in the wild and mean a server's error (RFC 9110 §15).
    const status = head.status > LAST_STATUS ? 500 : head.status;
    const fields = http2ResponseFields(head, status, this.forwarding.via);
    // node:http2 sends no data with 205, which has none to send (RFC 9110 §15.3.6).
    const endStream = head.body === BODY.none || status === RESET_CONTENT;
    this.#bodyDropped = endStream;
    this.#respond(fields, { endStream, waitForTrailers: !endStream && head.body === BODY.chunked });
    return headerListBytes(fields);
  }

  #respond(fields: readonly string[], { endStream, waitForTrailers }: ResponseEnd): void {
    if (!this.#isOpen()) return;
    const stream = this.#stream;
    if (waitForTrailers) stream.once('wantTrailers', () => this.#safely(this.#sendTrailersNow));
    const options = { endStream, waitForTrailers, sendDate: false };
    stream.respond(fields, options);
  }

  sendBody(bytes: Buffer, lasting: boolean): void {
    if (this.#bodyDropped || !this.#isOpen()) return;
    const stream = this.#stream;
    // What one read of the backend's brought leaves together.
    if (!this.#corked) {
      this.#corked = true;
      stream.cork();
    }
    stream.write(lasting ? bytes : Buffer.from(bytes));
  }

  sendTrailers(fields: readonly string[]): void {
    this.#trailers = fields.map((text, i) => (i % 2 === 0 ? text.toLowerCase() : text));
  }

  #sendTrailersNow(): void {
    // Without any, this is an empty DATA frame that ends the stream.
    if (!this.#stream.destroyed) this.#stream.sendTrailers(fieldObject(this.#trailers));
  }

  holdsBytes(): boolean {
    return this.#stream.writableLength > 0;
  }

  flush(): boolean {
    this.#uncork();
    if (!this.#stream.writableNeedDrain || !this.#isOpen()) return true;
    this.#armTimer();
    return false;
  }

  sendEnd(): void {
    this.#end();
  }

  answer(status: number, text: string, retryAfterS: number | undefined): number {
    const isHead = this.#head?.method === 'HEAD';
    const { fields, line } = ownAnswer(status, text, retryAfterS);
    this.#respond(fields, { endStream: isHead, waitForTrailers: false });
    if (!isHead && this.#isOpen()) this.#stream.write(line, 'latin1');
    this.#end();
    return headerListBytes(fields) + (isHead ? 0 : line.length);
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#uncork();
    this.#data?.stop();
    const stream = this.#stream;
    if (!this.#isOpen()) return;
    // It must be taken in time, though nobody waits for it any more.
    this.#armTimer();
    stream.end();
    const complete = this.#data === null ? this.#head?.upgrade === '' : this.#data.done;
    if (complete) return;
    // The answer is whole: what the client still sends need not come (RFC 9113 §8.1).
    stream.resume();
    stream.close(constants.NGHTTP2_NO_ERROR);
  }

  abort(): void {
    // An exchange that ends itself by this has ended when the stream closes: what has not met a bug.
    this.#gone = 'fault';
    this.#ended = true;
    // Not close(): it ends the data with END_STREAM before it resets.
    this.#stream.destroy(new Error('the response was cut short'));
  }

  switchProtocols(head: ResponseHead): { stream: Duplex; rest: Buffer | null } {
    const stream = this.#stream;
    const fields = http2ResponseFields(head, GRANTED, this.forwarding.via);
    this.#respond(fields, { endStream: false, waitForTrailers: false });
    this.#listen();
    const destroy = stream.destroy.bind(stream);
    // A tunnel that breaks must not look like one that was closed (RFC 8441 §5): this makes the code CANCEL.
    stream.destroy = (error) =>
      error === undefined && !stream.destroyed ? addAbortSignal(AbortSignal.abort(), stream) : destroy(error);
    return { stream, rest: null };
  }

  exchangeDone(): void {
    this.#engine.wheel.disarm(this.#timer);
    if (this.#ended && !this.#closed) this.#armTimer();
  }

  #uncork(): void {
    if (!this.#corked) return;
    this.#corked = false;
    this.#stream.uncork();
  }

  #isOpen(): boolean {
    return !this.#stream.destroyed && !this.#stream.closed;
  }

  #armTimer(): void {
    this.#engine.wheel.arm(this.#timer, this.listener.plan.timeouts.idleMs);
  }

  #safely(action: () => void): void {
    try {
      action.call(this);
    } catch (error) {
      this.#onFault(error);
    }
  }

  /** A bug in the handling of one stream ends that stream, not the connection. */
  #onFault(error: unknown): void {
    this.#engine.fault(error);
    this.abort();
  }
}
