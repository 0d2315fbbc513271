// One client's connection speaking HTTP/1.1: cuts what it sends into requests, gives them one at a
// time to its Exchange, writes the responses in order. Invariant: what is buffered of a client is
// bounded; past the bound its socket is paused. Made by listener.ts for every accepted connection.
//
//   idle ─▶ head ─▶ exchange ─▶ idle …      exchange ─▶ tunnel      any ─▶ lingering ─▶ closed
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { FAILURES, ownFailureText } from '../failure.ts';
import type { ClientHandle, EngineState, ListenerState } from '../state.ts';
import { COUNTER } from '../telemetry/layout.ts';
import { WheelTimer } from '../timer-wheel.ts';
import { countStatus, logFinished } from './accounting.ts';
import { BodyReader } from './body.ts';
import { Exchange } from './exchange.ts';
import type { Front } from './front.ts';
import { findHeadEnd } from './head-end.ts';
import { isHeadError, parseRequestHead } from './head-request.ts';
import { BODY, type BodyKind, type RequestHead, type ResponseHead } from './message.ts';
import { type Forwarding, plainResponse, responseHeadText } from './serialize.ts';
import { SocketWriter } from './socket-writer.ts';

type Phase = 'idle' | 'head' | 'exchange' | 'tunnel' | 'lingering' | 'closed';

/** Bytes of further requests, or of a body that cannot be passed on yet, held before the socket is paused. */
const HELD_MAX_BYTES = 65_536;
/**
 * A client that closed and one that merely has no more to send look the same until something is
 * written to it. So long the answer may still come; then it counts as gone.
 */
const HALF_CLOSED_GRACE_MS = 500;
/** After our last byte the client may still be sending: closing at once would reset what it reads. RFC 9112 §9.6. */
const LINGER_IDLE_MS = 5000;
const LINGER_MAX_MS = 30_000;
const LAST_CHUNK = '0\r\n\r\n';
const CONTINUE = 'HTTP/1.1 100 Continue\r\n\r\n';

export class ClientConnection implements Front, ClientHandle {
  readonly listener: ListenerState;
  readonly forwarding: Forwarding;
  readonly #engine: EngineState;
  readonly #socket: Socket;
  readonly #writer: SocketWriter;
  readonly #timer: WheelTimer;
  readonly #exchange: Exchange;
  readonly #body = new BodyReader();
  readonly #pieces: Buffer[] = [];
  #phase: Phase = 'idle';
  /** Received and not yet used: `#held` from `#heldFrom` on. */
  #held: Buffer | null = null;
  #heldFrom = 0;
  #advancing = false;
  #request: RequestHead | null = null;
  #bodyWanted = false;
  /** The client holds its body back until it is told to send it. */
  #continueDue = false;
  /** The client's FIN has arrived. */
  #ended = false;
  #retired = false;
  #keepAlive = false;
  /** The backend's body ends with its connection; the client gets it chunked, so that its own may go on. */
  #chunking = false;
  #lingerUntilMs = 0;

