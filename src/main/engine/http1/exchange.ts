// One request and its response: finds route, pool and backend, sends the request, relays bodies both
// ways with backpressure, tries again where that is safe, and accounts for the outcome. One object
// per client connection, used again for each request.
//
//   client ─ begin, requestData, requestEnd ─▶ Exchange ─ writer ─▶ UpstreamConnection ─▶ backend
//   client ◀─ sendHead, sendBody, sendEnd ──── Exchange ◀─ upstreamHead, upstreamData ◀── backend
//
// Invariant: once a byte of the response went to the client nothing is retried, and a response cut
// short never ends cleanly.
import { backendFailureText, FAILURES, type Failure, isIdempotent, ownFailureText } from '../failure.ts';
import type { BackendState, EngineState, PoolState } from '../state.ts';
import { COUNTER } from '../telemetry/layout.ts';
import {
  countAttempt,
  countAttemptEnd,
  countIn,
  countLatency,
  countOut,
  countStatus,
  type Finished,
  logFinished,
} from './accounting.ts';
import type { Front } from './front.ts';
import { BODY, type RequestHead, type ResponseHead } from './message.ts';
import { requestHeadText } from './serialize.ts';
import { Tunnel } from './tunnel.ts';
import { unavailableText } from './unavailable.ts';
import type { UpstreamConnection, UpstreamOwner } from './upstream-connection.ts';

/** Backends tried for one request at most: enough to get past a failed rack, not to storm a pool of 5000. */
const MAX_ATTEMPTS = 8;
const RETRY_AFTER_S = 1;

export class Exchange implements UpstreamOwner, Finished {
  readonly #engine: EngineState;
  readonly #front: Front;
  readonly #tried: BackendState[] = [];
  #requestText = '';
  #upstream: UpstreamConnection | null = null;
  #pool: PoolState | null = null;
  #tunnel: Tunnel | null = null;
  #requestDone = false;
  /** A byte of the request body was taken from the client: the request cannot be sent again. */
  #bodyTaken = false;
  #responseBegun = false;
  #repeated = false;
  #startedMs = 0;

  /** Between `begin` and the front's `exchangeDone`. */
  active = false;
  // What the log wants to know; written here only.
  readonly listener: Front['listener'];
  readonly client: string;
  head: RequestHead | null = null;
  backend: BackendState | null = null;
  route = '';
  pool = '';
  startedAt = 0;
  tookMs = 0;
  status = 0;
  attempts = 0;
  bytesIn = 0;
  bytesOut = 0;
  failure: Failure | '' = '';

  constructor(engine: EngineState, front: Front) {
    this.#engine = engine;
    this.#front = front;
    this.listener = front.listener;
    this.client = front.forwarding.clientAddress;
  }

  // ---- The client's side

  /** A request whose head is `headBytes` long. Without a body it is complete. */
  begin(head: RequestHead, headBytes: number): void {
    this.active = true;
    this.head = head;
    this.route = '';
    this.pool = '';
    this.backend = null;
    this.#pool = null;
    this.#upstream = null;
    this.#tried.length = 0;
    this.#requestDone = head.body === BODY.none;
    this.#bodyTaken = false;
    this.#responseBegun = false;
    this.#repeated = false;
    this.status = 0;
    this.attempts = 0;
    this.bytesIn = 0;
    this.bytesOut = 0;
    this.failure = '';
    this.startedAt = this.#engine.env.clock.now();
    this.#startedMs = this.#engine.env.clock.monotonicMs();
    const { counters } = this.listener.row;
    counters[COUNTER.requests]! += 1;
    counters[COUNTER.inFlight]! += 1;
    countIn(this, headBytes);

    const route = this.listener.router.match(head.hostname, head.path);
    const pool = route === undefined ? undefined : this.#engine.pools.get(route.pool);
    if (route === undefined || pool === undefined) {
      this.#fail('no-route', '');
      return;
    }
    this.route = route.name;
    this.pool = pool.name;
    this.#pool = pool;
    this.#requestText = requestHeadText(head, this.#front.forwarding);
    this.#attempt(pool.selector.pick());
  }

  /** A piece of the request body, framed for the backend. */
  requestData(bytes: Buffer): void {
    this.#bodyTaken = true;
    countIn(this, bytes.length);
    this.#upstream?.writer.bytes(bytes, true);
  }

