// One request and its response: finds route and pool, waits for a backend if it must, sends the
// request, relays bodies both ways with backpressure, goes to another backend where that is safe, and
// accounts for the outcome. One object per client connection, used again for each request.
//
//   client ─ begin, requestData, requestEnd ─▶ Exchange ─ sendHead, sendBody ─▶ Upstream ─▶ backend
//   client ◀─ sendHead, sendBody, sendEnd ──── Exchange ◀─ upstreamHead, upstreamData ◀── backend
//
// Invariant: once a byte of the response went to the client nothing is retried, and a response cut
// short never ends cleanly.
import { FAILURES, type Failure, failureText } from '../failure.ts';
import { requestHeadText } from '../http1/serialize.ts';
import type { BackendState, EngineState, PoolState } from '../state.ts';
import { COUNTER } from '../telemetry/layout.ts';
import type { Upstream, UpstreamOwner } from '../upstream.ts';
import { countFinished, countIn, countOut, countStatus, logFinished, type Running } from './accounting.ts';
import { Activity } from './activity.ts';
import { refusal } from './admission.ts';
import { type AttemptOwner, Attempts } from './attempts.ts';
import { discardResponse } from './discarded-response.ts';
import type { Front } from './front.ts';
import { type RequestHead, type ResponseHead, withoutFields } from './message.ts';
import { OutgoingRequest } from './outgoing-request.ts';
import { Tunnel } from './tunnel.ts';
import { switchFailure } from './web-socket-handshake.ts';

const RETRY_AFTER_S = 1;

export class Exchange implements UpstreamOwner, AttemptOwner, Running {
  readonly #engine: EngineState;
  readonly #front: Front;
  readonly #request = new OutgoingRequest();
  readonly #attempts: Attempts;
  #upstream: Upstream | null = null;
  #pool: PoolState | null = null;
  #tunnel: Tunnel | null = null;
  #interimSent = false;
  #responseBegun = false;
  #startedMs = 0;

