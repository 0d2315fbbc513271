// Runs the core in a worker thread and keeps it running: a crash is restarted with growing delays, a core
// that says it cannot run is not. Knows no Electron and no window; start.ts owns the one instance.
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import type { Author } from '#shared/contract.ts';
import type { CoreOptions, CoreThreadCommand, CoreThreadReport } from '../core-messages.ts';

export type CoreState =
  | { kind: 'starting' }
  | { kind: 'running' }
  /** Ended without being asked; a new one starts after `retryInMs`. */
  | { kind: 'crashed'; message: string; retryInMs: number }
  /** Cannot run here at all; the sentence is for the person. */
  | { kind: 'failed'; message: string }
  | { kind: 'stopped' };

export interface CoreProcess {
  /** A new client's end of a channel to the core, or undefined while no core thread exists. */
  connect(author: Author): MessagePort | undefined;
  /** Lets requests finish for `graceMs` and waits at most `deadlineMs`, then ends the thread. */
  stop(limits: { graceMs: number; deadlineMs: number }): Promise<void>;
}

const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 5_000;
/** A core that ran this long was healthy: its next crash is a first crash again. */
const HEALTHY_AFTER_MS = 10_000;

export function retryDelayMs(crashesInARow: number): number {
  return Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (crashesInARow - 1));
}

export function startCoreProcess(
  entry: URL,
  options: CoreOptions,
  onState: (state: CoreState) => void,
): CoreProcess {
  let worker: Worker | undefined;
  let state: CoreState = { kind: 'starting' };
  let retryTimer: NodeJS.Timeout | undefined;
  let crashesInARow = 0;
  let stopping: Promise<void> | undefined;

  const enter = (next: CoreState) => {
    state = next;
    onState(next);
  };

  const ended = (startedAt: number, cause: string) => {
    worker = undefined;
    if (stopping !== undefined || state.kind === 'failed') return;
    crashesInARow = performance.now() - startedAt > HEALTHY_AFTER_MS ? 1 : crashesInARow + 1;
    const retryInMs = retryDelayMs(crashesInARow);
    retryTimer = setTimeout(start, retryInMs);
    enter({ kind: 'crashed', message: cause, retryInMs });
  };

  const start = () => {
    const startedAt = performance.now();
    let cause = '';
    const started = new Worker(entry, { workerData: options, name: 'sluice-core' });
    worker = started;
    started.on('message', (report: CoreThreadReport) => {
      if (report.type === 'ready') enter({ kind: 'running' });
      if (report.type === 'failed') enter({ kind: 'failed', message: report.message });
    });
    started.on('error', (error) => {
      cause = error instanceof Error ? (error.stack ?? error.message) : String(error);
    });
    started.on('exit', (code) =>
      ended(startedAt, cause === '' ? `the core thread exited with code ${code}` : cause),
    );
    enter({ kind: 'starting' });
  };

  start();

  return {
    connect(author) {
      if (worker === undefined || state.kind === 'failed') return undefined;
      const { port1, port2 } = new MessageChannel();
      post(worker, { type: 'connect', author, port: port2 });
      return port1;
    },
    stop(limits) {
      clearTimeout(retryTimer);
      stopping ??= stopWorker(worker, limits).then(() => enter({ kind: 'stopped' }));
      return stopping;
    },
  };
}

async function stopWorker(
  worker: Worker | undefined,
  { graceMs, deadlineMs }: { graceMs: number; deadlineMs: number },
): Promise<void> {
  if (worker === undefined) return;
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  const stopped = new Promise<void>((resolve) => {
    worker.on('message', (report: CoreThreadReport) => {
      if (report.type === 'stopped' || report.type === 'failed') resolve();
    });
  });
  post(worker, { type: 'stop', graceMs });
  let deadline: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    deadline = setTimeout(resolve, deadlineMs);
  });
  // `stopped` says the store is closed: from here ending the thread can lose nothing.
  await Promise.race([stopped, exited, late]);
  clearTimeout(deadline);
  await worker.terminate();
}

function post(worker: Worker, command: CoreThreadCommand): void {
  worker.postMessage(command, command.type === 'connect' ? [command.port] : []);
}