  /** The client has handed over what it has for now. False: wait for `takeRequestBody`. */
  requestPaused(): boolean {
    const upstream = this.#upstream;
    if (upstream === null) return true;
    const ready = upstream.writer.flush();
    // A backend that does not take the body is timed; one that waits for the client is not.
    if (!ready) upstream.armTimer(upstream.backend.pool.plan.timeouts.idleMs);
    else if (!this.#responseBegun) upstream.disarmTimer();
    return ready;
  }

  requestEnd(): void {
    this.#requestDone = true;
    const upstream = this.#upstream;
    if (upstream === null) return;
    upstream.writer.flush();
    if (!this.#responseBegun) upstream.armTimer(upstream.backend.pool.plan.timeouts.responseHeaderMs);
  }

  /** The client cannot get an answer any more, or must not. */
  clientLost(failure: Failure): void {
    if (this.#tunnel !== null) {
      this.#tunnel.clientClosed();
      return;
    }
    if (!this.active) return;
    if (FAILURES[failure].blame === 'client') {
      this.listener.row.counters[COUNTER.clientAborts]! += 1;
      if (this.backend !== null) this.backend.row.counters[COUNTER.clientAborts]! += 1;
    }
    this.#dropUpstream();
    this.#finish(failure);
  }

  /** The client's fault, and it is still there to be told. */
  clientFailed(failure: Failure, detail: string): void {
    this.#dropUpstream();
    this.#fail(failure, detail);
  }

  clientDrained(): void {
    if (this.#tunnel !== null) {
      this.#tunnel.clientDrained();
      return;
    }
    const upstream = this.#upstream;
    if (upstream === null || !upstream.socket.isPaused()) return;
    upstream.socket.resume();
    upstream.armTimer(upstream.backend.pool.plan.timeouts.idleMs);
  }

  get tunnel(): Tunnel | null {
    return this.#tunnel;
  }

  // ---- Choosing and sending

  #attempt(backend: BackendState | undefined): void {
    if (backend === undefined) {
      const pool = this.#pool!;
      this.#fail('no-backend', unavailableText(pool));
      return;
    }
    this.backend = backend;
    this.attempts++;
    countAttempt(backend);
    // The head: nothing of the body has been taken yet.
    backend.row.counters[COUNTER.bytesIn]! += this.bytesIn;
    this.#use(backend.upstreams.acquire(this));
  }

  #use(upstream: UpstreamConnection): void {
    this.#upstream = upstream;
    if (upstream.isReady()) this.upstreamReady();
  }

