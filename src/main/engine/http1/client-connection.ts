// One client's connection speaking HTTP/1.1: cuts what it sends into requests, gives them one at a
// time to its Exchange, writes the responses in order. Invariant: what is buffered of a client is
// bounded; past the bound its socket is paused. Made by listener.ts for every accepted connection.
//
//   idle ─▶ head ─▶ exchange ─▶ idle …      exchange ─▶ tunnel      any ─▶ lingering ─▶ closed
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { countRefused } from '../exchange/accounting.ts';
import { Exchange } from '../exchange/exchange.ts';
import { type ClientForwarding, createForwarding, renewForwarding } from '../exchange/forwarded.ts';
import type { Front } from '../exchange/front.ts';
import type { RequestHead, ResponseHead } from '../exchange/message.ts';
import { FAILURES, type Failure, ownFailureText } from '../failure.ts';
import type { ClientHandle, EngineState, ListenerState } from '../state.ts';
import { COUNTER } from '../telemetry/layout.ts';
import { WheelTimer } from '../timer-wheel.ts';
import { ClientSocket } from './client-socket.ts';
import { isHeadError } from './head-request.ts';
import { HeldBytes } from './held-bytes.ts';
import { LingeringClose } from './lingering-close.ts';
import { nextRequest } from './next-request.ts';
import { LONG_READ_BYTES } from './read-buffers.ts';
import { redirect } from './redirect.ts';
import { type BodyOwner, RequestBody } from './request-body.ts';
import { resetConnection } from './reset.ts';
import { ResponseWriter } from './response-writer.ts';

type Phase = 'idle' | 'head' | 'exchange' | 'tunnel' | 'lingering' | 'closed';

/** Bytes of further requests, or of a body that cannot be passed on yet, held before the socket is paused. */
const HELD_MAX_BYTES = 65_536;
/** One for all of them; the 'close' that follows says all there is to do. */
function ignoreError(): void {}

export class ClientConnection implements Front, ClientHandle, BodyOwner {
  readonly listener: ListenerState;
  readonly forwarding: ClientForwarding;
  readonly serverName: string | null;
  readonly #engine: EngineState;
  readonly #socket: Socket;
  readonly #response: ResponseWriter;
  readonly #timer: WheelTimer;
  readonly #exchange: Exchange;
  readonly #held = new HeldBytes();
  readonly #body: RequestBody;
  #phase: Phase = 'idle';
  #advancing = false;
  #request: RequestHead | null = null;
  #requests = 0;
  /** The client holds its body back until it is told to send it. */
  #continueDue = false;
  /** The client's FIN has arrived. */
  #ended = false;
  #retired = false;
  /** Why what is still under way when the socket closes has ended. */
  #gone: Failure = 'client-gone';
  #lingering: LingeringClose | null = null;

