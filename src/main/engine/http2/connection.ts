// One client's connection speaking HTTP/2: begins, limits and ends its session, makes each request an
// exchange of its own. Invariant: what a client can make us hold or do is bounded, in sum and in one
// turn of the loop, and one that only costs is disconnected. Made by front.ts.
//
//   opening ─▶ serving ─▶ retiring ─▶ closing ─▶ closed      any ─▶ closed
import { constants, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import { countRefused } from '../exchange/accounting.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { type ClientForwarding, createForwarding, renewForwarding } from '../exchange/forwarded.ts';
import { ownFailureText } from '../failure.ts';
import { isHeadError } from '../http1/head-request.ts';
import type { ClientHandle, EngineState, ListenerState } from '../state.ts';
import { COUNTER } from '../telemetry/layout.ts';
import { WheelTimer } from '../timer-wheel.ts';
import { CHARGE, FrameGuard } from './frame-guard.ts';
import { GuardedSocket, type Verdict } from './guarded-socket.ts';
import { headerListBytes, http2RequestHead } from './request-head.ts';
import { CONNECTION_WINDOW_BYTES, openSession } from './session-options.ts';
import { StreamFront, type StreamOwner } from './stream-front.ts';
import { createWebSocketKey } from './web-socket-key.ts';

type Phase = 'opening' | 'serving' | 'retiring' | 'closing' | 'closed';

/** For requests on their way when the connection was announced to end. */
const RETIRING_MS = 1000;
/** For the last bytes to leave and the client to close. */
const CLOSING_MS = 1000;
/** GOAWAY without error and without a last stream yet. */
const SHUTDOWN_NOTICE = Buffer.from('0000080700000000007fffffff00000000', 'hex');

export class Http2Connection implements ClientHandle, StreamOwner {
  readonly listener: ListenerState;
  readonly forwarding: ClientForwarding;
  readonly serverName: string | null;
  readonly #engine: EngineState;
  readonly #socket: Socket;
  readonly #guarded: GuardedSocket;
  readonly #session: ServerHttp2Session;
  readonly #frames = new FrameGuard();
  readonly #fronts = new Set<StreamFront>();
  readonly #timer: WheelTimer;
  #phase: Phase = 'opening';
  #requests = 0;
  /** Why what is under way when the socket closes has ended. */
  #gone: 'client-gone' | 'fault' = 'client-gone';
  /** The timer runs for a request whose head is not complete. */
  #inHead = false;

  constructor(engine: EngineState, listener: ListenerState, socket: Socket, serverName: string | null) {
    this.#engine = engine;
    this.listener = listener;
    this.serverName = serverName;
    this.#socket = socket;
    this.#timer = new WheelTimer(() => this.#safely(this.#onTimeout));
    const proto = serverName === null ? 'http' : 'https';
    this.forwarding = createForwarding(listener, socket.remoteAddress, proto, 2);
    socket.on('end', () => this.#safely(this.#onLost));
    socket.on('close', () => this.#safely(this.#onLost));
    this.#guarded = new GuardedSocket(socket, (chunk) => this.#inspect(chunk));
    this.#guarded.on('error', () => undefined);
    const session = openSession(this.#guarded, listener.plan.limits);
    this.#session = session;
    // What broke shows as 'close' of the socket and of each stream.
    session.on('error', () => undefined);
    session.on('close', () => socket.destroy());
    session.on('remoteSettings', () => this.#safely(this.#onSettings));
    session.on('stream', (stream, _headers, flags, fields) => this.#onStream(stream, flags, fields));
    engine.clients.add(this);
    listener.row.counters[COUNTER.connections]! += 1;
    listener.row.counters[COUNTER.connectionsOpened]! += 1;
    engine.wheel.arm(this.#timer, listener.plan.timeouts.requestHeaderMs);
  }

  get busy(): boolean {
    return this.#fronts.size > 0 || this.#socket.writableLength > 0;
  }

  visitExchanges(visit: (exchange: Exchange) => void): void {
    for (const { exchange } of this.#fronts) if (exchange.active) visit(exchange);
  }

  retire(): void {
    if (this.#phase === 'opening') this.destroy();
    if (this.#phase !== 'serving') return;
    if (this.#fronts.size === 0) {
      this.#close();
      return;
    }
    this.#phase = 'retiring';
    // Requests already on their way are still served: the last one is named a round trip later
    // (RFC 9113 §6.8). node:http2 cannot say this without ignoring them from then on.
    this.#guarded.insert(SHUTDOWN_NOTICE);
    this.#engine.wheel.arm(this.#timer, RETIRING_MS);
    this.#session.ping(() => this.#safely(this.#close));
  }

  destroy(): void {
    this.#end('stopped', constants.NGHTTP2_NO_ERROR);
  }

  // ---- The session

  #inspect(chunk: Buffer): Verdict {
    try {
      if (this.#phase === 'closed') return 'drop';
      this.#frames.sent(this.#guarded.sentBytes);
      if (!this.#frames.receive(chunk, this.#engine.env.clock.monotonicMs())) {
        this.#disconnect();
        return 'drop';
      }
      if (this.#frames.inHeaders !== this.#inHead) {
        this.#inHead = this.#frames.inHeaders;
        this.#armTimer();
      }
      const reset = this.#frames.takeReset();
      // Once the session has seen it too.
      if (reset.length > 0) setImmediate(() => this.#safely(() => this.#onReset(reset)));
      return this.#frames.endsTurn() ? 'last' : 'pass';
    } catch (error) {
      this.#onFault(error);
      return 'drop';
    }
  }

  #onReset(streams: readonly number[]): void {
    for (const front of [...this.#fronts]) if (streams.includes(front.stream)) front.clientReset();
  }

  #onSettings(): void {
    if (this.#phase !== 'opening') return;
    this.#phase = 'serving';
    this.#session.setLocalWindowSize(CONNECTION_WINDOW_BYTES);
    this.#armTimer();
  }

  #onStream(stream: ServerHttp2Stream, flags: number, fields: readonly string[]): void {
    try {
      this.#begin(stream, (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0, fields);
    } catch (error) {
      stream.on('error', () => undefined);
      stream.destroy();
      this.#engine.fault(error);
    }
  }

  #begin(stream: ServerHttp2Stream, endsStream: boolean, fields: readonly string[]): void {
    const seen = this.#frames.take(stream.id ?? 0);
    const refused = this.#phase === 'closed' || stream.destroyed || stream.closed || seen === undefined;
    if (refused || seen.cancelled) {
      stream.on('error', () => undefined);
      stream.destroy();
      return;
    }
    const { plan } = this.listener;
    renewForwarding(this.forwarding, this.listener);
    const front = new StreamFront(this.#engine, this, stream);
    this.#fronts.add(front);
    this.#armTimer();
    const bytes = headerListBytes(fields);
    if (seen.fields !== fields.length / 2) {
      this.#refuse(bytes, 0);
      stream.close(constants.NGHTTP2_PROTOCOL_ERROR);
      return;
    }
    const key = isWebSocket(fields) ? createWebSocketKey() : '';
    const head = http2RequestHead(fields, endsStream, plan.limits, key);
    if (isHeadError(head)) {
      const text = ownFailureText('bad-request', head.reason);
      this.#refuse(bytes, front.refuse(head.status, text), head.status);
      return;
    }
    this.#requests++;
    if (this.#requests >= plan.limits.keepAliveRequests) this.retire();
    front.begin(head, bytes);
  }

  /** `status` 0: the client is reset or disconnected instead of being answered. */
  #refuse(bytesIn: number, bytesOut: number, status = 0): void {
    const { listener, forwarding } = this;
    const client = forwarding.clientAddress;
    countRefused(this.#engine, { listener, client, failure: 'bad-request', status, bytesIn, bytesOut });
  }

  streamClosed(front: StreamFront, lost: boolean): void {
    this.#fronts.delete(front);
    if (this.#phase === 'closed') return;
    if (lost && !this.#frames.charge(CHARGE.lostExchange)) this.#disconnect();
    else if (this.#fronts.size === 0) this.#armTimer();
  }

  streamStalled(): void {
    if (!this.#frames.charge(CHARGE.stalledStream)) this.#disconnect();
  }

  // ---- Time

  /** For what the connection waits for now. A stream under way has a timer of its own. */
  #armTimer(): void {
    const { timeouts } = this.listener.plan;
    const { wheel } = this.#engine;
    if (this.#phase === 'closing') {
      if (this.#fronts.size === 0) wheel.arm(this.#timer, CLOSING_MS);
    } else if (this.#phase === 'serving') {
      if (this.#inHead) wheel.arm(this.#timer, timeouts.requestHeaderMs);
      else if (this.#fronts.size === 0) wheel.arm(this.#timer, timeouts.keepAliveMs);
      else wheel.disarm(this.#timer);
    }
  }

  #onTimeout(): void {
    if (this.#phase === 'retiring') this.#close();
    else if (this.#phase === 'serving' && !this.#inHead) this.retire();
    else this.#end('client-stalled', constants.NGHTTP2_NO_ERROR);
  }

  // ---- Ending

  /** Names the last request; the session ends itself once those before are over. */
  #close(): void {
    if (this.#phase !== 'serving' && this.#phase !== 'retiring') return;
    this.#phase = 'closing';
    this.#engine.wheel.disarm(this.#timer);
    this.#session.close();
    this.#armTimer();
  }

  /** The client costs more than it is worth. */
  #disconnect(): void {
    if (this.#phase === 'closed') return;
    this.#refuse(0, 0);
    this.#end('client-gone', constants.NGHTTP2_ENHANCE_YOUR_CALM);
  }

  #onLost(): void {
    this.#end(this.#gone, constants.NGHTTP2_NO_ERROR);
  }

  #end(failure: 'stopped' | 'client-gone' | 'client-stalled' | 'fault', code: number): void {
    if (this.#phase === 'closed') return;
    this.#phase = 'closed';
    this.#engine.wheel.remove(this.#timer);
    this.#engine.clients.delete(this);
    this.listener.row.counters[COUNTER.connections]! -= 1;
    for (const front of [...this.#fronts]) front.lose(failure);
    // Without an error the code would be ignored.
    const error = code === constants.NGHTTP2_NO_ERROR ? undefined : new Error(`error code ${code}`);
    if (!this.#session.destroyed) this.#session.destroy(error, code);
    // The session's last word has been handed to the system by then.
    setImmediate(() => this.#socket.destroy());
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
    this.#gone = 'fault';
    this.#socket.destroy();
  }
}

/** Pseudo-fields come first: the search ends with them. */
function isWebSocket(fields: readonly string[]): boolean {
  for (let i = 0; i < fields.length && fields[i]!.startsWith(':'); i += 2)
    if (fields[i] === ':protocol') return true;
  return false;
}
