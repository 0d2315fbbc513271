// One connection to a backend that speaks HTTP/2, shared by the requests that are streams of it. Opens
// it (ALPN over TLS, prior knowledge in clear text), keeps to the number of streams the backend allows,
// tests it when it has become doubtful. Invariant: a request is sent only once the backend has said its
// SETTINGS, so whatever went wrong before is safe to try elsewhere. Made by upstream-sessions.ts.
//
//   connecting ─▶ open ⇄ doubted      open ─▶ leaving ─▶ closed      any ─▶ closed
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type ClientSessionOptions,
  type ClientSessionRequestOptions,
  connect,
  constants,
  type Settings,
} from 'node:http2';
import net from 'node:net';
import tls from 'node:tls';
import { formatAddress } from '#shared/config/primitives.ts';
import type { TlsError } from '#shared/tls-failure.ts';
import { connectFailure, type Failure } from '../failure.ts';
import type { BackendState, EngineState } from '../state.ts';
import { COUNTER } from '../telemetry/layout.ts';
import { WheelTimer } from '../timer-wheel.ts';
import type { UpstreamTls } from '../tls/upstream.ts';
import type { Destination } from './upstream-fields.ts';
import type { Http2Upstream } from './upstream-stream.ts';

/** What a session needs of those who made it. */
export interface SessionOwner {
  /** A request that waited for this session finds no room on it. */
  moveOn(upstream: Http2Upstream): void;
  /** Nothing is under way any more. */
  sessionIdle(session: UpstreamSession): void;
  sessionClosed(session: UpstreamSession): void;
}

type Phase = 'connecting' | 'open' | 'doubted' | 'leaving' | 'closed';

/** Requests on one session at a time, whatever the backend would allow. */
const MAX_STREAMS = 100;
/** Response bytes on their way to us: one stream that is not read leaves room for all others. */
const STREAM_WINDOW_BYTES = 262_144;
const SESSION_WINDOW_BYTES = MAX_STREAMS * STREAM_WINDOW_BYTES;
/** As for backends that speak HTTP/1.1. */
const HEADER_LIST_BYTES = 65_536;
const HEADER_FIELDS = 2000;
/** Above the largest a listener can be told to accept, and what is added to it. */
const REQUEST_HEAD_BYTES = 2_097_152;
const SESSION_MB = 64;
/** Stream numbers end at 2^30 requests. */
const MAX_REQUESTS = 1_000_000_000;
/** For the backend to close after it was told that nothing more comes. */
const LEAVING_MS = 1000;

export class UpstreamSession {
  readonly backend: BackendState;
  readonly destination: Destination;
  /** A request was answered on it. */
  used = false;
  readonly #engine: EngineState;
  readonly #owner: SessionOwner;
  readonly #socket: net.Socket;
  readonly #timer: WheelTimer;
  /** Null: clear text. */
  readonly #tls: UpstreamTls | null;
  /** Requests that wait for it to open. */
  readonly #waiting = new Set<Http2Upstream>();
  readonly #streams = new Set<Http2Upstream>();
  #session: ClientHttp2Session | null = null;
  #phase: Phase = 'connecting';
  /** It is TLS, or what follows it, that is being waited for. */
  #reached = false;
  #limit = MAX_STREAMS;
  #takesWebSockets = false;
  #requests = 0;
  /** The last stream the backend has acted on, once it says so. */
  #lastStream = Number.POSITIVE_INFINITY;
  /** The backend has ended the connection with an error, or just so. */
  #broken = false;

