// One TCP connection to a backend, speaking HTTP/1.1: opens, sends what it is given, parses responses
// and hands them to the exchange that owns it. Invariant: without an owner any received byte closes
// it, so an unasked answer is never served (response queue poisoning, CVE-2026-48931).
//
//   connecting ─▶ busy ⇄ idle      busy ─▶ tunnel      any ─▶ closed
import net from 'node:net';
import { connectFailure, type Failure } from '../failure.ts';
import type { BackendState, EngineState } from '../state.ts';
import { COUNTER } from '../telemetry/layout.ts';
import { WheelTimer } from '../timer-wheel.ts';
import { BodyReader } from './body.ts';
import { findHeadEnd } from './head-end.ts';
import { isHeadError } from './head-request.ts';
import { parseResponseHead } from './head-response.ts';
import type { ResponseHead } from './message.ts';
import { giveBuffer, LONG_READ_BYTES, SHARED_BUFFER, takeBuffer } from './read-buffers.ts';
import { SocketWriter } from './socket-writer.ts';
import type { Tunnel } from './tunnel.ts';

/** Who a connection works for. */
export interface UpstreamOwner {
  upstreamReady(): void;
  /** An interim response (1xx but 101). */
  upstreamInterim(head: ResponseHead): void;
  upstreamHead(head: ResponseHead): void;
  /** `lasting`: the bytes may be kept while `holdsBytes`; else they are valid during the call only. */
  upstreamData(bytes: Buffer, lasting: boolean): void;
  /** Bytes handed over may still wait to be written. */
  holdsBytes(): boolean;
  /** The bytes received so far are handled; what was written may be flushed. */
  upstreamPaused(): void;
  upstreamComplete(): void;
  /** 101: `rest` is the first of what follows. */
  upstreamSwitched(head: ResponseHead, rest: Buffer): void;
  upstreamDrained(): void;
  /** The connection is gone; the owner must not use it any more. */
  upstreamFailed(failure: Failure, detail: string): void;
}

type Phase = 'connecting' | 'busy' | 'idle' | 'tunnel' | 'closed';

/** Largest response header. Larger than what clients may send: backends set many cookies. */
const MAX_HEAD_BYTES = 65_536;

export class UpstreamConnection {
  readonly backend: BackendState;
  readonly generation: number;
  readonly socket: net.Socket;
  readonly writer: SocketWriter;
  /** It has served a request before, so the backend may be closing it this very moment. */
  reused = false;
  /** A byte of the current response has arrived. */
  answered = false;
  tunnel: Tunnel | null = null;

  readonly #engine: EngineState;
  readonly #timer: WheelTimer;
  readonly #reader = new BodyReader();
  readonly #pieces: Buffer[] = [];
  #owner: UpstreamOwner | null;
  #phase: Phase = 'connecting';
  #counted = false;
  #method = '';
  #decode = false;
  #inBody = false;
  #partialHead: Buffer | null = null;
  #reusable = false;
  #buffer: Buffer = SHARED_BUFFER;
  /** Parts of `#buffer` wait to be written to the client. */
  #lent = false;
  #lengthKnown = false;
  #longBody = false;
  /** What the backend announced as its own idle limit, less a margin; -1: nothing. */
  #announcedIdleMs = -1;

