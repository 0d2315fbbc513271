// A core thread with scripted behaviour, for tests of what the shell does around a core: it speaks the
// thread's real messages and the real rpc wire, and its `version` option says how it misbehaves.
import { type MessagePort, parentPort, threadId, workerData } from 'node:worker_threads';
import type { Snapshot } from '#shared/contract.ts';
import type { FromCore, ToCore } from '#shared/rpc/protocol.ts';
import type { CoreOptions, CoreThreadCommand, CoreThreadReport } from '../../../src/main/core-messages.ts';

/** `works` · cannot run and says so · dies before it is ready · does not answer `stop`. */
export type Script = 'works' | 'refuses' | 'dies' | 'hangs';

const options = workerData as CoreOptions;
const script = options.version as Script;
const report = (message: CoreThreadReport) => parentPort?.postMessage(message);

const snapshot: Snapshot = {
  status: { at: 0, revision: 1, appliedRevision: 1, listeners: [], pools: [] },
  system: {
    at: 0,
    engineWorkers: 1,
    engineNotice: null,
    cpuPct: 0,
    memoryBytes: 0,
    historyBytes: 0,
    retentionS: 0,
    storeNotice: null,
    configNotice: null,
    demoRunning: false,
  },
  settings: { theme: 'system', closeToTray: true },
  info: { ...options, host: 'test', platform: process.platform, startedAt: threadId },
};

parentPort?.on('message', (command: CoreThreadCommand) => {
  if (command.type === 'connect') answer(command.port, command.author);
  else if (script !== 'hangs') report({ type: 'stopped' });
});

if (script === 'dies') throw new Error('scripted death');
if (script === 'refuses') report({ type: 'failed', message: 'Another Sluice uses this folder.' });
else report({ type: 'ready' });

function answer(port: MessagePort, author: string): void {
  port.on('message', (message: ToCore) => {
    const post = (reply: FromCore) => port.postMessage(reply);
    if (message.t === 'subscribe') post({ t: 'snapshot', seq: 1, snapshot });
    if (message.t !== 'call') return;
    if (message.op === 'crash') throw new Error('scripted crash');
    post({ t: 'result', id: message.id, result: { ok: true, value: { op: message.op, author, threadId } } });
  });
}