  /** Between `begin` and the front's `exchangeDone`. */
  active = false;
  readonly activity: Activity;
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
    this.#attempts = new Attempts(engine, this);
    this.activity = new Activity(engine.wheel);
  }

  // ---- The client's side

  /** A request whose head is `headBytes` long. Without a body it is complete. */
  begin(head: RequestHead, headBytes: number): void {
    this.active = true;
    this.activity.begin();
    this.head = head;
    this.route = '';
    this.pool = '';
    this.backend = null;
    this.#pool = null;
    this.#upstream = null;
    this.#interimSent = false;
    this.#responseBegun = false;
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

    const refused = refusal(head, this.listener, this.#front.serverName);
    if (refused !== '') {
      this.#fail(refused, '');
      return;
    }
    const route = this.listener.router.match(head.hostname, head.path);
    const pool = route === undefined ? undefined : this.#engine.pools.get(route.pool);
    if (route === undefined || pool === undefined) {
      this.#fail('no-route', '');
      return;
    }
    this.route = route.name;
    this.pool = pool.name;
    this.#pool = pool;
    this.#request.begin(head, requestHeadText(head, this.#front.forwarding), pool.plan);
    this.#attempts.start(pool, this.#startedMs);
  }

  /** A piece of the request body, framed for the backend. */
  requestData(bytes: Buffer): void {
    if (!this.active) return;
    countIn(this, bytes.length);
    this.#request.data(bytes, this.#readyUpstream());
  }

  /** The client has handed over what it has for now. False: wait for `takeRequestBody`. */
  requestReadDone(): boolean {
    if (!this.active) return true;
    const upstream = this.#readyUpstream();
    if (upstream === null) return false;
    const ready = upstream.flush();
    // A backend that does not take the body is timed; one that waits for the client is not.
    if (!ready) {
      upstream.armTimer(upstream.backend.pool.plan.timeouts.idleMs);
      this.#attempts.deadline.limitStall();
    } else if (!this.#responseBegun) upstream.disarmTimer();
    return ready;
  }

  /** What came of the body is still needed as it is. */
  holdsRequest(): boolean {
    return this.#request.holdsBody || this.#upstream === null || this.#upstream.holdsBytes();
  }

  requestEnd(): void {
    if (!this.active) return;
    this.#request.complete = true;
    const upstream = this.#readyUpstream();
    if (upstream === null) return;
    upstream.flush();
    if (this.#responseBegun) return;
    upstream.armTimer(upstream.backend.pool.plan.timeouts.responseHeaderMs);
    this.#attempts.deadline.resume();
  }

  /** The client cannot get an answer any more, or must not. */
  clientLost(failure: Failure): void {
    this.#attempts.deadline.remove();
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

  clientDrained(): void {
    if (this.#tunnel !== null) {
      this.#tunnel.clientDrained();
      return;
    }
    const upstream = this.#upstream;
    if (upstream === null || !upstream.isPaused()) return;
    upstream.resume();
    upstream.armTimer(upstream.backend.pool.plan.timeouts.idleMs);
  }

  get tunnel(): Tunnel | null {
    return this.#tunnel;
  }

  get occupied(): BackendState | null {
    return this.#attempts.occupied;
  }

  // ---- Choosing and sending

  attempt(backend: BackendState): void {
    this.backend = backend;
    this.attempts++;
    // Head and kept body: what this backend is about to get.
    backend.row.counters[COUNTER.bytesIn]! += this.bytesIn;
    this.#use(backend.upstreams.acquire(this));
  }

  #use(upstream: Upstream): void {
    this.#upstream = upstream;
    if (upstream.isReady()) this.upstreamReady();
  }

  upstreamReady(): void {
    const upstream = this.#upstream!;
    const head = this.head!;
    upstream.expectResponse(head, head.minor === 0 || this.#front.bareBodies === true);
    this.#request.sendTo(upstream);
    if (this.#request.complete) {
      upstream.flush();
      upstream.armTimer(upstream.backend.pool.plan.timeouts.responseHeaderMs);
    } else {
      // The time a client takes to send its body is not the backends'.
      this.#attempts.deadline.pause();
      // Joined with the first bytes of the body if those are here already.
      this.#front.takeRequestBody();
      if (this.#upstream === upstream) upstream.flush();
    }
  }

  /** Null also while a connection is being opened. */
  #readyUpstream(): Upstream | null {
    return this.#upstream?.isReady() ? this.#upstream : null;
  }

  /** The request ends with `failure`, and the client is still there to be told. */
  giveUp(failure: Failure, detail: string): void {
    this.#dropUpstream();
    this.#fail(failure, detail);
  }

  abort(): void {
    this.#front.abort();
  }

  // ---- The backend's side

  upstreamInterim(head: ResponseHead): void {
    if (this.head!.minor === 0) return;
    this.#interimSent = true;
    countOut(this, this.#front.sendInterim(head));
  }

  upstreamHead(head: ResponseHead): void {
    countStatus(this.backend!.row.counters, head.status);
    if (head.status >= 400 && this.#retryInsteadOf(head.status)) return;
    this.status = head.status;
    this.#respond();
    countOut(this, this.#front.sendHead(head));
  }

  /** From here on this response is the answer. */
  #respond(): void {
    this.#responseBegun = true;
    this.#attempts.answered();
    this.#request.forget();
  }

  upstreamData(bytes: Buffer, lasting: boolean): void {
    countOut(this, bytes.length);
    this.#front.sendBody(bytes, lasting);
  }

  holdsBytes(): boolean {
    return this.#front.holdsBytes();
  }

  upstreamReadDone(): void {
    if (this.#front.flush()) {
      if (this.#responseBegun) this.#upstream?.armTimer(this.backend!.pool.plan.timeouts.idleMs);
      return;
    }
    this.#upstream?.pause();
    // It is the client who is slow: its own timer runs now.
    this.#upstream?.disarmTimer();
  }

  upstreamTrailers(fields: readonly string[]): void {
    this.#front.sendTrailers?.(fields);
  }

  upstreamComplete(): void {
    const upstream = this.#upstream!;
    this.#upstream = null;
    if (this.#request.complete) upstream.release();
    else upstream.destroy();
    this.#front.sendEnd();
    this.#finish('');
  }

  upstreamSwitched(head: ResponseHead, rest: Buffer): void {
    const wrong = switchFailure(this.head!, head);
    if (wrong !== '') {
      this.#dropUpstream();
      this.#failBackend(wrong, '');
      return;
    }
    const upstream = this.#upstream!;
    const backend = this.backend!;
    this.status = 101;
    this.#respond();
    this.tookMs = this.#engine.env.clock.monotonicMs() - this.#startedMs;
    countStatus(backend.row.counters, 101);
    countFinished(this, '', this.#attempts.delayMs);
    const tunnel = new Tunnel(this.#engine, backend, this.listener, this.head!.upgrade, (failure) => {
      this.#tunnel = null;
      this.#upstream = null;
      this.bytesIn += tunnel.bytesIn;
      this.bytesOut += tunnel.bytesOut;
      this.#settle(failure);
    });
    this.#tunnel = tunnel;
    upstream.enterTunnel(tunnel);
    const { stream, rest: fromClient } = this.#front.switchProtocols(head);
    this.head = withoutFields(this.head!);
    tunnel.open(stream, upstream, fromClient, rest.length === 0 ? null : Buffer.from(rest));
  }

  upstreamDrained(): void {
    if (this.#request.complete || this.#upstream === null) return;
    if (!this.#responseBegun) this.#upstream.disarmTimer();
    this.#attempts.deadline.pause();
    this.#front.takeRequestBody();
  }

  upstreamFailed(failure: Failure, detail: string): void {
    const upstream = this.#upstream!;
    this.#upstream = null;
    if (!this.#repeatOnFreshConnection(upstream, failure)) this.#failBackend(failure, detail);
  }

  /**
   * A kept connection that its backend closed meanwhile says nothing about the backend: the request
   * is sent once more, to the same one, if it cannot have been acted on twice.
   */
  #repeatOnFreshConnection(upstream: Upstream, failure: Failure): boolean {
    const unbegun = failure === 'stream-refused' && this.#request.whole;
    const repeatable = unbegun || (failure === 'no-response' && this.#request.repeatable);
    if (!repeatable || !upstream.reused || this.#responseBegun || this.#interimSent) return false;
    this.attempts++;
    this.backend!.row.counters[COUNTER.resends]! += 1;
    this.#use(this.backend!.upstreams.open(this));
    return true;
  }

  #failBackend(failure: Failure, detail: string): void {
    const { blame, retry } = FAILURES[failure];
    if (blame === 'backend') this.backend!.row.counters[COUNTER.errors]! += 1;
    const mayRetry = !this.#responseBegun && !this.#interimSent && this.#request.mayRetry(retry);
    if (!mayRetry || !this.#attempts.goElsewhere(failure, detail)) this.#fail(failure, detail);
  }

  /** Whether the request went to another backend because this one answered it with `status`. */
  #retryInsteadOf(status: number): boolean {
    const { statuses } = this.#pool!.plan.retries;
    if (this.#interimSent || !statuses.includes(status) || !this.#request.repeatable) return false;
    const upstream = this.#upstream!;
    const reusable = this.#request.complete;
    // Not ours any more, whatever becomes of the request: it may soon serve another one.
    this.#upstream = null;
    const left = this.#attempts.goElsewhereAtOnce();
    if (!left) this.#upstream = upstream;
    else if (reusable) discardResponse(upstream);
    else upstream.destroy();
    return left;
  }

  // ---- The end

  #fail(failure: Failure, detail: string): void {
    const { status } = FAILURES[failure];
    if (this.#responseBegun || status === 0) {
      this.#front.abort();
    } else {
      this.status = status;
      const text = failureText(failure, this.pool, this.backend, detail);
      countOut(this, this.#front.answer(status, text, status === 503 ? RETRY_AFTER_S : undefined));
      if (this.backend === null) this.#attempts.unserved(status);
    }
    this.#finish(failure);
  }

  #finish(failure: Failure | ''): void {
    this.tookMs = this.#engine.env.clock.monotonicMs() - this.#startedMs;
    countFinished(this, failure, this.#attempts.delayMs);
    this.#settle(failure);
  }

  #settle(failure: Failure | ''): void {
    this.failure = failure;
    this.active = false;
    this.listener.row.counters[COUNTER.inFlight]! -= 1;
    logFinished(this.#engine, this);
    // Those who wait come before this client's next request.
    this.#attempts.over();
    this.#request.forget();
    // Kept connections rest for minutes, and a head takes more memory than they do.
    this.head = null;
    this.#front.exchangeDone();
  }

  #dropUpstream(): void {
    this.#upstream?.destroy();
    this.#upstream = null;
  }
}
