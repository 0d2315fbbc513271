// One request at a backend that speaks HTTP/2, as a stream of a session: sends what the exchange frames as
// HTTP/1.1, hands on the response as its client takes it. Invariant: a response is complete only if the
// backend ended it with END_STREAM, and a request cut short is reset, never ended. Made by
// upstream-sessions.ts for one exchange, which owns it.
//
//   waiting ─▶ ready ─▶ sent ─▶ closed      sent ─▶ tunnel ─▶ closed      any ─▶ closed
import { type ClientHttp2Stream, constants } from 'node:http2';
import { addAbortSignal, type Duplex } from 'node:stream';
import { BODY, type RequestHead } from '../exchange/message.ts';
import type { Tunnel } from '../exchange/tunnel.ts';
import type { Failure } from '../failure.ts';
import { BodyReader } from '../http1/body.ts';
import { isHeadError } from '../http1/head-request.ts';
import { trailerLines, travellingTrailers } from '../http1/trailer-fields.ts';
import type { BackendState, EngineState } from '../state.ts';
import { WheelTimer } from '../timer-wheel.ts';
import type { Upstream, UpstreamOwner } from '../upstream.ts';
import { fieldObject } from './response-fields.ts';
import {
  errorName,
  grantsWebSocket,
  http2RequestFields,
  http2ResponseHead,
  opensWebSocket,
  webSocketSwitch,
} from './upstream-fields.ts';
import type { UpstreamSession } from './upstream-session.ts';

type Phase = 'waiting' | 'ready' | 'sent' | 'tunnel' | 'closed';

const NO_FIELDS: readonly string[] = [];
const NO_BYTES = Buffer.alloc(0);
const CHUNK_END = Buffer.from('\r\n', 'latin1');
const ABORTED = AbortSignal.abort();

export class Http2Upstream implements Upstream {
  readonly backend: BackendState;
  readonly #engine: EngineState;
  readonly #timer: WheelTimer;
  readonly #reader = new BodyReader();
  readonly #pieces: Buffer[] = [];
  #owner: UpstreamOwner | null;
  #phase: Phase = 'waiting';
  #session: UpstreamSession | null = null;
  #onUsedSession = false;
  #stream: ClientHttp2Stream | null = null;
  #tunnel: Tunnel | null = null;
  #request: RequestHead | null = null;
  #bare = false;
  #answered = false;
  /** The backend has ended the response, which may still lie here unread. */
  #ended = false;
  /** The client is sent chunks. */
  #chunked = false;
  /** What comes of a body is not for the client. */
  #bodiless = false;
  #trailers = NO_FIELDS;
  #flushDue = false;

  constructor(engine: EngineState, backend: BackendState, owner: UpstreamOwner) {
    this.#engine = engine;
    this.backend = backend;
    this.#owner = owner;
    this.#timer = new WheelTimer(() => this.#safely(this.#onTimeout));
  }

  // ---- Its session

  /** True: ready at once. */
  join(session: UpstreamSession): boolean {
    this.#session = session;
    const isReady = session.add(this);
    if (isReady) this.#begin(session);
    return isReady;
  }

  /** The session it waited for is open. */
  ready(): void {
    if (this.#phase === 'waiting') this.#begin(this.#session!);
    this.#safely(() => this.#owner?.upstreamReady());
  }

  #begin(session: UpstreamSession): void {
    this.#phase = 'ready';
    this.#onUsedSession = session.used;
  }

