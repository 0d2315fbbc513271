// The latency a proxy adds at 1,000 requests/s, an open loop: a request is due every millisecond
// whether or not earlier ones were answered, and its latency runs from when it was due to the last byte
// of its answer. Load and backend are one process whose loop never sleeps: a request leaves within
// microseconds of its time, with no timer between, and the loader cannot starve the backend it shares a
// core with. The same loop measures the way without a proxy, in turn with the others, round by round;
// what is added is the difference of each percentile in the same round. Run as a program: latency.ts
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { contenders } from './contenders.ts';
import { freePort } from './processes.ts';
import { bench, printBar, type Start } from './started.ts';
import { median, percentile, printTable, spread } from './statistics.ts';

const ROUNDS = Number(process.env.SLUICE_BENCH_ROUNDS ?? 5);
const SECONDS = Number(process.env.SLUICE_BENCH_SECONDS ?? 5);
const RATE = 1000;
const CONNECTIONS = 32;
/** Enough requests for Node's compilers to have finished, in Sluice and here. */
const WARM_UP = { rate: 4000, seconds: 4 };
const PEERS = ['Sluice', 'nginx', 'HAProxy'];
const REQUEST = 'GET / HTTP/1.1\r\nHost: bench.test\r\n\r\n';
const BODY = 'Hello, world!';
const RESPONSE = `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`;
const SHARES = [0.5, 0.99, 0.999] as const;
const NAMES = ['p50', 'p99', 'p99.9'];

interface Client {
  socket: Socket;
  /** When the request under way was due; NaN: idle. */
  dueMs: number;
  received: string;
}

interface Way {
  name: string;
  clients: Client[];
  /** µs, one list for each share, one value for each round. */
  us: number[][];
}

/** Latencies of the run under way, ms. */
let latencies: Float64Array = new Float64Array(0);
let answered = 0;
/** Why what was measured does not count. */
let failure: Error | undefined;
/** When requests were due that found every connection busy. */
const waiting: number[] = [];

await bench(async (start) => {
  const backendPort = await listen();
  const ways = [await openWay('direct', backendPort), ...(await startProxies(start, backendPort))];
  for (const way of ways) await run(way.clients, WARM_UP.rate, WARM_UP.seconds);
  for (let round = 0; round < ROUNDS; round++) {
    for (const { clients, us } of ways) {
      await run(clients, RATE, SECONDS);
      latencies.sort();
      SHARES.forEach((share, i) => {
        us[i]?.push(percentile(latencies, share) * 1000);
      });
    }
  }
  report(ways);
});

function listen(): Promise<number> {
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

async function startProxies(start: Start, backendPort: number): Promise<Way[]> {
  const ways: Way[] = [];
  for (const contender of contenders()) {
    if (!PEERS.includes(contender.name)) continue;
    const port = await freePort();
    await start(contender.command(port, backendPort), port);
    ways.push(await openWay(contender.name, port));
  }
  return ways;
}

async function openWay(name: string, port: number): Promise<Way> {
  const clients = await Promise.all(Array.from({ length: CONNECTIONS }, () => openClient(name, port)));
  return { name, clients, us: SHARES.map(() => []) };
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

/** The loop never sleeps: setImmediate makes each turn look at the sockets and come straight back. */
function run(clients: readonly Client[], rate: number, seconds: number): Promise<void> {
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
      else if (answered === count) resolve();
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

function report(ways: readonly Way[]): void {
  const direct = ways[0]?.us ?? [];
  const added = (way: Way, i: number) =>
    (way.us[i] ?? []).map((us, round) => us - (direct[i]?.[round] ?? Number.NaN));
  const header = ['', ...NAMES.map((name) => `${name} µs`), ...NAMES.map((name) => `${name} added`)];
  const rows = ways.map((way) => [
    way.name,
    ...way.us.map((values) => spread(values, 0)),
    ...SHARES.map((_, i) => (way.name === 'direct' ? '' : spread(added(way, i), 0))),
  ]);
  const rounds = `${ROUNDS} rounds of ${SECONDS} s in turn`;
  printTable(`Latency at ${RATE} requests/s, open loop, ${CONNECTIONS} connections; ${rounds}`, [
    header,
    ...rows,
  ]);
  const own = ways.find(({ name }) => name === 'Sluice');
  if (own === undefined) return;
  printBar('p50 Sluice adds', median(added(own, 0)), 100, 'µs');
  printBar('p99 Sluice adds', median(added(own, 1)), 1000, 'µs');
}
