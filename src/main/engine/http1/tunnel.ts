// An upgraded connection after its 101: bytes both ways, unread, until both sides have ended or one
// breaks. Each end's FIN is passed on by itself, so a side that has finished can still receive.
// Made by exchange.ts, which passes on the events of its two ends.
import type { Duplex } from 'node:stream';
import type { BackendState, EngineState, ListenerState } from '../state.ts';
import { COUNTER } from '../telemetry/layout.ts';
import { WheelTimer } from '../timer-wheel.ts';
import type { UpstreamConnection } from './upstream-connection.ts';

export class Tunnel {
  readonly #engine: EngineState;
  readonly #backend: BackendState;
  readonly #listener: ListenerState;
  readonly #onClosed: () => void;
  readonly #timer: WheelTimer;
  #client: Duplex | null = null;
  #upstream: UpstreamConnection | null = null;
  #clientEnded = false;
  #upstreamEnded = false;
  #closed = false;

  bytesIn = 0;
  bytesOut = 0;

  constructor(engine: EngineState, backend: BackendState, listener: ListenerState, onClosed: () => void) {
    this.#engine = engine;
    this.#backend = backend;
    this.#listener = listener;
    this.#onClosed = onClosed;
    this.#timer = new WheelTimer(() => this.close());
  }

  /** `fromClient` and `fromUpstream` are what either end sent right behind its head. */
  open(
    client: Duplex,
    upstream: UpstreamConnection,
    fromClient: Buffer | null,
    fromUpstream: Buffer | null,
  ): void {
    this.#client = client;
    this.#upstream = upstream;
    this.#backend.row.counters[COUNTER.tunnels]! += 1;
    this.#listener.row.counters[COUNTER.tunnels]! += 1;
    this.#touch();
    if (fromUpstream !== null) this.fromUpstream(fromUpstream);
    if (fromClient !== null) this.fromClient(fromClient);
  }

  fromClient(bytes: Buffer): void {
    const upstream = this.#upstream;
    if (upstream === null || this.#clientEnded) return;
    this.bytesIn += bytes.length;
    this.#backend.row.counters[COUNTER.bytesIn]! += bytes.length;
    this.#listener.row.counters[COUNTER.bytesIn]! += bytes.length;
    this.#touch();
    if (!upstream.socket.write(bytes)) this.#client?.pause();
  }

  /** `bytes` lie in the shared read buffer and are copied. */
  fromUpstream(bytes: Buffer): void {
    const client = this.#client;
    if (client === null || this.#upstreamEnded) return;
    this.bytesOut += bytes.length;
    this.#backend.row.counters[COUNTER.bytesOut]! += bytes.length;
    this.#listener.row.counters[COUNTER.bytesOut]! += bytes.length;
    this.#touch();
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
    this.#onClosed();
  }

  #sideClosed(): void {
    // After both have ended, the other side may still be delivering the last bytes.
    const orderly = this.#clientEnded && this.#upstreamEnded;
    if (!orderly || (this.#client === null && this.#upstream === null)) this.close();
  }

  #touch(): void {
    this.#engine.wheel.arm(this.#timer, this.#backend.pool.plan.timeouts.tunnelIdleMs);
  }
}