  constructor(engine: EngineState, listener: ListenerState, socket: Socket, serverName: string | null) {
    this.#engine = engine;
    this.serverName = serverName;
    this.listener = listener;
    this.#socket = socket;
    socket.on('error', ignoreError);
    if (socket instanceof ClientSocket) socket.onBytes = (chunk) => this.#onData(chunk, true);
    else socket.on('data', (chunk: Buffer) => this.#onData(chunk, false));
    socket.on('end', () => this.#safely(this.#onEnd));
    socket.on('close', () => this.#safely(this.#onClose));
    socket.on('drain', () => this.#safely(this.#onDrain));
    this.#timer = new WheelTimer(() => this.#safely(this.#onTimeout));
    const proto = serverName === null ? 'http' : 'https';
    this.forwarding = createForwarding(listener, socket.remoteAddress, proto, 1);
    this.#body = new RequestBody(engine, this);
    this.#response = new ResponseWriter(socket, this.forwarding);
    this.#exchange = new Exchange(engine, this);
    engine.clients.add(this);
    listener.row.counters[COUNTER.connections]! += 1;
    listener.row.counters[COUNTER.connectionsOpened]! += 1;
    engine.wheel.arm(this.#timer, listener.plan.timeouts.keepAliveMs);
  }

  get busy(): boolean {
    return this.#phase === 'exchange' || this.#phase === 'tunnel' || this.#response.holdsBytes();
  }

  visitExchanges(visit: (exchange: Exchange) => void): void {
    if (this.#exchange.active) visit(this.#exchange);
  }

  retire(): void {
    this.#retired = true;
    if (this.#phase === 'idle') this.#linger();
  }

  destroy(): void {
    if (this.#phase === 'closed') return;
    if (this.#phase === 'exchange') resetConnection(this.#socket);
    else this.#socket.destroy();
    this.#exchange.clientLost('stopped');
    this.#onClose();
  }

  // ---- Receiving

  /** `borrowed`: the bytes change once this returns. */
  #onData(chunk: Buffer, borrowed: boolean): void {
    try {
      if (this.#phase === 'idle' || this.#phase === 'head') {
        this.#hold(chunk, borrowed);
        this.#advance();
        this.#held.own();
      } else if (this.#phase === 'lingering') this.#lingering?.goOn();
      else if (borrowed) this.#onBorrowed(chunk, this.#socket as ClientSocket);
      else this.#onMore(chunk, false);
    } catch (error) {
      this.#onFault(error);
    }
  }

  /** While a long body passes the bytes lie in memory of this connection alone; else they are copied. */
  #onBorrowed(chunk: Buffer, socket: ClientSocket): void {
    const { longBody } = socket;
    this.#onMore(longBody ? chunk : Buffer.from(chunk), longBody);
    this.#held.own();
    if (longBody) socket.memory.lent = this.#exchange.holdsRequest();
    const goesOn = this.#phase === 'exchange' && !this.#body.done;
    socket.longBody = goesOn && (longBody || chunk.length >= LONG_READ_BYTES);
  }

  /** Bytes behind a head. */
  #onMore(chunk: Buffer, borrowed: boolean): void {
    if (this.#phase === 'tunnel') this.#exchange.tunnel?.fromClient(chunk);
    else if (this.#phase === 'exchange' && this.#body.wanted) this.#relayBody(chunk, borrowed);
    else if (this.#phase === 'exchange') this.#hold(chunk, borrowed);
  }

  #hold(chunk: Buffer, borrowed: boolean): void {
    this.#held.append(chunk, borrowed);
    // A head has a limit of its own.
    if (this.#phase !== 'head' && this.#held.length >= HELD_MAX_BYTES) this.#socket.pause();
  }

  /** Begins requests for as long as the ones before are answered at once. */
  #advance(): void {
    if (this.#advancing) return;
    this.#advancing = true;
    while (this.#beginRequest());
    this.#advancing = false;
    if ((this.#phase !== 'idle' && this.#phase !== 'head') || this.#socket.writableNeedDrain) return;
    if (this.#ended || (this.#retired && this.#phase === 'idle')) this.#linger();
    else if (this.#socket.isPaused()) this.#socket.resume();
  }

  #beginRequest(): boolean {
    if (this.#phase !== 'idle' && this.#phase !== 'head') return false;
    // A client that does not read its answers gets no further ones until it does.
    if (this.#held.bytes === null || this.#socket.writableNeedDrain) return false;
    const { plan } = this.listener;
    const heldBytes = this.#held.length;
    const head = nextRequest(this.#held, plan);
    if (head === null) {
      // Some clients end a body with a CRLF that is not part of it: no request has begun.
      if (this.#phase === 'idle' && !this.#held.areLineEnds()) {
        this.#phase = 'head';
        this.#engine.wheel.arm(this.#timer, plan.timeouts.requestHeaderMs);
      }
      return false;
    }
    if (isHeadError(head)) return this.#refuse('bad-request', head.status, head.reason);
    this.#start(head, heldBytes - this.#held.length);
    return true;
  }

  #start(head: RequestHead, headBytes: number): void {
    const { plan } = this.listener;
    renewForwarding(this.forwarding, this.listener);
    this.#phase = 'exchange';
    this.#request = head;
    this.#requests++;
    this.#continueDue = head.expectContinue;
    this.#body.start(head, plan.limits);
    this.#awaitBackend();
    if (plan.redirectPort === 0) {
      this.#exchange.begin(head, headBytes);
      return;
    }
    redirect(this.#engine, this, this.#response, head, headBytes, this.#mayGoOn());
    this.exchangeDone();
  }

  takeRequestBody(): void {
    if (this.#body.done) return;
    this.#body.resume();
    const continueDue = this.#continueDue;
    this.#continueDue = false;
    this.#engine.wheel.arm(this.#timer, this.listener.plan.timeouts.idleMs);
    const held = this.#held.take();
    if (held !== null) this.#relayBody(held, false);
    else if (continueDue) this.#response.continue();
    if (this.#phase !== 'exchange') return;
    if (this.#ended && !this.#body.done) this.#exchange.clientLost('client-gone');
    else if (this.#body.wanted && this.#socket.isPaused()) this.#socket.resume();
  }

  #relayBody(chunk: Buffer, borrowed: boolean): void {
    const body = this.#body;
    const read = body.read(chunk);
    if (body.failure !== '') {
      this.#exchange.giveUp(body.failure, body.detail);
      return;
    }
    const pieces = body.pieces;
    for (let i = 0; i < pieces.length; i++) this.#exchange.requestData(pieces[i]!);
    pieces.length = 0;
    if (body.done) {
      body.pause();
      this.#held.keep(chunk, read, borrowed);
      this.#awaitBackend();
      this.#exchange.requestEnd();
    } else if (this.#exchange.requestReadDone()) {
      this.#engine.wheel.arm(this.#timer, this.listener.plan.timeouts.idleMs);
    } else {
      body.pause();
      this.#socket.pause();
      this.#engine.wheel.disarm(this.#timer);
    }
  }

  bodyTooSlow(): void {
    this.#safely(() => {
      if (this.#phase === 'exchange')
        this.#exchange.giveUp('client-stalled', 'the request body arrives too slowly');
    });
  }

  #onEnd(): void {
    this.#ended = true;
    if (this.#phase === 'exchange') {
      if (!this.#body.done && this.#held.length === 0) this.#exchange.clientLost('client-gone');
      else this.#engine.wheel.arm(this.#timer, this.listener.plan.timeouts.halfClosedMs);
    } else if (this.#phase === 'tunnel') this.#exchange.tunnel?.clientEnded();
    else if (this.#phase !== 'lingering') this.#advance();
  }

  #onClose(): void {
    if (this.#phase === 'closed') return;
    this.#exchange.clientLost(this.#gone);
    this.#phase = 'closed';
    this.#engine.wheel.remove(this.#timer);
    this.#body.close();
    this.#held.take();
    this.#engine.clients.delete(this);
    this.listener.row.counters[COUNTER.connections]! -= 1;
  }

  #onDrain(): void {
    if (this.#phase === 'exchange' && this.#body.done) this.#awaitBackend();
    if (this.#phase === 'idle') this.#becomeIdle();
    else this.#exchange.clientDrained();
  }

  /** It is not the client's turn now. */
  #awaitBackend(): void {
    if (this.#ended) this.#engine.wheel.arm(this.#timer, this.listener.plan.timeouts.halfClosedMs);
    else this.#engine.wheel.disarm(this.#timer);
  }

  #onTimeout(): void {
    if (this.#phase === 'head') {
      this.#refuse('request-timeout', FAILURES['request-timeout'].status, '', true);
    } else if (this.#phase !== 'exchange') {
      this.#socket.destroy();
    } else if (this.#body.wanted && !this.#socket.writableNeedDrain) {
      this.#exchange.giveUp('client-stalled', '');
    } else {
      resetConnection(this.#socket);
      this.#exchange.clientLost(this.#ended ? 'client-gone' : 'client-stalled');
    }
  }

  // ---- Sending: what the exchange asks for

  sendInterim(head: ResponseHead): number {
    return this.#response.interimHead(head);
  }

  sendHead(head: ResponseHead): number {
    return this.#response.head(head, this.#request!, this.#mayGoOn());
  }

  sendBody(bytes: Buffer, lasting: boolean): void {
    this.#response.body(bytes, lasting);
  }

  sendEnd(): void {
    this.#response.end();
  }

  holdsBytes(): boolean {
    return this.#response.holdsBytes();
  }

  flush(): boolean {
    const ready = this.#response.flush();
    if (!ready) this.#engine.wheel.arm(this.#timer, this.listener.plan.timeouts.idleMs);
    else if (this.#ended) this.#engine.wheel.arm(this.#timer, this.listener.plan.timeouts.halfClosedMs);
    return ready;
  }

  answer(status: number, text: string, retryAfterS: number | undefined): number {
    const request = this.#request;
    return this.#response.answer(status, text, { request, mayGoOn: this.#mayGoOn(), retryAfterS });
  }

  /** Whether another request may follow this one. */
  #mayGoOn(): boolean {
    return (
      this.#request!.keepAlive &&
      this.#body.done &&
      this.#requests < this.listener.plan.limits.keepAliveRequests &&
      !this.#retired &&
      !this.#engine.stopping &&
      !(this.#ended && this.#held.length === 0)
    );
  }

  abort(): void {
    // An exchange that ends itself by this has ended when the socket closes: what has not met a bug.
    this.#gone = 'fault';
    this.#response.keepAlive = false;
    resetConnection(this.#socket);
  }

  switchProtocols(head: ResponseHead): { stream: Duplex; rest: Buffer | null } {
    this.#response.interimHead(head);
    this.#response.flush();
    this.#request = null;
    this.#phase = 'tunnel';
    this.#engine.wheel.remove(this.#timer);
    const rest = this.#held.take();
    if (this.#socket.isPaused()) this.#socket.resume();
    return { stream: this.#socket, rest };
  }

  exchangeDone(): void {
    this.#request = null;
    if (this.#phase !== 'exchange' || this.#socket.destroyed) return;
    if (this.#response.keepAlive && this.#body.done) this.#becomeIdle();
    else this.#linger();
  }

  /** Ready for the next request, which may have been sent already. */
  #becomeIdle(): void {
    const { timeouts } = this.listener.plan;
    this.#phase = 'idle';
    const waitMs = this.#socket.writableNeedDrain ? timeouts.idleMs : timeouts.keepAliveMs;
    this.#engine.wheel.arm(this.#timer, waitMs);
    this.#advance();
  }

  // ---- Ending

  /** Answers what is no request and closes. */
  #refuse(failure: Failure, status: number, reason: string, silent = false): false {
    const bytesIn = this.#held.length;
    const text = ownFailureText(failure, reason);
    const bytesOut = this.#response.answer(status, text, { request: null, mayGoOn: false });
    const { listener, forwarding } = this;
    const client = forwarding.clientAddress;
    countRefused(this.#engine, { listener, client, failure, status, bytesIn, bytesOut });
    this.#linger(silent);
    return false;
  }

  /** Ends our side, then waits for the client's; not for long where little comes from it. */
  #linger(silent = false): void {
    this.#phase = 'lingering';
    this.#held.take();
    this.#body.pause();
    this.#response.flush();
    const { idleMs } = this.listener.plan.timeouts;
    this.#lingering = new LingeringClose(this.#engine, this.#socket, this.#timer, idleMs, silent);
  }

  #safely(action: () => void): void {
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
    this.abort();
  }
}
