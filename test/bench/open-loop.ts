// An open loop of requests: one is due at every step of the clock whether or not earlier ones were
// answered, and its latency runs from when it was due to the last byte of its answer. Load and backend
// are one process whose loop never sleeps: a request leaves within microseconds of its time, with no
// timer between, and the loader cannot starve the backend it shares a core with. Used by latency.ts and
// slow-clients.ts.
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export const CONNECTIONS = 32;
const REQUEST = 'GET / HTTP/1.1\r\nHost: bench.test\r\n\r\n';
const BODY = 'Hello, world!';
const RESPONSE = `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`;

export interface Client {
  socket: Socket;
  /** When the request under way was due; NaN: idle. */
  dueMs: number;
  received: string;
}

/** Latencies of the run under way, ms. */
let latencies: Float64Array = new Float64Array(0);
let answered = 0;
/** Why what was measured does not count. */
let failure: Error | undefined;
/** When requests were due that found every connection busy. */
const waiting: number[] = [];

/** The backend of the loop: answers every request at once. Its port. */
export function listen(): Promise<number> {
  const server = createServer({ noDelay: true }, (socket) => {
    let partial = '';
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk) => {
      partial += chunk.toString('latin1');
      for (let end = partial.indexOf('\r\n\r\n'); end !== -1; end = partial.indexOf('\r\n\r\n')) {
        partial = partial.slice(end + 4);
        socket.write(RESPONSE, 'latin1');
      }
    });
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

export function openClients(name: string, port: number): Promise<Client[]> {
  return Promise.all(Array.from({ length: CONNECTIONS }, () => openClient(name, port)));
}

/**
 * The latencies in order, ms. The loop never sleeps: setImmediate makes each turn look at the sockets and
 * come straight back.
 */
export function run(clients: readonly Client[], rate: number, seconds: number): Promise<Float64Array> {
  const count = rate * seconds;
  latencies = new Float64Array(count);
  answered = 0;
  const startMs = performance.now();
  const deadlineMs = startMs + seconds * 1000 + 5000;
  let sent = 0;
  let turn = 0;
  return new Promise((resolve, reject) => {
    const step = (): void => {
      const nowMs = performance.now();
      for (let dueMs = startMs + (sent * 1000) / rate; sent < count && dueMs <= nowMs; sent++) {
        const client = idleClient(clients, turn++);
        if (client === undefined) waiting.push(dueMs);
        else send(client, dueMs);
        dueMs = startMs + ((sent + 1) * 1000) / rate;
      }
      if (failure !== undefined) reject(failure);
      else if (answered === count) resolve(latencies.sort());
      else if (nowMs > deadlineMs) reject(new Error(`${count - answered} requests were not answered`));
      else setImmediate(step);
    };
    step();
  });
}

function idleClient(clients: readonly Client[], turn: number): Client | undefined {
  for (let i = 0; i < clients.length; i++) {
    const client = clients[(turn + i) % clients.length];
    if (client !== undefined && Number.isNaN(client.dueMs)) return client;
  }
  return undefined;
}

function openClient(name: string, port: number): Promise<Client> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => resolve(client));
    const client: Client = { socket, dueMs: Number.NaN, received: '' };
    socket.on('error', reject);
    socket.on('close', () => {
      failure ??= new Error(`a connection of ${name} broke`);
    });
    socket.on('data', (chunk) => {
      client.received += chunk.toString('latin1');
      if (client.received.endsWith(BODY)) finish(client);
    });
  });
}

function finish(client: Client): void {
  if (!client.received.startsWith('HTTP/1.1 200')) failure ??= new Error(client.received);
  client.received = '';
  latencies[answered++] = performance.now() - client.dueMs;
  client.dueMs = Number.NaN;
  const dueMs = waiting.shift();
  if (dueMs !== undefined) send(client, dueMs);
}

function send(client: Client, dueMs: number): void {
  client.dueMs = dueMs;
  client.socket.write(REQUEST, 'latin1');
}
