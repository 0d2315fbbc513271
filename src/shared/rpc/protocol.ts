// The whole wire as two unions. Every carrier moves exactly these; JSON-safe, so the WebSocket and
// the preload bridge need no encoding of their own.
import type { Event, Snapshot } from '../contract.ts';
import type { Result } from '../errors.ts';
import type { Port } from './port.ts';

export type ToCore =
  /** Run an operation; answered by `result` with the same id. */
  | { t: 'call'; id: number; op: string; input: unknown }
  /** Start events: answered by one `snapshot`, then `event`s. Asking again takes a new snapshot. */
  | { t: 'subscribe' }
  /** Stop events, for a hidden window. */
  | { t: 'unsubscribe' };

export type FromCore =
  | { t: 'result'; id: number; result: Result<unknown> }
  | { t: 'snapshot'; seq: number; snapshot: Snapshot }
  /** `seq` is one more than the message before it; a gap means something was lost: subscribe again. */
  | { t: 'event'; seq: number; event: Event }
  /** The core cannot start or has stopped; the sentence is for the person. */
  | { t: 'fatal'; message: string };

/** Close code of a WebSocket whose token is missing or wrong. */
export const CLOSE_UNAUTHORIZED = 4401;

export type CorePort = Port<FromCore, ToCore>;
export type ClientPort = Port<ToCore, FromCore>;
