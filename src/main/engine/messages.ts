// Everything that crosses between the core thread and an engine thread. Counters do not: they are
// read from shared memory. No message is sent per request.
import type { RequestRecord } from '#shared/history.ts';
import type { ConnectionStatus } from '#shared/status.ts';
import type { Plan } from './plan.ts';

/** What a thread is started with. */
export interface EngineThreadData {
  /** Its number from 0: whose counter pages it writes. */
  index: number;
  /** One Int32 the thread counts up for as long as its loop turns. */
  beat: SharedArrayBuffer;
}

export type EngineCommand =
  /**
   * Run this plan; answered by `applied` with the same id. `pages` are all counter pages of this
   * thread, by index. Without `crew` the thread is alone and binds its ports for itself.
   */
  | { type: 'apply'; id: number; plan: Plan; pages: SharedArrayBuffer[]; crew?: Crew }
  /** The crew has changed; answered by `joined` with the same id once the listeners that waited for it have bound. */
  | { type: 'join'; id: number; crew: Crew }
  /** What the backend of this row has under way; answered by `connections` with the same id. */
  | { type: 'list-connections'; id: number; slot: number }
  /** Close one of them, or with null all; answered by `connections-closed` with the same id. */
  | { type: 'close-connections'; id: number; slot: number; connection: number | null }
  | { type: 'set-health'; updates: { slot: number; usable: boolean }[] }
  /** Stop accepting, let requests in flight finish until the deadline, then answer `stopped`. */
  | { type: 'stop'; deadlineMs: number }
  /** The same without a client noticing, because other threads go on: retire.ts. */
  | { type: 'retire'; deadlineMs: number };

/** What a thread must know of the others that carry the same traffic. */
export interface Crew {
  /** The one thread that binds what nobody holds yet; the others join it (SO_REUSEPORT). */
  lead: boolean;
  held: HeldAddress[];
  /** The counter pages of each other thread: what it has in flight counts for limits and policies here. */
  peers: SharedArrayBuffer[][];
  /** One Int32 for all: shared-queue.ts. */
  fence: SharedArrayBuffer;
  /** Undefined while this thread is alone. */
  clients: CrewClients | undefined;
}

/** Whom each thread has as clients: client-table.ts. */
export interface CrewClients {
  /** The same for as long as the thread lives, and all zeros when it gets it first. */
  own: SharedArrayBuffer;
  others: SharedArrayBuffer[];
}

/** An address some thread of the crew listens on: as planned, and the port it got. */
export interface HeldAddress {
  name: string;
  host: string;
  port: number;
  boundPort: number;
}

export interface ListenerReport {
  name: string;
  state: 'listening' | 'failed';
  /** As bound; for a failed one as configured. */
  host: string;
  port: number;
  /** One sentence that names the thing and the fix; empty when listening. */
  error: string;
  /** `host:port` of before, which a failed one goes on serving until it has the new address. */
  servedAddress?: string;
}

export type EngineReport =
  | { type: 'ready' }
  | { type: 'applied'; id: number; revision: number; listeners: ListenerReport[] }
  | { type: 'joined'; id: number; listeners: ListenerReport[] }
  /** Oldest first; `total` counts also what is not listed. */
  | { type: 'connections'; id: number; total: number; connections: ConnectionStatus[] }
  | { type: 'connections-closed'; id: number; count: number }
  /** A listener changed on its own: a retry of a failed bind succeeded, or a bound one broke. */
  | { type: 'listener'; listener: ListenerReport }
  /** The newest finished requests since the last batch; `dropped` more were not recorded. */
  | { type: 'requests'; records: RequestRecord[]; dropped: number }
  /** A bug ended one connection; logged by the core, the engine goes on. */
  | { type: 'fault'; message: string; stack: string }
  | { type: 'stopped' };
