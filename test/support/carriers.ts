// The four ways to the same core: a port in this process, a port to a core in a worker thread, the
// WebSocket and HTTP. Each starts a core of its own; `call` answers with the envelope as it arrived.
import { MessageChannel, Worker } from 'node:worker_threads';
import { WebSocket } from 'ws';
import { ERRORS, type Result } from '#shared/errors.ts';
import type { ClientPort, FromCore, ToCore } from '#shared/rpc/protocol.ts';
import type { CoreThreadCommand, CoreThreadReport } from '../../src/main/core-messages.ts';
import { startControlServer } from '../../src/main/headless/control-server.ts';
import { messagePort } from '../../src/main/transport/message-port.ts';
import { webSocketPort } from '../../src/main/transport/web-socket.ts';
import { CORE_THREAD, coreOptions, startTestCore, tempDir } from './core-harness.ts';
import { HttpClient } from './http-get.ts';
import { memoryPorts } from './memory-ports.ts';

export interface Carrier extends AsyncDisposable {
  call(operation: string, input: unknown): Promise<Result<unknown>>;
  /** A port of its own; undefined for a carrier without events. */
  port(): Promise<ClientPort> | undefined;
}

const TOKEN = 'token-of-the-carriers-test';

export const CARRIERS = {
  'in memory': memoryCarrier,
  'worker port': workerCarrier,
  WebSocket: webSocketCarrier,
  HTTP: httpCarrier,
} satisfies Record<string, () => Promise<Carrier>>;

async function memoryCarrier(): Promise<Carrier> {
  const core = await startTestCore();
  return portCarrier(
    async () => {
      const [here, there] = memoryPorts<ToCore, FromCore>(structuredClone);
      core.core.connect(there, 'window');
      return here;
    },
    async () => await core[Symbol.asyncDispose](),
  );
}

async function workerCarrier(): Promise<Carrier> {
  const dir = tempDir();
  const worker = new Worker(CORE_THREAD, { workerData: coreOptions(dir.path) });
  const untilReport = (type: CoreThreadReport['type']) =>
    new Promise<void>((resolve, reject) => {
      worker.on('message', (report: CoreThreadReport) => {
        if (report.type === type) resolve();
        else if (report.type === 'failed') reject(new Error(report.message));
      });
      worker.once('error', reject);
    });
  await untilReport('ready');
  return portCarrier(
    async () => {
      const { port1, port2 } = new MessageChannel();
      const command: CoreThreadCommand = { type: 'connect', author: 'window', port: port2 };
      worker.postMessage(command, [port2]);
      return messagePort<ToCore, FromCore>(port1);
    },
    async () => {
      const stopped = untilReport('stopped');
      worker.postMessage({ type: 'stop', graceMs: 0 } satisfies CoreThreadCommand);
      await stopped;
      await worker.terminate();
      dir.remove();
    },
  );
}

async function controlled() {
  const core = await startTestCore();
  const control = await startControlServer({
    core: core.core,
    host: '127.0.0.1',
    port: 0,
    token: TOKEN,
    windowRoot: null,
    onBug(target, error) {
      throw new Error(`${target} met a bug`, { cause: error });
    },
  });
  return {
    authority: `127.0.0.1:${control.port}`,
    async dispose() {
      await control.close();
      await core[Symbol.asyncDispose]();
    },
  };
}

async function webSocketCarrier(): Promise<Carrier> {
  const { authority, dispose } = await controlled();
  return portCarrier(() => openEvents(authority, TOKEN), dispose);
}

async function httpCarrier(): Promise<Carrier> {
  const { authority, dispose } = await controlled();
  const client = new HttpClient(1);
  return {
    async call(operation, input) {
      const answer = await client.ask(`http://${authority}/rpc/${operation}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
        body: JSON.stringify(input),
      });
      const result = JSON.parse(answer.body) as Result<unknown>;
      const expected = result.ok ? 200 : ERRORS[result.error.code].httpStatus;
      if (answer.status !== expected) throw new Error(`status ${answer.status} for ${answer.body}`);
      return result;
    },
    port: () => undefined,
    async [Symbol.asyncDispose]() {
      client[Symbol.dispose]();
      await dispose();
    },
  };
}

/** A WebSocket to the control endpoint, its token sent as a browser has to. */
export async function openEvents(authority: string, token: string): Promise<ClientPort> {
  const socket = new WebSocket(`ws://${authority}/events`);
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  socket.on('error', () => socket.terminate());
  socket.send(JSON.stringify({ t: 'auth', token }));
  return webSocketPort<ToCore, FromCore>(socket);
}

async function portCarrier(open: () => Promise<ClientPort>, dispose: () => Promise<void>): Promise<Carrier> {
  const port = await open();
  const waiting = new Map<number, (result: Result<unknown>) => void>();
  port.onMessage((message) => {
    if (message.t === 'result') waiting.get(message.id)?.(message.result);
  });
  let nextId = 1;
  return {
    call: (op, input) =>
      new Promise((resolve) => {
        const id = nextId++;
        waiting.set(id, resolve);
        port.post({ t: 'call', id, op, input });
      }),
    port: open,
    async [Symbol.asyncDispose]() {
      port.close();
      await dispose();
    },
  };
}
