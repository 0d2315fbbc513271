// An upgraded connection after its 101: bytes both ways, unread, until both sides have ended or one
// breaks. Each end's FIN is passed on by itself, so a side that has finished can still receive.
// Told to leave, it ends both sides: a WebSocket with a Close frame where one fits.
// Made by exchange.ts, which passes on the events of its two ends.
import type { Duplex } from 'node:stream';
import type { Failure } from '../failure.ts';
import type { BackendState, EngineState, ListenerState } from '../state.ts';
import { COUNTER } from '../telemetry/layout.ts';
import { WheelTimer } from '../timer-wheel.ts';
import type { Upstream } from '../upstream.ts';
import { FrameTracker, goingAwayToClient, goingAwayToServer } from './web-socket-frames.ts';

/** So long both sides have to end after they were asked to. */
const LEAVE_MS = 1000;

export class Tunnel {
  readonly #engine: EngineState;
  readonly #backend: BackendState;
  readonly #listener: ListenerState;
  readonly #onClosed: (failure: Failure | '') => void;
  readonly #timer: WheelTimer;
  /** The frames each side is sent; null unless it is a WebSocket. */
  readonly #toClient: FrameTracker | null;
  readonly #toUpstream: FrameTracker | null;
  #client: Duplex | null = null;
  #upstream: Upstream | null = null;
  #clientEnded = false;
  #upstreamEnded = false;
  #closed = false;
  /** Why it was told to leave; '' while it was not. */
  #leaving: 'closed' | 'stopped' | '' = '';

  /** Lower-case name of the protocol both sides speak now. */
  readonly protocol: string;
  bytesIn = 0;
  bytesOut = 0;
  /** Tick of the wheel at which bytes last went through. */
  movedTick = 0;

  constructor(
    engine: EngineState,
    backend: BackendState,
    listener: ListenerState,
    protocol: string,
    onClosed: (failure: Failure | '') => void,
  ) {
    this.#engine = engine;
    this.#backend = backend;
    this.#listener = listener;
    this.protocol = protocol;
    this.#onClosed = onClosed;
    this.#timer = new WheelTimer(() => this.close());
    const framed = protocol === 'websocket';
    this.#toClient = framed ? new FrameTracker() : null;
    this.#toUpstream = framed ? new FrameTracker() : null;
  }

  /** `fromClient` and `fromUpstream` are what either end sent right behind its head. */
  open(client: Duplex, upstream: Upstream, fromClient: Buffer | null, fromUpstream: Buffer | null): void {
    this.#client = client;
    this.#upstream = upstream;
    this.#backend.row.counters[COUNTER.tunnels]! += 1;
    this.#listener.row.counters[COUNTER.tunnels]! += 1;
    this.#touch();
    if (fromUpstream !== null) this.fromUpstream(fromUpstream);
    if (fromClient !== null) this.fromClient(fromClient);
    // A client may end its side right behind its request; nobody hears of it a second time.
    if (client.readableEnded) this.clientEnded();
  }

  fromClient(bytes: Buffer): void {
    const upstream = this.#upstream;
    if (upstream === null || this.#clientEnded || this.#leaving !== '') return;
    this.bytesIn += bytes.length;
    this.#backend.row.counters[COUNTER.bytesIn]! += bytes.length;
    this.#listener.row.counters[COUNTER.bytesIn]! += bytes.length;
    this.#touch();
    this.#toUpstream?.pass(bytes);
    if (!upstream.socket.write(bytes)) this.#client?.pause();
  }

  /** `bytes` may lie in the shared read buffer and are copied. */
  fromUpstream(bytes: Buffer): void {
    const client = this.#client;
    if (client === null || this.#upstreamEnded || this.#leaving !== '') return;
    this.bytesOut += bytes.length;
    this.#backend.row.counters[COUNTER.bytesOut]! += bytes.length;
    this.#listener.row.counters[COUNTER.bytesOut]! += bytes.length;
    this.#touch();
    this.#toClient?.pass(bytes);
    if (!client.write(Buffer.from(bytes))) this.#upstream?.socket.pause();
  }

  clientDrained(): void {
    this.#upstream?.socket.resume();
  }

  upstreamDrained(): void {
    this.#client?.resume();
  }

  clientEnded(): void {
    this.#clientEnded = true;
    this.#upstream?.socket.end();
  }

  upstreamEnded(): void {
    this.#upstreamEnded = true;
    this.#client?.end();
  }

  clientClosed(): void {
    this.#client = null;
    this.#sideClosed();
  }

  upstreamClosed(): void {
    this.#upstream = null;
    this.#sideClosed();
  }

  /** It has been told to end, and its sides are saying goodbye. */
  get isLeaving(): boolean {
    return this.#leaving !== '';
  }

  /** Ends both sides now; what they still send is thrown away, and they are cut off if they stay. */
  leave(failure: 'closed' | 'stopped'): void {
    const client = this.#client;
    const upstream = this.#upstream;
    const wasLeaving = this.isLeaving;
    this.#leaving = failure;
    if (this.#closed || wasLeaving) return;
    if (client === null || upstream === null) {
      this.close();
      return;
    }
    this.#engine.wheel.arm(this.#timer, LEAVE_MS);
    if (!this.#upstreamEnded) {
      if (this.#toClient?.betweenFrames) client.write(goingAwayToClient());
      client.end();
    }
    if (!this.#clientEnded) {
      if (this.#toUpstream?.betweenFrames) upstream.socket.write(goingAwayToServer(this.#engine.env.random));
      upstream.socket.end();
    }
    // Their own end would not be noticed otherwise.
    client.resume();
    upstream.socket.resume();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#engine.wheel.remove(this.#timer);
    this.#backend.row.counters[COUNTER.tunnels]! -= 1;
    this.#listener.row.counters[COUNTER.tunnels]! -= 1;
    this.#client?.destroy();
    this.#upstream?.destroy();
    this.#client = null;
    this.#upstream = null;
    this.#onClosed(this.#leaving);
  }

  #sideClosed(): void {
    // After both have ended, the other side may still be delivering the last bytes.
    const orderly = (this.#clientEnded && this.#upstreamEnded) || this.#leaving === 'closed';
    if (!orderly || (this.#client === null && this.#upstream === null)) this.close();
  }

  #touch(): void {
    const { wheel } = this.#engine;
    this.movedTick = wheel.tick;
    wheel.arm(this.#timer, this.#backend.pool.plan.timeouts.tunnelIdleMs);
  }
}
