// Entry of an engine's worker thread: one engine behind the thread's port, and the heartbeat by which
// the core sees that its loop still turns. Started by app/engine-thread.ts.
import { parentPort, workerData } from 'node:worker_threads';
import { createEngine, faultReport } from './engine.ts';
import { systemEnv } from './env.ts';
import type { EngineCommand, EngineReport, EngineThreadData } from './messages.ts';

const port = parentPort;
if (port === null) throw new Error('engine/thread.ts runs as a worker thread only');

const BEAT_MS = 250;

const post = (report: EngineReport): void => port.postMessage(report);
// A bug must not stop traffic: whatever escaped a connection's own handlers is reported, and the loop goes on.
process.on('uncaughtException', (error) => post(faultReport(error)));
process.on('unhandledRejection', (reason) => post(faultReport(reason)));

const engine = createEngine({ env: systemEnv, post });
port.on('message', (command: EngineCommand) => engine.handle(command));
const data: EngineThreadData | null | undefined = workerData;
if (data) {
  const beat = new Int32Array(data.beat);
  setInterval(() => Atomics.add(beat, 0, 1), BEAT_MS);
}
post({ type: 'ready' });