  /** The backend ended the connection. What of the response is here may be whole. */
  connectionEnded(): void {
    if (this.#ended || this.#phase === 'closed') return;
    const stream = this.#stream;
    this.#lose(stream?.closed === true ? (stream.rstCode ?? null) : null);
  }

  // ---- What the exchange asks for

  get reused(): boolean {
    return this.#onUsedSession && this.#session?.isGoing === true;
  }

  get socket(): Duplex {
    return this.#stream!;
  }

  isReady(): boolean {
    return this.#phase === 'ready' || this.#phase === 'sent';
  }

  expectResponse(head: RequestHead, bare: boolean): void {
    this.#request = head;
    this.#bare = bare;
  }

  sendHead(text: string): void {
    const session = this.#session!;
    const head = this.#request!;
    const webSocket = opensWebSocket(head);
    if (webSocket && !session.takesWebSockets) {
      this.#failSoon('upgrade-unsupported');
      return;
    }
    const fields = http2RequestFields(head, text, session.destination);
    const endStream = head.body === BODY.none && !webSocket;
    const stream = session.request(fields, { endStream, waitForTrailers: head.body === BODY.chunked });
    if (stream === null) {
      this.#failSoon('stream-refused');
      return;
    }
    this.#phase = 'sent';
    this.#stream = stream;
    this.#reader.start(head.body, head.contentLength, true);
    this.#listen(stream);
  }

  #listen(stream: ClientHttp2Stream): void {
    // The 'close' that follows says all there is to do.
    stream.on('error', () => undefined);
    stream.on('headers', (_headers, _flags, fields) => this.#safely(() => this.#onInterim(fields)));
    stream.on('response', (_headers, flags, fields) =>
      this.#safely(() => this.#onResponse(stream, (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0, fields)),
    );
    stream.on('trailers', (_headers: unknown, _flags: number, fields: string[]) => this.#onTrailers(fields));
    stream.on('wantTrailers', () => this.#safely(() => this.#sendTrailers(stream)));
    stream.on('drain', () => this.#safely(this.#onDrain));
    stream.on('close', () => this.#safely(() => this.#onClose(stream)));
    // node:http2 ends what can be read on RST_STREAM with NO_ERROR as it does on END_STREAM; only then,
    // it calls the stream closed before.
    const push = stream.push.bind(stream);
    stream.push = (chunk: unknown, encoding?: BufferEncoding) => {
      if (chunk === null && !stream.closed) this.#ended = true;
      return push(chunk, encoding);
    };
  }

  sendBody(bytes: Buffer): void {
    const stream = this.#stream;
    if (stream === null) return;
    const reader = this.#reader;
    if (reader.done) return;
    const pieces = this.#pieces;
    pieces.length = 0;
    reader.read(bytes, 0, bytes.length, pieces);
    for (let i = 0; i < pieces.length; i++) stream.write(pieces[i]!);
    pieces.length = 0;
    if (reader.done) stream.end();
  }

  #sendTrailers(stream: ClientHttp2Stream): void {
    // Without any, this is an empty DATA frame that ends the stream.
    if (!stream.destroyed && !stream.closed)
      stream.sendTrailers(fieldObject(lowerCaseNames(this.#reader.trailerFields)));
  }

  flush(): boolean {
    return this.#stream?.writableNeedDrain !== true;
  }

  pause(): void {
    this.#stream?.pause();
  }

  resume(): void {
    this.#stream?.resume();
  }

  /** Frames wait inside the session, unseen. */
  holdsBytes(): boolean {
    return true;
  }

  isPaused(): boolean {
    return this.#stream?.isPaused() === true;
  }

  armTimer(delayMs: number): void {
    if (this.#phase !== 'closed') this.#engine.wheel.arm(this.#timer, delayMs);
  }

  disarmTimer(): void {
    this.#engine.wheel.disarm(this.#timer);
  }

  handOver(owner: UpstreamOwner): void {
    this.#owner = owner;
  }

  enterTunnel(tunnel: Tunnel): void {
    this.#phase = 'tunnel';
    this.#tunnel = tunnel;
    this.#engine.wheel.remove(this.#timer);
  }

  release(): void {
    this.#close();
  }

  destroy(): void {
    this.#close();
  }

  /** Resets the stream unless both sides have ended it. */
  #close(): void {
    if (this.#phase === 'closed') return;
    this.#phase = 'closed';
    this.#owner = null;
    this.#tunnel = null;
    this.#engine.wheel.remove(this.#timer);
    const stream = this.#stream;
    const complete = stream === null || (this.#ended && stream.writableEnded);
    // With CANCEL. Not close(): that ends the request before it resets it.
    if (!complete && !stream.destroyed) addAbortSignal(ABORTED, stream);
    else stream?.resume();
    this.#session?.leave(this);
  }

  /** Ends it and tells whom it works for. */
  fail(failure: Failure, detail: string): void {
    if (this.#phase === 'closed') return;
    const owner = this.#owner;
    const tunnel = this.#tunnel;
    this.#close();
    if (tunnel !== null) tunnel.upstreamClosed();
    else this.#safely(() => owner?.upstreamFailed(failure, detail));
  }

  /** Not while the owner is still calling. */
  #failSoon(failure: Failure): void {
    process.nextTick(() => this.fail(failure, ''));
  }

  // ---- The backend's answer

  #onInterim(fields: readonly string[]): void {
    if (this.#phase !== 'sent') return;
    const head = http2ResponseHead(fields, this.#request!, { ended: false, trailersAnywhere: false });
    if (isHeadError(head)) this.fail('response-malformed', head.reason);
    // A switch of protocols does not exist in HTTP/2 (RFC 9113 §8.6).
    else if (head.status === 101) this.fail('response-malformed', 'Status 101 over HTTP/2');
    else {
      this.#owner?.upstreamInterim(head);
      this.#flushSoon();
    }
  }

  #onResponse(stream: ClientHttp2Stream, ended: boolean, fields: readonly string[]): void {
    if (this.#phase !== 'sent') return;
    this.#answered = true;
    this.#session!.used = true;
    const request = this.#request!;
    const trailersAnywhere = this.#bare && request.minor === 1;
    const head = http2ResponseHead(fields, request, { ended, trailersAnywhere });
    if (isHeadError(head)) {
      this.fail('response-malformed', head.reason);
      return;
    }
    if (opensWebSocket(request) && grantsWebSocket(head)) {
      this.#owner?.upstreamSwitched(webSocketSwitch(head, request), NO_BYTES);
    } else {
      this.#bodiless = head.body === BODY.none;
      this.#chunked = head.body === BODY.chunked && !this.#bare;
      this.#owner?.upstreamHead(head);
      this.#flushSoon();
    }
    if (this.#isClosed()) return;
    stream.on('data', (chunk: Buffer) => this.#onData(chunk));
    stream.on('end', () => this.#safely(this.#onEnd));
  }

  /** What the owner was told may have made it let go. */
  #isClosed(): boolean {
    return this.#phase === 'closed';
  }

  #onData(chunk: Buffer): void {
    try {
      if (this.#tunnel !== null) this.#tunnel.fromUpstream(chunk);
      else this.#relay(chunk);
    } catch (error) {
      this.#onFault(error);
    }
  }

  #relay(chunk: Buffer): void {
    const owner = this.#owner;
    if (owner === null || this.#bodiless || chunk.length === 0) return;
    if (this.#chunked) owner.upstreamData(Buffer.from(`${chunk.length.toString(16)}\r\n`, 'latin1'), true);
    owner.upstreamData(chunk, true);
    if (this.#chunked) this.#owner?.upstreamData(CHUNK_END, true);
    this.#flushSoon();
  }

  /** What arrived together leaves together. */
  #flushSoon(): void {
    if (this.#flushDue) return;
    this.#flushDue = true;
    process.nextTick(() => {
      this.#flushDue = false;
      if (this.#phase === 'sent') this.#safely(() => this.#owner?.upstreamReadDone());
    });
  }

  #onTrailers(fields: readonly string[]): void {
    this.#trailers = fields;
  }

  #onEnd(): void {
    if (this.#tunnel !== null) {
      this.#tunnel.upstreamEnded();
      return;
    }
    // Otherwise the 'close' that follows tells.
    if (!this.#ended || this.#phase !== 'sent') return;
    const names = this.#trailers.filter((_, i) => i % 2 === 0);
    const values = this.#trailers.filter((_, i) => i % 2 === 1);
    if (this.#chunked) {
      const last = Buffer.from(`0\r\n${trailerLines(names, values)}\r\n`, 'latin1');
      this.#owner?.upstreamData(last, true);
    } else if (names.length > 0) this.#owner?.upstreamTrailers(travellingTrailers(names, values));
    this.#owner?.upstreamComplete();
  }

  #onDrain(): void {
    if (this.#tunnel !== null) this.#tunnel.upstreamDrained();
    else this.#owner?.upstreamDrained();
  }

  #onClose(stream: ClientHttp2Stream): void {
    if (this.#phase !== 'closed') this.#lose(this.#session!.isBroken ? null : (stream.rstCode ?? null));
  }

  /** `code` is what the backend ended the stream with; null: it ended the connection. */
  #lose(code: number | null): void {
    const stream = this.#stream;
    const failure = this.#answered
      ? 'response-truncated'
      : stream === null
        ? 'stream-refused'
        : this.#session!.failureOf(stream, code);
    const isTold = code !== null && code !== constants.NGHTTP2_NO_ERROR;
    this.fail(failure, isTold && failure !== 'stream-refused' ? errorName(code) : '');
  }

  #onTimeout(): void {
    const session = this.#session;
    const isStalled = this.#answered || this.#stream?.writableNeedDrain === true;
    this.fail(isStalled ? 'response-stalled' : 'response-timeout', '');
    session?.doubt();
  }

  /** A bug in the handling of one stream ends that stream, not the connection. */
  #safely(action: () => void): void {
    try {
      action.call(this);
    } catch (error) {
      this.#onFault(error);
    }
  }

  #onFault(error: unknown): void {
    this.#engine.fault(error);
    this.fail('fault', '');
  }
}

function lowerCaseNames(fields: readonly string[]): string[] {
  return fields.map((text, i) => (i % 2 === 0 ? text.toLowerCase() : text));
}
