// Backends that misbehave on purpose, on loopback, each gone when its test ends.
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';

export interface Backend extends AsyncDisposable {
  host: string;
  port: number;
  /** In clear text; a test that encrypts says so itself. */
  protocol: 'http1';
  tls: null;
  /** Connections accepted so far. */
  connections(): number;
}

export function httpBackend(answer: RequestListener, host = '127.0.0.1'): Promise<Backend> {
  return listening(createHttpServer(answer), host);
}

/** Speaks whatever bytes `talk` writes. */
export function rawBackend(talk: (socket: Socket) => void, host = '127.0.0.1'): Promise<Backend> {
  return listening(createServer(talk), host);
}

async function listening(server: Server, host: string): Promise<Backend> {
  const sockets = new Set<Socket>();
  let connections = 0;
  server.on('connection', (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    host,
    port,
    protocol: 'http1',
    tls: null,
    connections: () => connections,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A port that nothing listens on: it was free a moment ago. */
export async function closedPort(): Promise<number> {
  await using backend = await rawBackend(() => {});
  return backend.port;
}

// A thread that listens and then blocks, so that nothing is ever accepted from its queue.
const FROZEN = `
const { createServer, connect } = require('node:net');
const { parentPort, workerData } = require('node:worker_threads');
const server = createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
  parentPort.postMessage(server.address().port);
  setImmediate(() => Atomics.wait(new Int32Array(workerData), 0, 0));
});
`;

export interface FrozenBackend extends AsyncDisposable {
  port: number;
}

/** Its accept queue never moves: a few connections fill it, all later ones go unanswered. */
export async function frozenBackend(): Promise<FrozenBackend> {
  const gate = new SharedArrayBuffer(4);
  const worker = new Worker(FROZEN, { eval: true, workerData: gate });
  const port = await new Promise<number>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  return {
    port,
    async [Symbol.asyncDispose]() {
      Atomics.store(new Int32Array(gate), 0, 1);
      Atomics.notify(new Int32Array(gate), 0);
      await worker.terminate();
    },
  };
}

// A thread of its own: in ours, a loop that is blocked would not accept either.
const APART = `
const { createServer } = require('node:http');
const { parentPort } = require('node:worker_threads');
const server = createServer((request, response) => response.end('fine'));
server.listen({ port: 0, host: '127.0.0.1', backlog: 2048 }, () => parentPort.postMessage(server.address().port));
`;

/** Answers 200 whatever this thread is doing. */
export async function backendApart(): Promise<{ host: string; port: number } & AsyncDisposable> {
  const worker = new Worker(APART, { eval: true });
  const port = await new Promise<number>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  return { host: '127.0.0.1', port, [Symbol.asyncDispose]: async () => void (await worker.terminate()) };
}
