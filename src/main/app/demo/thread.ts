// Three small backends with characters of their own, and steady traffic through the demo listener,
// so that a newcomer sees a living board without setting anything up. Loopback only; gentle: some
// forty requests a second, a wave up and down. Started by demo.ts as a worker thread.
import { Agent, createServer, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parentPort } from 'node:worker_threads';
import type { DemoCommand, DemoReport } from './messages.ts';

interface Character {
  name: string;
  typicalMs: number;
  /** Share of answers that are a 503. */
  errorShare: number;
}

const CHARACTERS: readonly Character[] = [
  { name: 'steady', typicalMs: 8, errorShare: 0 },
  { name: 'quick', typicalMs: 4, errorShare: 0 },
  { name: 'moody', typicalMs: 22, errorShare: 0.01 },
];
const PATHS = ['/', '/products', '/products/42', '/cart', '/api/orders', '/search?q=valve'];
const REQUESTS_PER_S = 40;
const WAVE_S = 90;
const TICK_MS = 100;

const post = (report: DemoReport) => parentPort?.postMessage(report);
const agent = new Agent({ keepAlive: true, maxSockets: 32 });
let traffic: NodeJS.Timeout | undefined;

parentPort?.on('message', (command: DemoCommand) => {
  if (command.type === 'listen') void listen(command.ports);
  else generateTraffic(new URL(command.url));
});

async function listen(ports: readonly number[]): Promise<void> {
  try {
    const servers = await Promise.all(CHARACTERS.map((character, i) => start(character, ports[i] ?? 0)));
    post({ type: 'listening', ports: servers.map((server) => (server.address() as AddressInfo).port) });
  } catch (error) {
    post({ type: 'failed', message: `the demo backends cannot listen: ${(error as Error).message}` });
  }
}

function start(character: Character, port: number): Promise<Server> {
  const server = createServer((incoming, response) => {
    incoming.resume();
    if (incoming.url === '/health') return answer(response, 200, '{"status":"ok"}\n', 'application/json');
    const failed = Math.random() < character.errorShare;
    setTimeout(
      () =>
        answer(
          response,
          failed ? 503 : 200,
          failed ? 'out of mood\n' : `hello from ${character.name}\n`,
          'text/plain',
        ),
      latencyMs(character),
    );
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

function answer(response: ServerResponse, status: number, body: string, type: string): void {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) }).end(body);
}

/** Mostly near the typical time, now and then several times slower, as real services are. */
function latencyMs(character: Character): number {
  const tail = Math.random() < 0.03 ? 6 : 1;
  return character.typicalMs * (0.6 + Math.random() * 0.8) * tail;
}

function generateTraffic(url: URL): void {
  clearInterval(traffic);
  const startedAt = performance.now();
  let owed = 0;
  traffic = setInterval(() => {
    const phase = ((performance.now() - startedAt) / 1000 / WAVE_S) * 2 * Math.PI;
    owed += (REQUESTS_PER_S * (1 + 0.4 * Math.sin(phase)) * TICK_MS) / 1000;
    for (; owed >= 1; owed -= 1) visit(url);
  }, TICK_MS);
}

function visit(base: URL): void {
  const path = PATHS[Math.floor(Math.random() * PATHS.length)] ?? '/';
  const visitor = request(new URL(path, base), { agent, timeout: 5000 }, (response) => response.resume());
  // A demo backend may be drained, disabled or removed while traffic flows; that is what a demo is for.
  visitor.on('timeout', () => visitor.destroy());
  visitor.on('error', () => undefined);
  visitor.end();
}
