// The backend's side of an exchange, whatever protocol it speaks: exchange.ts knows backends only
// through this. http1/upstream-connection.ts and http2/upstream-stream.ts are the two. Invariant: an
// owner hears nothing more after it has released or destroyed its upstream, or was told that it failed.
import type { Duplex } from 'node:stream';
import type { RequestHead, ResponseHead } from './exchange/message.ts';
import type { Tunnel } from './exchange/tunnel.ts';
import type { Failure } from './failure.ts';
import type { BackendState } from './state.ts';

/** Who an upstream works for. Not called from within a call of its own, except by `release`. */
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
  upstreamReadDone(): void;
  /** Of a bare body, names and values in turn; `upstreamComplete` follows. */
  upstreamTrailers(fields: readonly string[]): void;
  upstreamComplete(): void;
  /** 101: `rest` is the first of what follows. */
  upstreamSwitched(head: ResponseHead, rest: Buffer): void;
  upstreamDrained(): void;
  /** The connection or stream is gone; the owner must not use it any more. */
  upstreamFailed(failure: Failure, detail: string): void;
}

/** One request at a backend: a connection of HTTP/1.1, or a stream of HTTP/2. */
export interface Upstream {
  readonly backend: BackendState;
  /** What it runs on is older than its request, so the backend may be closing it this very moment. */
  readonly reused: boolean;
  /** What a tunnel writes to, pauses and ends. */
  readonly socket: Duplex;
  /** False while it waits for a connection; `upstreamReady` follows. */
  isReady(): boolean;
  /** Prepares for the response to `head`. `bare`: the client takes bodies without chunk framing. */
  expectResponse(head: RequestHead, bare: boolean): void;
  /** The request as HTTP/1.1: the one text that says what backends are told. */
  sendHead(text: string): void;
  /** A further piece of the body as framed by that head; it stays as it is while `holdsBytes`. */
  sendBody(bytes: Buffer): void;
  /** What was sent may not all have left yet. */
  holdsBytes(): boolean;
  /** False: the backend has enough to do; wait for `upstreamDrained`. */
  flush(): boolean;
  pause(): void;
  resume(): void;
  isPaused(): boolean;
  /** How long the owner is ready to wait for what comes next. */
  armTimer(delayMs: number): void;
  disarmTimer(): void;
  /** The rest of the response under way is for `owner`. */
  handOver(owner: UpstreamOwner): void;
  /** Becomes one end of `tunnel`; its timer belongs to the tunnel from here on. */
  enterTunnel(tunnel: Tunnel): void;
  /** Request and response are complete: what it ran on may serve others. */
  release(): void;
  /** Gives up what is under way, without telling the owner. */
  destroy(): void;
}

/** The ways to one backend. */
export interface Upstreams {
  /** Ready for use if a way is open; else one is being opened. */
  acquire(owner: UpstreamOwner): Upstream;
  /** The same, on nothing that has served before. */
  open(owner: UpstreamOwner): Upstream;
  /** No new request is to come for now. */
  closeIdle(): void;
  /** The limit of what is kept idle may have been lowered. */
  trim(): void;
  /** The backend is reached in another way: nothing of the old one is used for a new request. */
  readdress(): void;
}