  constructor(engine: EngineState, owner: SessionOwner, backend: BackendState) {
    this.#engine = engine;
    this.#owner = owner;
    this.backend = backend;
    this.#timer = new WheelTimer(() => this.#safely(this.#onTimeout));
    const { host, port, pool } = backend;
    this.#tls = pool.tls;
    this.destination = {
      scheme: pool.tls === null ? 'http' : 'https',
      authority: formatAddress(host, port),
    };
    this.#socket =
      pool.tls === null
        ? net.connect({ host, port, noDelay: true, allowHalfOpen: true })
        : pool.tls.connect(backend, { protocol: 'h2' });
    const socket = this.#socket;
    socket.on('error', (error: TlsError) => this.#safely(() => this.#lose(error)));
    socket.on('end', () => this.#safely(this.#onEnd));
    socket.on('close', () => this.#safely(() => this.#lose({})));
    socket.on('connect', () => {
      this.#reached = true;
      if (pool.tls === null) this.#safely(this.#greet);
    });
    if (pool.tls !== null) socket.on('secureConnect', () => this.#safely(this.#onSecured));
    engine.wheel.arm(this.#timer, pool.plan.timeouts.connectMs);
  }

  get hasRoom(): boolean {
    if (this.#phase === 'connecting') return this.#waiting.size < this.#limit;
    return this.#phase === 'open' && this.#streams.size < this.#limit && this.#session?.closed === false;
  }

  get idle(): boolean {
    return this.#streams.size === 0 && this.#waiting.size === 0;
  }

  /** It takes no request any more: the backend closes it, or has. */
  get isGoing(): boolean {
    return this.#phase === 'leaving' || this.#phase === 'closed' || this.#session?.closed === true;
  }

  /** Asked of an open session. RFC 8441 §3. */
  get takesWebSockets(): boolean {
    return this.#takesWebSockets;
  }

  /** Only while it has room. True: ready at once. */
  add(upstream: Http2Upstream): boolean {
    if (this.#phase === 'connecting') {
      this.#waiting.add(upstream);
      return false;
    }
    this.#streams.add(upstream);
    this.#engine.wheel.disarm(this.#timer);
    return true;
  }

  /** Null: the session cannot take it any more. */
  request(fields: readonly string[], options: ClientSessionRequestOptions): ClientHttp2Stream | null {
    const session = this.#session;
    if (session === null || session.closed || session.destroyed) return null;
    this.#requests++;
    return session.request(fields, options);
  }

  /** `upstream` needs it no more. */
  leave(upstream: Http2Upstream): void {
    this.#waiting.delete(upstream);
    this.#streams.delete(upstream);
    if (!this.idle || this.#phase === 'closed' || this.#phase === 'connecting') return;
    if (this.#phase === 'leaving') this.#awaitClose();
    else if (this.#requests >= MAX_REQUESTS) this.retire();
    else if (this.#phase === 'open') this.#owner.sessionIdle(this);
  }

  /** Nothing comes for now; closed unless something does within `idleMs`. */
  rest(idleMs: number): void {
    this.#engine.wheel.arm(this.#timer, idleMs);
  }

  /** Takes nothing new; closes once what is under way is over. */
  retire(): void {
    if (this.#phase === 'connecting' && this.#waiting.size === 0) this.#close();
    if (this.#phase !== 'open' && this.#phase !== 'doubted') return;
    this.#phase = 'leaving';
    this.#engine.wheel.disarm(this.#timer);
    this.#session?.close();
    if (this.idle) this.#awaitClose();
  }

  /** A request got no answer in time: the backend must show that it still hears us. */
  doubt(): void {
    if (this.#phase !== 'open' || this.#session?.closed !== false) return;
    this.#phase = 'doubted';
    this.#engine.wheel.arm(this.#timer, this.backend.pool.plan.timeouts.connectMs);
    this.#session.ping((error) => this.#safely(() => this.#onPong(error)));
  }

  /** Why a stream ended before its response began. `code` is its own, null that of its connection. */
  failureOf(stream: ClientHttp2Stream, code: number | null): Failure {
    if (code === constants.NGHTTP2_REFUSED_STREAM || (stream.id ?? 0) > this.#lastStream)
      return 'stream-refused';
    if (code === null) return 'no-response';
    if (code === constants.NGHTTP2_CANCEL) return 'stream-cancelled';
    // node:http2 itself ends a stream so when its response is malformed. A backend that says it finds
    // fault with the request, as every other one would.
    return code === constants.NGHTTP2_PROTOCOL_ERROR ? 'response-malformed' : 'stream-reset';
  }

  /** The end of its streams says nothing about them, only about their connection. */
  get isBroken(): boolean {
    return this.#broken || this.#phase === 'closed';
  }

  // ---- Opening

  #onSecured(): void {
    if (this.#phase !== 'connecting') return;
    if (this.#socket instanceof tls.TLSSocket && this.#socket.alpnProtocol === 'h2') this.#greet();
    else this.#fail('connect-tls', 'it does not offer HTTP/2 (ALPN)');
  }

  #greet(): void {
    if (this.#phase !== 'connecting') return;
    const options: ClientSessionOptions & { strictSingleValueFields: boolean } = {
      createConnection: () => this.#socket,
      settings: {
        enablePush: false,
        initialWindowSize: STREAM_WINDOW_BYTES,
        maxHeaderListSize: HEADER_LIST_BYTES,
      },
      maxHeaderListPairs: HEADER_FIELDS,
      maxSendHeaderBlockLength: REQUEST_HEAD_BYTES,
      maxSessionMemory: SESSION_MB,
      // What clients send is passed on, repeated fields too.
      strictSingleValueFields: false,
    };
    // Every request names its own scheme and authority.
    const session = connect('http://backend.invalid', options);
    this.#session = session;
    // What broke shows as 'close' of the socket and of each stream.
    session.on('error', (error: TlsError) => {
      if (this.#phase === 'connecting') this.#safely(() => this.#lose(error));
    });
    session.on('close', () => this.#socket.destroy());
    session.on('remoteSettings', (settings) => this.#safely(() => this.#onSettings(settings)));
    session.on('goaway', (code, lastStream) => this.#onGoaway(code, lastStream));
  }

  #onSettings(settings: Settings): void {
    this.#limit = Math.min(MAX_STREAMS, settings.maxConcurrentStreams ?? MAX_STREAMS);
    this.#takesWebSockets = settings.enableConnectProtocol === true;
    if (this.#phase !== 'connecting') return;
    this.#phase = 'open';
    this.#engine.wheel.disarm(this.#timer);
    const { counters } = this.backend.row;
    counters[COUNTER.connections]! += 1;
    counters[COUNTER.connectionsOpened]! += 1;
    this.#session?.setLocalWindowSize(SESSION_WINDOW_BYTES);
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    const fitting = waiting.slice(0, this.#limit);
    for (const upstream of fitting) this.#streams.add(upstream);
    for (const upstream of fitting) upstream.ready();
    for (const upstream of waiting.slice(this.#limit)) {
      if (this.#limit === 0) upstream.fail('stream-refused', 'it allows no streams');
      else this.#owner.moveOn(upstream);
    }
    if (this.idle && this.#phase === 'open') this.#owner.sessionIdle(this);
  }

  // ---- Ending

  #onGoaway(code: number, lastStream: number): void {
    this.#lastStream = lastStream;
    if (code !== constants.NGHTTP2_NO_ERROR) this.#broken = true;
    if (this.#phase !== 'open' && this.#phase !== 'doubted') return;
    this.#phase = 'leaving';
    this.#engine.wheel.disarm(this.#timer);
    if (this.idle) this.#awaitClose();
  }

  #onPong(error: Error | null): void {
    if (this.#phase !== 'doubted' || error !== null) return;
    this.#phase = 'open';
    this.#engine.wheel.disarm(this.#timer);
    if (this.idle) this.#owner.sessionIdle(this);
  }

  /** The backend sends nothing more: answers that are complete are still delivered. */
  #onEnd(): void {
    if (this.#phase === 'connecting') {
      this.#lose({ code: 'ECONNRESET' });
      return;
    }
    this.#broken = true;
    this.retire();
    for (const upstream of [...this.#streams]) upstream.connectionEnded();
    if (this.idle) this.#close();
  }

  /** The connection is gone; the error of its end says why, where there is one. */
  #lose(error: TlsError): void {
    if (this.#phase !== 'connecting') this.#fail('no-response', '');
    else if (this.#session !== null) this.#fail('connect-failed', 'it did not answer in HTTP/2');
    else if (this.#tls !== null && this.#reached)
      this.#fail('connect-tls', this.#tls.failureText(error, this.backend));
    else this.#fail(connectFailure(error.code), '');
  }

  #onTimeout(): void {
    if (this.#phase === 'open') this.retire();
    else if (this.#phase === 'leaving') this.#close();
    else if (this.#phase === 'doubted') this.#fail('no-response', 'it does not answer any more');
    else this.#fail('connect-timeout', this.#silence());
  }

  /** What it is that did not come in time. */
  #silence(): string {
    if (this.#session !== null) return 'it sent no HTTP/2 settings';
    return this.#reached ? 'the TLS handshake was not completed' : '';
  }

  #awaitClose(): void {
    this.#engine.wheel.arm(this.#timer, LEAVING_MS);
  }

  #fail(failure: Failure, detail: string): void {
    const waiting = [...this.#waiting];
    const streams = [...this.#streams];
    this.#waiting.clear();
    this.#close();
    for (const upstream of waiting) upstream.fail(failure, detail);
    for (const upstream of streams) upstream.connectionEnded();
  }

  #close(): void {
    if (this.#phase === 'closed') return;
    if (this.#phase !== 'connecting') this.backend.row.counters[COUNTER.connections]! -= 1;
    this.#phase = 'closed';
    this.#engine.wheel.remove(this.#timer);
    this.#owner.sessionClosed(this);
    if (this.#session?.destroyed === false) this.#session.destroy();
    // After the session's last word.
    setImmediate(() => this.#socket.destroy());
  }

  /** A bug in the handling of one connection ends that connection, not the thread. */
  #safely(action: () => void): void {
    try {
      action.call(this);
    } catch (error) {
      this.#engine.fault(error);
      this.#fail('fault', '');
    }
  }
}
