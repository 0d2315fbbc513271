// What crosses between a host that runs the core in a worker thread (the desktop shell) and that
// thread. Operations and events do not: each client gets its own port through `connect`.
import type { MessagePort } from 'node:worker_threads';
import type { Author, SystemInfo } from '#shared/contract.ts';

/** How to start a core; plain data, so it can be a worker's `workerData`. */
export interface CoreOptions {
  /** Holds the database and the lock; made if missing. */
  dataDir: string;
  /** A config file to import and watch; null for none. */
  configFile: string | null;
  host: SystemInfo['host'];
  /** Start the demo at once. */
  startDemo?: boolean;
  version: string;
  /** URL of the engine thread's entry: `engine-thread.js` in a build, `engine/thread.ts` from source. */
  engineThread: string;
  /** URL of the demo thread's entry. */
  demoThread: string;
}

export type CoreThreadCommand =
  /** A new client: its calls and events travel over `port`. */
  | { type: 'connect'; author: Author; port: MessagePort }
  /** Let requests finish for up to `graceMs`, close the store, answer `stopped`. */
  | { type: 'stop'; graceMs: number };

export type CoreThreadReport =
  | { type: 'ready' }
  /** The core cannot run at all, for example another Sluice holds the data; a sentence for the person. */
  | { type: 'failed'; message: string }
  | { type: 'stopped' };
