// One TCP connection to a backend, speaking HTTP/1.1: opens, sends what it is given, parses responses
// and hands them to the exchange that owns it. Invariant: without an owner any received byte closes
// it, so an unasked answer is never served (response queue poisoning, CVE-2026-48931).
//
//   connecting ─▶ busy ⇄ idle      busy ─▶ tunnel      any ─▶ closed
import net from 'node:net';
import type { TlsError } from '#shared/tls-failure.ts';
import type { RequestHead, ResponseHead } from '../exchange/message.ts';
import type { Tunnel } from '../exchange/tunnel.ts';
import { connectFailure, type Failure } from '../failure.ts';
import type { BackendState, EngineState } from '../state.ts';
import { COUNTER } from '../telemetry/layout.ts';
import { WheelTimer } from '../timer-wheel.ts';
import type { UpstreamTls } from '../tls/upstream.ts';
import type { Upstream, UpstreamOwner } from '../upstream.ts';
import { BodyReader } from './body.ts';
import { findHeadEnd } from './head-end.ts';
import { isHeadError } from './head-request.ts';
import { parseResponseHead } from './head-response.ts';
import { LONG_READ_BYTES, ReadMemory, SHARED_BUFFER } from './read-buffers.ts';
import { SocketWriter } from './socket-writer.ts';
import type { UpstreamPool } from './upstream-pool.ts';

type Phase = 'connecting' | 'busy' | 'idle' | 'tunnel' | 'closed';

/** Largest response header. Larger than what clients may send: backends set many cookies. */
const MAX_HEAD_BYTES = 65_536;

export class UpstreamConnection implements Upstream {
  readonly backend: BackendState;
  readonly generation: number;
  readonly socket: net.Socket;
  /** It has served a request before, so the backend may be closing it this very moment. */
  reused = false;
  /** A byte of the current response has arrived. */
  answered = false;
  tunnel: Tunnel | null = null;

  readonly #engine: EngineState;
  readonly #pool: UpstreamPool;
  readonly #writer: SocketWriter;
  readonly #timer: WheelTimer;
  readonly #reader = new BodyReader();
  readonly #pieces: Buffer[] = [];
  /** Null: clear text. */
  readonly #tls: UpstreamTls | null;
  /** It is TLS that is being waited for. */
  #reached = false;
  #owner: UpstreamOwner | null;
  #phase: Phase = 'connecting';
  #counted = false;
  #method = '';
  #decode = false;
  #inBody = false;
  #partialHead: Buffer | null = null;
  #reusable = false;
  readonly #memory = new ReadMemory();
  #lengthKnown = false;
  #longBody = false;
  /** What the backend announced as its own idle limit, less a margin; -1: nothing. */
  #announcedIdleMs = -1;

