// Everything that crosses between the core thread and an engine thread. Counters do not: they are
// read from shared memory. No message is sent per request.
import type { RequestRecord } from '#shared/history.ts';
import type { Plan } from './plan.ts';

export type EngineCommand =
  /** Run this plan; answered by `applied` with the same id. `pages` are all counter pages, by index. */
  | { type: 'apply'; id: number; plan: Plan; pages: SharedArrayBuffer[] }
  | { type: 'set-health'; updates: { slot: number; usable: boolean }[] }
  /** Stop accepting, let requests in flight finish until the deadline, then answer `stopped`. */
  | { type: 'stop'; deadlineMs: number };

export interface ListenerReport {
  name: string;
  state: 'listening' | 'failed';
  /** As bound; for a failed one as configured. */
  host: string;
  port: number;
  /** One sentence that names the thing and the fix; empty when listening. */
  error: string;
}

export type EngineReport =
  | { type: 'ready' }
  | { type: 'applied'; id: number; revision: number; listeners: ListenerReport[] }
  /** A listener changed on its own: a retry of a failed bind succeeded, or a bound one broke. */
  | { type: 'listener'; listener: ListenerReport }
  /** The newest finished requests since the last batch; `dropped` more were not recorded. */
  | { type: 'requests'; records: RequestRecord[]; dropped: number }
  /** A bug ended one connection; logged by the core, the engine goes on. */
  | { type: 'fault'; message: string; stack: string }
  | { type: 'stopped' };