  constructor(engine: EngineState, backend: BackendState, owner: UpstreamOwner, generation: number) {
    this.#engine = engine;
    this.backend = backend;
    this.#owner = owner;
    this.generation = generation;
    this.#timer = new WheelTimer(() => this.#guard(this.#onTimeout));
    this.socket = net.connect({
      host: backend.host,
      port: backend.port,
      noDelay: true,
      allowHalfOpen: true,
      onread: {
        buffer: () => this.#nextBuffer(),
        callback: (size, buffer) => this.#onRead(size, buffer as Buffer),
      },
    });
    this.socket.on('error', (error: NodeJS.ErrnoException) => this.#guard(() => this.#onError(error)));
    this.socket.on('connect', () => this.#guard(this.#onConnect));
    this.socket.on('end', () => this.#guard(this.#onEnd));
    this.socket.on('close', () => this.#guard(this.#onClose));
    this.socket.on('drain', () => this.#guard(this.#onDrain));
    this.writer = new SocketWriter(this.socket);
    engine.wheel.arm(this.#timer, backend.pool.plan.timeouts.connectMs);
  }

  isReady(): boolean {
    return this.#phase === 'busy';
  }

  isReusable(): boolean {
    return this.#reusable && this.#phase === 'busy' && !this.socket.writableNeedDrain;
  }

  /** Starts working for `owner`: only for a connection that rests. */
  adopt(owner: UpstreamOwner): void {
    this.#owner = owner;
    this.#phase = 'busy';
    this.reused = true;
    this.#engine.wheel.disarm(this.#timer);
  }

  /** Prepares for the response to a request of `method`. `decode`: the client takes no chunked framing. */
  expectResponse(method: string, decode: boolean): void {
    this.#method = method;
    this.#decode = decode;
    this.#inBody = false;
    this.#partialHead = null;
    this.#reusable = false;
    this.answered = false;
  }

  rest(idleMs: number): void {
    this.#owner = null;
    this.#phase = 'idle';
    const limitMs = this.#announcedIdleMs >= 0 ? Math.min(idleMs, this.#announcedIdleMs) : idleMs;
    this.#engine.wheel.arm(this.#timer, limitMs);
  }

  /** Becomes one end of `tunnel`; its timer belongs to the tunnel from here on. */
  enterTunnel(tunnel: Tunnel): void {
    this.#phase = 'tunnel';
    this.tunnel = tunnel;
    this.#engine.wheel.remove(this.#timer);
  }

  armTimer(delayMs: number): void {
    this.#engine.wheel.arm(this.#timer, delayMs);
  }

  disarmTimer(): void {
    this.#engine.wheel.disarm(this.#timer);
  }

  /** Closes without telling the owner. */
  destroy(): void {
    this.#owner = null;
    this.#close();
  }

  #close(): void {
    if (this.#phase === 'closed') return;
    if (this.#phase === 'idle') this.backend.upstreams.forget(this);
    this.#phase = 'closed';
    this.#engine.wheel.remove(this.#timer);
    if (this.#counted) this.backend.row.counters[COUNTER.connections]! -= 1;
    this.socket.destroy();
  }

  #fail(failure: Failure, detail: string): void {
    const owner = this.#owner;
    const tunnel = this.tunnel;
    this.#owner = null;
    this.tunnel = null;
    this.#close();
    if (tunnel !== null) tunnel.upstreamClosed();
    else owner?.upstreamFailed(failure, detail);
  }

  #onConnect(): void {
    if (this.#phase !== 'connecting') return;
    this.#phase = 'busy';
    this.#counted = true;
    const { counters } = this.backend.row;
    counters[COUNTER.connections]! += 1;
    counters[COUNTER.connectionsOpened]! += 1;
    this.#engine.wheel.disarm(this.#timer);
    this.#owner?.upstreamReady();
  }

  /** Asked for after every read. */
  #nextBuffer(): Buffer {
    const current = this.#buffer;
    const ownWanted = this.#longBody && this.#inBody && !this.#reader.done && this.#owner !== null;
    if (current !== SHARED_BUFFER) {
      if (ownWanted && !this.#lent) return current;
      if (!this.#lent) giveBuffer(current);
    }
    this.#lent = false;
    this.#buffer = ownWanted ? takeBuffer() : SHARED_BUFFER;
    return this.#buffer;
  }

  #onRead(size: number, buffer: Buffer): boolean {
    try {
      this.#receive(size, buffer);
    } catch (error) {
      this.#onFault(error);
    }
    return true;
  }

  #receive(size: number, buffer: Buffer): void {
    if (this.#phase === 'busy' && this.#owner !== null) this.#parse(buffer, size);
    else if (this.tunnel !== null) this.tunnel.fromUpstream(buffer.subarray(0, size));
    else this.destroy();
  }

  #parse(received: Buffer, size: number): void {
    const owner = this.#owner;
    let buffer = received;
    let position = 0;
    let end = size;
    this.answered = true;
    while (!this.#inBody) {
      let from = position;
      if (this.#partialHead !== null) {
        from = Math.max(0, this.#partialHead.length - 3);
        buffer = Buffer.concat([this.#partialHead, buffer.subarray(position, end)]);
        position = 0;
        end = buffer.length;
        this.#partialHead = null;
      }
      const headEnd = findHeadEnd(buffer, from, end);
      if (headEnd === -1) {
        if (end - position > MAX_HEAD_BYTES) {
          this.#fail('response-malformed', 'its header is too large');
          return;
        }
        if (position < end) this.#partialHead = Buffer.from(buffer.subarray(position, end));
        owner?.upstreamPaused();
        return;
      }
      const head = parseResponseHead(buffer.toString('latin1', position, headEnd), this.#method);
      if (isHeadError(head)) {
        this.#fail('response-malformed', head.reason);
        return;
      }
      position = headEnd;
      if (head.status === 101) {
        owner?.upstreamSwitched(head, buffer.subarray(position, end));
        return;
      }
      if (head.status < 200) owner?.upstreamInterim(head);
      else this.#startBody(head);
      if (this.#owner !== owner) return;
    }
    this.#relayBody(buffer, position, end);
  }

  #startBody(head: ResponseHead): void {
    this.#inBody = true;
    this.#reusable = head.keepAlive;
    if (!this.reused && this.#announcedIdleMs === -1) this.#announcedIdleMs = announcedIdleMs(head);
    this.#lengthKnown = head.contentLength >= 0;
    this.#longBody = head.contentLength > LONG_READ_BYTES;
    this.#reader.start(head.body, head.contentLength, this.#decode);
    this.#owner?.upstreamHead(head);
  }

  #relayBody(buffer: Buffer, position: number, end: number): void {
    const owner = this.#owner;
    const reader = this.#reader;
    let consumed = position;
    if (!reader.done && position < end) {
      const pieces = this.#pieces;
      pieces.length = 0;
      consumed = reader.read(buffer, position, end, pieces);
      const lasting = buffer !== SHARED_BUFFER;
      for (let i = 0; i < pieces.length; i++) owner?.upstreamData(pieces[i]!, lasting);
      pieces.length = 0;
      if (this.#owner !== owner) return;
      if (lasting) this.#lent = owner?.holdsBytes() ?? true;
      if (reader.error !== '') {
        this.#fail('response-malformed', reader.error);
        return;
      }
    }
    if (!reader.done) {
      if (!this.#lengthKnown) this.#longBody = end - position >= LONG_READ_BYTES;
      owner?.upstreamPaused();
      return;
    }
    // Bytes nobody asked for: what follows could be taken for the next answer.
    if (consumed < end) this.#reusable = false;
    owner?.upstreamComplete();
  }

  #onEnd(): void {
    if (this.#phase === 'tunnel') {
      this.tunnel?.upstreamEnded();
      return;
    }
    this.#reusable = false;
    if (this.#phase === 'busy' && this.#inBody && this.#reader.eof()) this.#owner?.upstreamComplete();
    else this.#fail(this.#lossFailure(), '');
  }

  #onError(error: NodeJS.ErrnoException): void {
    if (this.#phase === 'connecting') this.#fail(connectFailure(error.code), '');
    else this.#fail(this.#lossFailure(), '');
  }

  #onClose(): void {
    if (this.#phase !== 'closed') this.#fail(this.#lossFailure(), '');
  }

  #lossFailure(): Failure {
    if (this.#phase === 'connecting') return 'connect-failed';
    return this.answered ? 'response-truncated' : 'no-response';
  }

  #onDrain(): void {
    if (this.tunnel !== null) this.tunnel.upstreamDrained();
    else this.#owner?.upstreamDrained();
  }

  #onTimeout(): void {
    if (this.#phase === 'connecting') this.#fail('connect-timeout', '');
    else if (this.#phase === 'idle') this.destroy();
    else
      this.#fail(this.#inBody || this.socket.writableNeedDrain ? 'response-stalled' : 'response-timeout', '');
  }

  /** A bug in the handling of one connection ends that connection, not the thread. */
  #guard(action: () => void): void {
    try {
      action.call(this);
    } catch (error) {
      this.#onFault(error);
    }
  }

  #onFault(error: unknown): void {
    this.#engine.fault(error);
    this.#fail('fault', '');
  }
}

/** "Keep-Alive: timeout=5" → 4000: closing first avoids the race with the backend's own timer. */
function announcedIdleMs(head: ResponseHead): number {
  for (let i = 0; i < head.names.length; i++) {
    const name = head.names[i]!;
    if (name.length !== 10 || name.toLowerCase() !== 'keep-alive') continue;
    const at = head.values[i]!.indexOf('timeout=');
    const seconds = at === -1 ? Number.NaN : Number.parseInt(head.values[i]!.slice(at + 8), 10);
    if (seconds >= 0) return Math.max(0, (seconds - 1) * 1000);
  }
  return -1;
}