  constructor(
    engine: EngineState,
    pool: UpstreamPool,
    backend: BackendState,
    owner: UpstreamOwner,
    generation: number,
  ) {
    this.#engine = engine;
    this.#pool = pool;
    this.backend = backend;
    this.#owner = owner;
    this.generation = generation;
    this.#timer = new WheelTimer(() => this.#safely(this.#onTimeout));
    const onread: net.OnReadOpts = {
      buffer: () => this.#nextBuffer(),
      callback: (size, buffer) => this.#onRead(size, buffer as Buffer),
    };
    const { host, port } = backend;
    const { tls } = backend.pool;
    this.#tls = tls;
    this.socket =
      tls === null
        ? net.connect({ host, port, noDelay: true, allowHalfOpen: true, onread })
        : tls.connect(backend, { onread, protocol: 'http/1.1' });
    this.socket.on('error', (error: NodeJS.ErrnoException) => this.#safely(() => this.#onError(error)));
    if (tls === null) this.socket.once('connect', () => this.#safely(this.#onReady));
    else {
      this.socket.once('connect', () => {
        this.#reached = true;
      });
      this.socket.once('secureConnect', () => this.#safely(this.#onReady));
    }
    this.socket.on('end', () => this.#safely(this.#onEnd));
    this.socket.on('close', () => this.#safely(this.#onClose));
    this.socket.on('drain', () => this.#safely(this.#onDrain));
    this.#writer = new SocketWriter(this.socket);
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

  handOver(owner: UpstreamOwner): void {
    this.#owner = owner;
  }

  expectResponse(head: RequestHead, bare: boolean): void {
    this.#method = head.method;
    this.#decode = bare;
    this.#inBody = false;
    this.#partialHead = null;
    this.#reusable = false;
    this.answered = false;
  }

  sendHead(text: string): void {
    this.#writer.text(text);
  }

  sendBody(bytes: Buffer): void {
    this.#writer.bytes(bytes, true);
  }

  flush(): boolean {
    return this.#writer.flush();
  }

  holdsBytes(): boolean {
    return this.#writer.holdsBytes();
  }

  pause(): void {
    this.socket.pause();
  }

  resume(): void {
    this.socket.resume();
  }

  isPaused(): boolean {
    return this.socket.isPaused();
  }

  release(): void {
    if (this.socket.isPaused()) this.socket.resume();
    this.#pool.release(this);
  }

  rest(idleMs: number): void {
    this.#owner = null;
    this.#phase = 'idle';
    const limitMs = this.#announcedIdleMs >= 0 ? Math.min(idleMs, this.#announcedIdleMs) : idleMs;
    this.#engine.wheel.arm(this.#timer, limitMs);
  }

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

  destroy(): void {
    this.#owner = null;
    this.#close();
  }

  #close(): void {
    if (this.#phase === 'closed') return;
    if (this.#phase === 'idle') this.#pool.forget(this);
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

  #onReady(): void {
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
    return this.#memory.next(this.#longBody && this.#inBody && !this.#reader.done && this.#owner !== null);
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
        owner?.upstreamReadDone();
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
      if (this.#owner === null) return;
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
      if (lasting) this.#memory.lent = owner?.holdsBytes() ?? true;
      if (reader.error !== '') {
        this.#fail('response-malformed', reader.error);
        return;
      }
    }
    if (!reader.done) {
      if (!this.#lengthKnown) this.#longBody = end - position >= LONG_READ_BYTES;
      owner?.upstreamReadDone();
      return;
    }
    // Bytes nobody asked for: what follows could be taken for the next answer.
    if (consumed < end) this.#reusable = false;
    if (reader.trailerFields.length > 0) owner?.upstreamTrailers(reader.trailerFields);
    owner?.upstreamComplete();
  }

  #onEnd(): void {
    if (this.#phase === 'tunnel') {
      this.tunnel?.upstreamEnded();
      return;
    }
    this.#reusable = false;
    if (this.#phase === 'busy' && this.#inBody && this.#reader.eof()) this.#owner?.upstreamComplete();
    else this.#lose({ code: 'ECONNRESET' });
  }

  #onError(error: NodeJS.ErrnoException): void {
    this.#lose(error);
  }

  /** The connection is gone; the error of its end says why, where there is one. */
  #lose(error: TlsError): void {
    if (this.#phase !== 'connecting') this.#fail(this.answered ? 'response-truncated' : 'no-response', '');
    else if (this.#tls === null || !this.#reached) this.#fail(connectFailure(error.code), '');
    else this.#fail('connect-tls', this.#tls.failureText(error, this.backend));
  }

  #onClose(): void {
    if (this.#phase !== 'closed') this.#lose({});
  }

  #onDrain(): void {
    if (this.tunnel !== null) this.tunnel.upstreamDrained();
    else this.#owner?.upstreamDrained();
  }

  #onTimeout(): void {
    if (this.#phase === 'connecting')
      this.#fail('connect-timeout', this.#reached ? 'the TLS handshake was not completed' : '');
    else if (this.#phase === 'idle') this.destroy();
    else
      this.#fail(this.#inBody || this.socket.writableNeedDrain ? 'response-stalled' : 'response-timeout', '');
  }

  /** A bug in the handling of one connection ends that connection, not the thread. */
  #safely(action: () => void): void {
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
