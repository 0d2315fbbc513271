// The client's side of an exchange, whatever protocol it speaks: exchange.ts knows clients only
// through this. client-connection.ts is the HTTP/1.1 one. Calls never re-enter the caller with data,
// except `exchangeDone`, which may begin the next exchange at once.
import type { Duplex } from 'node:stream';
import type { ListenerState } from '../state.ts';
import type { Forwarding } from './forwarded.ts';
import type { ResponseHead } from './message.ts';

export interface Front {
  readonly listener: ListenerState;
  /** What backends are told about this client. */
  readonly forwarding: Forwarding;
  /** What the client asked for when it began TLS, lower case, '' for no name; null: clear text. */
  readonly serverName: string | null;
  /** Bodies come to it bare, without chunk framing: its protocol has a framing of its own. */
  readonly bareBodies?: true;
  /** The exchange is ready for the request body, or for more of it. */
  takeRequestBody(): void;
  /** A 1xx but 101. Bytes written. */
  sendInterim(head: ResponseHead): number;
  sendHead(head: ResponseHead): number;
  /** `lasting`: the bytes may be kept while `holdsBytes`; else they are valid during the call only. */
  sendBody(bytes: Buffer, lasting: boolean): void;
  holdsBytes(): boolean;
  /** False: the client has enough to read; wait for `Exchange.clientDrained`. */
  flush(): boolean;
  /** Of a bare body, names and values in turn; `sendEnd` follows. */
  sendTrailers?(fields: readonly string[]): void;
  /** The response is complete. */
  sendEnd(): void;
  /** A whole answer of our own in place of a backend's. Bytes written. */
  answer(status: number, text: string, retryAfterS: number | undefined): number;
  /** Ends the client's connection so that it cannot mistake what it got for a complete response. */
  abort(): void;
  /** Sends the 101 and gives the raw stream away; `rest` is what the client has sent since. */
  switchProtocols(head: ResponseHead): { stream: Duplex; rest: Buffer | null };
  /** Nothing of the exchange is left; the next one may begin. */
  exchangeDone(): void;
}
