// One accepted connection of an https listener until it is encrypted: reads its server name, begins
// TLS with the certificate for it, counts those that fail. Invariant: nothing a client sends here
// throws, and one that does not finish in time is closed. Made by front.ts.
//
//   hello ─▶ handshake ─▶ (front.ts hands it to HTTP)      any ─▶ closed
import type { Socket } from 'node:net';
import { countRefused, logFinished } from '../exchange/accounting.ts';
import { peerAddress } from '../exchange/forwarded.ts';
import { ownFailureText } from '../failure.ts';
import { plainResponse } from '../http1/serialize.ts';
import type { ClientHandle, EngineState, ListenerState } from '../state.ts';
import { COUNTER } from '../telemetry/layout.ts';
import { WheelTimer } from '../timer-wheel.ts';
import { readFirstBytes } from './client-hello.ts';

type Phase = 'hello' | 'handshake' | 'refused' | 'over';

/** A fatal alert: unrecognized_name (RFC 6066 §3), which OpenSSL would not send by itself. */
const UNKNOWN_NAME_ALERT = Buffer.from([21, 3, 3, 0, 2, 2, 112]);
const CLEAR_TEXT_STATUS = 400;

export interface HandshakeOwner {
  /** Takes the connection over once its name is known. False: no certificate is for it. */
  secure(handshake: TlsHandshake): boolean;
}

export class TlsHandshake implements ClientHandle {
  readonly listener: ListenerState;
  readonly raw: Socket;
  readonly #engine: EngineState;
  readonly #owner: HandshakeOwner;
  readonly #timer: WheelTimer;
  readonly #startedMs: number;
  #phase: Phase = 'hello';
  #held: Buffer | null = null;
  /** What the client asked for, '' for no name. */
  serverName = '';

  constructor(engine: EngineState, listener: ListenerState, owner: HandshakeOwner, raw: Socket) {
    this.#engine = engine;
    this.listener = listener;
    this.#owner = owner;
    this.raw = raw;
    this.#startedMs = engine.env.clock.monotonicMs();
    this.#timer = new WheelTimer(() => raw.destroy());
    // The 'close' that follows says all there is to do.
    raw.on('error', () => undefined);
    raw.on('close', this.#onClose);
    raw.on('end', this.#onEnd);
    raw.on('data', this.#onData);
    engine.clients.add(this);
    engine.wheel.arm(this.#timer, listener.plan.timeouts.tlsHandshakeMs);
  }

  get busy(): boolean {
    return false;
  }

  retire(): void {
    this.destroy();
  }

  destroy(): void {
    if (this.#phase === 'hello' || this.#phase === 'handshake') this.#phase = 'refused';
    this.raw.destroy();
  }

  /** Encrypted: the connection belongs to someone else now. */
  finish(): void {
    this.#phase = 'over';
    this.raw.off('close', this.#onClose);
    this.raw.off('end', this.#onEnd);
    this.#release();
  }

  readonly #onData = (chunk: Buffer): void => {
    try {
      if (this.#phase === 'hello') this.#readHello(chunk);
    } catch (error) {
      this.#engine.fault(error);
      this.raw.destroy();
    }
  };

  #readHello(chunk: Buffer): void {
    const held = this.#held === null ? chunk : Buffer.concat([this.#held, chunk]);
    this.#held = held;
    const first = readFirstBytes(held);
    if (first.kind === 'incomplete') return;
    if (first.kind === 'clear-text') {
      this.#refuseClearText(held);
      return;
    }
    const { raw } = this;
    raw.off('data', this.#onData);
    raw.pause();
    // Handed back: TLS begins with what has been read.
    raw.unshift(held);
    this.#phase = 'handshake';
    this.serverName = first.serverName;
    if (!this.#owner.secure(this)) this.#refuseName(held.length);
  }

  /** Says in clear text what is wrong to a client that speaks it. */
  #refuseClearText(held: Buffer): void {
    this.#phase = 'refused';
    const text = ownFailureText('bad-request', 'this port speaks TLS; use https:// in the address');
    const answer = plainResponse(CLEAR_TEXT_STATUS, text, { keepAlive: false });
    countRefused(this.#engine, {
      listener: this.listener,
      client: peerAddress(this.raw.remoteAddress ?? ''),
      failure: 'bad-request',
      status: CLEAR_TEXT_STATUS,
      bytesIn: held.length,
      bytesOut: answer.length,
    });
    this.raw.end(answer, 'latin1');
  }

  #refuseName(bytesIn: number): void {
    this.#phase = 'refused';
    this.#countFailed(bytesIn);
    this.raw.end(UNKNOWN_NAME_ALERT);
    this.raw.resume();
  }

  readonly #onEnd = (): void => {
    if (this.#phase === 'hello') this.raw.destroy();
  };

  readonly #onClose = (): void => {
    // A connection that never said anything is a probe of the port, not a failed handshake.
    const failed = this.#phase === 'handshake' || (this.#phase === 'hello' && this.#held !== null);
    if (failed) this.#countFailed(this.#held?.length ?? 0);
    this.#phase = 'over';
    this.#release();
  };

  #release(): void {
    this.#held = null;
    this.#engine.wheel.remove(this.#timer);
    this.#engine.clients.delete(this);
  }

  #countFailed(bytesIn: number): void {
    const { clock } = this.#engine.env;
    const { listener } = this;
    const tookMs = clock.monotonicMs() - this.#startedMs;
    listener.row.counters[COUNTER.errors]! += 1;
    logFinished(this.#engine, {
      startedAt: clock.now() - tookMs,
      tookMs,
      listener,
      client: peerAddress(this.raw.remoteAddress ?? ''),
      head: null,
      route: '',
      backend: null,
      pool: '',
      status: 0,
      attempts: 0,
      bytesIn,
      bytesOut: 0,
      failure: 'tls-handshake',
    });
  }
}