  constructor(engine: EngineState, listener: ListenerState, socket: Socket) {
    this.#engine = engine;
    this.listener = listener;
    this.#socket = socket;
    socket.on('error', ignore);
    socket.on('data', (chunk: Buffer) => this.#onData(chunk));
    socket.on('end', () => this.#guard(this.#onEnd));
    socket.on('close', () => this.#guard(this.#onClose));
    socket.on('drain', () => this.#guard(this.#onDrain));
    socket.on('finish', () => this.#guard(this.#onFinish));
    this.#timer = new WheelTimer(() => this.#guard(this.#onTimeout));
    this.#writer = new SocketWriter(socket, true);
    this.forwarding = { clientAddress: socket.remoteAddress ?? '', proto: 'http', trusted: false, via: '' };
    this.#exchange = new Exchange(engine, this);
    engine.clients.add(this);
    listener.row.counters[COUNTER.connections]! += 1;
    listener.row.counters[COUNTER.connectionsOpened]! += 1;
    engine.wheel.arm(this.#timer, listener.plan.timeouts.keepAliveMs);
  }

  retire(): void {
    this.#retired = true;
    if (this.#phase === 'idle') this.#linger();
  }

  destroy(): void {
    if (this.#phase === 'closed') return;
    if (this.#phase === 'exchange') this.#socket.resetAndDestroy();
    else this.#socket.destroy();
    this.#exchange.clientLost('stopped');
    this.#onClose();
  }

  // ---- Receiving

  #onData(chunk: Buffer): void {
    try {
      switch (this.#phase) {
        case 'idle':
        case 'head':
          this.#hold(chunk);
          this.#advance();
          break;
        case 'exchange':
          if (this.#bodyWanted) this.#relayBody(chunk, 0);
          else this.#hold(chunk);
          break;
        case 'tunnel':
          this.#exchange.tunnel?.fromClient(chunk);
          break;
        case 'lingering':
          this.#engine.wheel.arm(this.#timer, this.#lingerMs());
      }
    } catch (error) {
      this.#onFault(error);
    }
  }

  #hold(chunk: Buffer): void {
    if (this.#held === null) {
      this.#held = chunk;
      this.#heldFrom = 0;
    } else {
      this.#held = Buffer.concat([this.#held.subarray(this.#heldFrom), chunk]);
      this.#heldFrom = 0;
    }
    if (this.#phase === 'exchange' && this.#held.length - this.#heldFrom >= HELD_MAX_BYTES)
      this.#socket.pause();
  }

  /** Begins requests for as long as the ones before are answered at once. */
  #advance(): void {
    if (this.#advancing) return;
    this.#advancing = true;
    while (this.#beginRequest());
    this.#advancing = false;
  }

  #beginRequest(): boolean {
    const held = this.#held;
    if (held === null || (this.#phase !== 'idle' && this.#phase !== 'head')) return false;
    const { limits, timeouts } = this.listener.plan;
    const from = this.#heldFrom;
    const headEnd = findHeadEnd(held, from, held.length);
    const headBytes = (headEnd === -1 ? held.length : headEnd) - from;
    if (headBytes > limits.headerBytes)
      return this.#refuse(431, 'The request header is larger than the limit');
    if (headEnd === -1) {
      // Some clients end a body with a CRLF that is not part of it: no request has begun.
      if (this.#phase === 'idle' && !isLineEnd(held, from)) {
        this.#phase = 'head';
        this.#engine.wheel.arm(this.#timer, timeouts.requestHeaderMs);
      }
      return false;
    }
    const head = parseRequestHead(held.toString('latin1', from, headEnd), limits);
    if (isHeadError(head)) return this.#refuse(head.status, head.reason);
    if (headEnd === held.length) this.#held = null;
    else this.#heldFrom = headEnd;
    this.#start(head, headBytes);
    return true;
  }

  #start(head: RequestHead, headBytes: number): void {
    this.#phase = 'exchange';
    this.#request = head;
    this.#bodyWanted = false;
    this.#chunking = false;
    this.#continueDue = head.expectContinue;
    this.#body.start(head.body, head.contentLength, false);
    if (this.#ended) this.#engine.wheel.arm(this.#timer, HALF_CLOSED_GRACE_MS);
    else this.#engine.wheel.disarm(this.#timer);
    this.#exchange.begin(head, headBytes);
  }

  takeRequestBody(): void {
    if (this.#body.done) return;
    this.#bodyWanted = true;
    const continueDue = this.#continueDue;
    this.#continueDue = false;
    this.#engine.wheel.arm(this.#timer, this.listener.plan.timeouts.idleMs);
    const held = this.#held;
    if (held !== null) {
      this.#held = null;
      this.#relayBody(held, this.#heldFrom);
    } else if (continueDue) {
      this.#writer.text(CONTINUE);
      this.#writer.flush();
    }
    if (this.#phase !== 'exchange') return;
    if (this.#ended && !this.#body.done) this.#exchange.clientLost('client-gone');
    else if (this.#bodyWanted && this.#socket.isPaused()) this.#socket.resume();
  }

  #relayBody(chunk: Buffer, from: number): void {
    const body = this.#body;
    const pieces = this.#pieces;
    pieces.length = 0;
    const read = body.read(chunk, from, chunk.length, pieces);
    for (let i = 0; i < pieces.length; i++) this.#exchange.requestData(pieces[i]!);
    pieces.length = 0;
    if (body.error !== '') {
      this.#exchange.clientFailed('bad-request', body.error);
      return;
    }
    if (body.done) {
      this.#bodyWanted = false;
      if (read < chunk.length) {
        this.#held = chunk;
        this.#heldFrom = read;
      }
      this.#engine.wheel.disarm(this.#timer);
      this.#exchange.requestEnd();
    } else if (this.#exchange.requestPaused()) {
      this.#engine.wheel.arm(this.#timer, this.listener.plan.timeouts.idleMs);
    } else {
      this.#bodyWanted = false;
      this.#socket.pause();
      this.#engine.wheel.disarm(this.#timer);
    }
  }

  #onEnd(): void {
    this.#ended = true;
    switch (this.#phase) {
      case 'exchange':
        if (!this.#body.done && this.#held === null) this.#exchange.clientLost('client-gone');
        else this.#engine.wheel.arm(this.#timer, HALF_CLOSED_GRACE_MS);
        break;
      case 'tunnel':
        this.#exchange.tunnel?.clientEnded();
        break;
      case 'lingering':
        break;
      default:
        this.#socket.destroy();
    }
  }

  #onClose(): void {
    if (this.#phase === 'closed') return;
    this.#exchange.clientLost('client-gone');
    this.#phase = 'closed';
    this.#engine.wheel.remove(this.#timer);
    this.#held = null;
    this.#engine.clients.delete(this);
    this.listener.row.counters[COUNTER.connections]! -= 1;
  }

  #onDrain(): void {
    if (this.#phase === 'exchange' && this.#body.done) {
      if (this.#ended) this.#engine.wheel.arm(this.#timer, HALF_CLOSED_GRACE_MS);
      else this.#engine.wheel.disarm(this.#timer);
    }
    this.#exchange.clientDrained();
  }

  #onTimeout(): void {
    switch (this.#phase) {
      case 'head':
        this.#refuse(FAILURES['request-timeout'].status, ownFailureText('request-timeout', ''));
        break;
      case 'exchange':
        if (this.#bodyWanted && !this.#socket.writableNeedDrain)
          this.#exchange.clientFailed('client-stalled', '');
        else {
          this.#socket.resetAndDestroy();
          this.#exchange.clientLost(this.#ended ? 'client-gone' : 'client-stalled');
        }
        break;
      default:
        this.#socket.destroy();
    }
  }

  // ---- Sending: what the exchange asks for

  sendInterim(head: ResponseHead): number {
    const text = responseHeadText(head, {
      minor: 1,
      keepAlive: true,
      body: BODY.none,
      via: this.forwarding.via,
    });
    this.#writer.text(text);
    return text.length;
  }

  sendHead(head: ResponseHead): number {
    const { minor } = this.#request!;
    let body: BodyKind = head.body;
    this.#chunking = body === BODY.close && minor === 1;
    if (this.#chunking) body = BODY.chunked;
    else if (body === BODY.chunked && minor === 0) body = BODY.close;
    this.#keepAlive = body !== BODY.close && this.#mayGoOn();
    const text = responseHeadText(head, {
      minor,
      keepAlive: this.#keepAlive,
      body,
      via: this.forwarding.via,
    });
    this.#writer.text(text);
    return text.length;
  }

  sendBody(bytes: Buffer): void {
    if (!this.#chunking) {
      this.#writer.bytes(bytes);
      return;
    }
    this.#writer.text(`${bytes.length.toString(16)}\r\n`);
    this.#writer.bytes(bytes);
    this.#writer.text('\r\n');
  }

  flush(): boolean {
    const ready = this.#writer.flush();
    if (!ready) this.#engine.wheel.arm(this.#timer, this.listener.plan.timeouts.idleMs);
    else if (this.#ended) this.#engine.wheel.arm(this.#timer, HALF_CLOSED_GRACE_MS);
    return ready;
  }

  sendEnd(): void {
    if (this.#chunking) this.#writer.text(LAST_CHUNK);
    this.#writer.flush();
  }

  answer(status: number, text: string, retryAfterS: number | undefined): number {
    const { minor, method } = this.#request!;
    this.#keepAlive = this.#mayGoOn();
    const answer = plainResponse(status, text, {
      keepAlive: this.#keepAlive,
      head: method === 'HEAD',
      minor,
      retryAfterS,
    });
    this.#writer.text(answer);
    this.#writer.flush();
    return answer.length;
  }

  /** Whether another request may follow this one. */
  #mayGoOn(): boolean {
    return (
      this.#request!.keepAlive &&
      this.#body.done &&
      !this.#retired &&
      !this.#engine.stopping &&
      !(this.#ended && this.#held === null)
    );
  }

  abort(): void {
    this.#keepAlive = false;
    this.#socket.resetAndDestroy();
  }

  switchProtocols(head: ResponseHead): { stream: Duplex; rest: Buffer | null } {
    this.sendInterim(head);
    this.#writer.flush();
    this.#phase = 'tunnel';
    this.#engine.wheel.remove(this.#timer);
    const rest = this.#held === null ? null : this.#held.subarray(this.#heldFrom);
    this.#held = null;
    if (this.#socket.isPaused()) this.#socket.resume();
    return { stream: this.#socket, rest };
  }

  exchangeDone(): void {
    if (this.#phase !== 'exchange' || this.#socket.destroyed) return;
    if (!this.#keepAlive || !this.#body.done) {
      this.#linger();
      return;
    }
    this.#phase = 'idle';
    this.#engine.wheel.arm(this.#timer, this.listener.plan.timeouts.keepAliveMs);
    if (this.#socket.isPaused()) this.#socket.resume();
    if (this.#held !== null) this.#advance();
    if (this.#phase === 'idle' && (this.#ended || this.#retired)) this.#linger();
  }

  // ---- Ending

  /** Answers what is no request and closes. */
  #refuse(status: number, reason: string): false {
    const { counters } = this.listener.row;
    counters[COUNTER.requests]! += 1;
    counters[COUNTER.errors]! += 1;
    countStatus(counters, status);
    const answer = plainResponse(status, reason.startsWith('Sluice') ? reason : `Sluice: ${reason}`, {
      keepAlive: false,
    });
    counters[COUNTER.bytesOut]! += answer.length;
    this.#writer.text(answer);
    logFinished(this.#engine, {
      startedAt: this.#engine.env.clock.now(),
      tookMs: 0,
      listener: this.listener,
      client: this.forwarding.clientAddress,
      head: null,
      route: '',
      backend: null,
      pool: '',
      status,
      attempts: 0,
      bytesIn: this.#held === null ? 0 : this.#held.length - this.#heldFrom,
      bytesOut: answer.length,
      failure: status === 408 ? 'request-timeout' : 'bad-request',
    });
    this.#linger();
    return false;
  }

  /** Sends the rest and a FIN, then waits for the client's, throwing away what still comes. */
  #linger(): void {
    this.#phase = 'lingering';
    this.#held = null;
    this.#bodyWanted = false;
    this.#writer.flush();
    this.#engine.wheel.arm(this.#timer, this.listener.plan.timeouts.idleMs);
    this.#lingerUntilMs = Number.POSITIVE_INFINITY;
    this.#socket.end();
    this.#socket.resume();
  }

  /** Our last byte has left: the wait for the client begins. */
  #onFinish(): void {
    if (this.#phase !== 'lingering') return;
    this.#lingerUntilMs = this.#engine.env.clock.monotonicMs() + LINGER_MAX_MS;
    this.#engine.wheel.arm(this.#timer, LINGER_IDLE_MS);
  }

  #lingerMs(): number {
    if (this.#lingerUntilMs === Number.POSITIVE_INFINITY) return this.listener.plan.timeouts.idleMs;
    return Math.max(0, Math.min(LINGER_IDLE_MS, this.#lingerUntilMs - this.#engine.env.clock.monotonicMs()));
  }

  #guard(action: () => void): void {
    try {
      action.call(this);
    } catch (error) {
      this.#onFault(error);
    }
  }

  /** A bug in the handling of one connection ends that connection, not the thread. */
  #onFault(error: unknown): void {
    this.#engine.fault(error);
    this.#advancing = false;
    this.#socket.destroy();
  }
}

function isLineEnd(bytes: Buffer, from: number): boolean {
  for (let at = from; at < bytes.length; at++) {
    if (bytes[at] !== 13 && bytes[at] !== 10) return false;
  }
  return true;
}

/** The 'close' that follows says all there is to do. */
function ignore(): void {}