  upstreamReady(): void {
    const upstream = this.#upstream!;
    const head = this.head!;
    upstream.expectResponse(head.method, head.minor === 0);
    upstream.writer.text(this.#requestText);
    if (this.#requestDone) {
      upstream.writer.flush();
      upstream.armTimer(upstream.backend.pool.plan.timeouts.responseHeaderMs);
    } else {
      // Joined with the first bytes of the body if those are here already.
      this.#front.takeRequestBody();
      if (this.#upstream === upstream) upstream.writer.flush();
    }
  }

  // ---- The backend's side

  upstreamInterim(head: ResponseHead): void {
    if (this.head!.minor === 1) countOut(this, this.#front.sendInterim(head));
  }

  upstreamHead(head: ResponseHead): void {
    this.status = head.status;
    this.#responseBegun = true;
    countStatus(this.backend!.row.counters, head.status);
    countOut(this, this.#front.sendHead(head));
  }

  upstreamData(bytes: Buffer, lasting: boolean): void {
    countOut(this, bytes.length);
    this.#front.sendBody(bytes, lasting);
  }

  holdsBytes(): boolean {
    return this.#front.holdsBytes();
  }

  upstreamPaused(): void {
    if (!this.#front.flush()) {
      this.#holdUpstream();
      return;
    }
    if (this.#responseBegun) this.#upstream?.armTimer(this.backend!.pool.plan.timeouts.idleMs);
  }

  upstreamComplete(): void {
    const upstream = this.#upstream!;
    this.#upstream = null;
    if (upstream.socket.isPaused()) upstream.socket.resume();
    if (this.#requestDone) this.backend!.upstreams.release(upstream);
    else upstream.destroy();
    this.#front.sendEnd();
    this.#finish('');
  }

  upstreamSwitched(head: ResponseHead, rest: Buffer): void {
    const asked = this.head!.upgrade;
    // A switch nobody asked for would turn what the client sends next into raw bytes for the backend.
    if (asked === '' || head.upgrade !== asked) {
      this.#dropUpstream();
      this.#failBackend('upgrade-mismatch', '');
      return;
    }
    const upstream = this.#upstream!;
    const backend = this.backend!;
    this.status = 101;
    this.#responseBegun = true;
    this.tookMs = this.#engine.env.clock.monotonicMs() - this.#startedMs;
    countStatus(backend.row.counters, 101);
    countStatus(this.listener.row.counters, 101);
    countLatency(backend.row, this.tookMs);
    countLatency(this.listener.row, this.tookMs);
    const tunnel = new Tunnel(this.#engine, backend, this.listener, () => {
      this.#tunnel = null;
      this.#upstream = null;
      this.bytesIn += tunnel.bytesIn;
      this.bytesOut += tunnel.bytesOut;
      this.#settle('');
    });
    this.#tunnel = tunnel;
    const early = rest.length === 0 ? null : Buffer.from(rest);
    upstream.enterTunnel(tunnel);
    const { stream, rest: fromClient } = this.#front.switchProtocols(head);
    tunnel.open(stream, upstream, fromClient, early);
  }

  upstreamDrained(): void {
    if (this.#requestDone || this.#upstream === null) return;
    if (!this.#responseBegun) this.#upstream.disarmTimer();
    this.#front.takeRequestBody();
  }

  upstreamFailed(failure: Failure, detail: string): void {
    const upstream = this.#upstream!;
    this.#upstream = null;
    if (this.#repeatOnFreshConnection(upstream, failure)) return;
    this.#failBackend(failure, detail);
  }

  /**
   * A kept connection that its backend closed meanwhile says nothing about the backend: the request
   * is sent once more, to the same one, if it cannot have been acted on twice.
   */
  #repeatOnFreshConnection(upstream: UpstreamConnection, failure: Failure): boolean {
    if (failure !== 'no-response' || !upstream.reused || !this.#isRepeatable()) return false;
    this.attempts++;
    this.#use(this.backend!.upstreams.open(this));
    return true;
  }

  #isRepeatable(): boolean {
    return this.head!.body === BODY.none && isIdempotent(this.head!.method);
  }

  #failBackend(failure: Failure, detail: string): void {
    const backend = this.backend!;
    const row = FAILURES[failure];
    if (row.blame === 'backend') backend.row.counters[COUNTER.errors]! += 1;
    const next = this.#nextBackend(failure);
    if (next !== undefined) {
      backend.row.counters[COUNTER.retries]! += 1;
      this.listener.row.counters[COUNTER.retries]! += 1;
      countAttemptEnd(backend);
      this.#attempt(next);
      return;
    }
    this.#fail(failure, detail);
  }

  /** The backend to try instead; undefined when this failure is final. */
  #nextBackend(failure: Failure): BackendState | undefined {
    if (this.#responseBegun || this.#bodyTaken || this.attempts >= MAX_ATTEMPTS) return undefined;
    const rule = FAILURES[failure].retry;
    if (rule === 'never') return undefined;
    if (rule === 'idempotent') {
      // Once: a request that ends connections may be what breaks the backends.
      if (this.#repeated || !this.#isRepeatable()) return undefined;
      this.#repeated = true;
    }
    this.#tried.push(this.backend!);
    return this.#pool!.selector.pickOther(this.#tried);
  }

  // ---- The end

  #fail(failure: Failure, detail: string): void {
    const { status } = FAILURES[failure];
    if (this.#responseBegun || status === 0) {
      this.#front.abort();
    } else {
      this.status = status;
      const text =
        FAILURES[failure].blame === 'backend'
          ? backendFailureText(failure, this.pool, this.backend!, detail)
          : ownFailureText(failure, detail);
      countOut(this, this.#front.answer(status, text, status === 503 ? RETRY_AFTER_S : undefined));
    }
    this.#finish(failure);
  }

  #finish(failure: Failure | ''): void {
    this.tookMs = this.#engine.env.clock.monotonicMs() - this.#startedMs;
    if (this.status !== 0) countStatus(this.listener.row.counters, this.status);
    if (failure === '') {
      countLatency(this.listener.row, this.tookMs);
      countLatency(this.backend!.row, this.tookMs);
    }
    this.#settle(failure);
  }

  #settle(failure: Failure | ''): void {
    this.failure = failure;
    this.active = false;
    this.listener.row.counters[COUNTER.inFlight]! -= 1;
    if (this.backend !== null) countAttemptEnd(this.backend);
    logFinished(this.#engine, this);
    this.#front.exchangeDone();
  }

  #dropUpstream(): void {
    const upstream = this.#upstream;
    this.#upstream = null;
    upstream?.destroy();
  }

  #holdUpstream(): void {
    const upstream = this.#upstream;
    if (upstream === null) return;
    upstream.socket.pause();
    // It is the client who is slow: its own timer runs now.
    upstream.disarmTimer();
  }
}
