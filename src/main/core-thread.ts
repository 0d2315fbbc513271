// Runs the core in a worker thread for the desktop shell; core-messages.ts is the whole exchange.
// A core that cannot start says why in one sentence and ends; it never takes the window with it.
import { parentPort, workerData } from 'node:worker_threads';
import type { FromCore, ToCore } from '#shared/rpc/protocol.ts';
import { createLog } from './app/log.ts';
import { type Core, startCore } from './core.ts';
import type { CoreOptions, CoreThreadCommand, CoreThreadReport } from './core-messages.ts';
import { messagePort } from './transport/message-port.ts';

const post = (report: CoreThreadReport) => parentPort?.postMessage(report);
const starting: Promise<Core> = startCore(workerData as CoreOptions, createLog('json'));

starting.then(
  () => post({ type: 'ready' }),
  (error: unknown) =>
    post({ type: 'failed', message: error instanceof Error ? error.message : String(error) }),
);

parentPort?.on('message', (command: CoreThreadCommand) => {
  if (command.type === 'connect') {
    const port = messagePort<FromCore, ToCore>(command.port);
    starting.then(
      (core) => core.connect(port, command.author),
      () => port.close(),
    );
  } else {
    void starting
      .then((core) => core.stop(command.graceMs))
      .catch(() => undefined)
      .then(() => post({ type: 'stopped' }));
  }
});
