// The memory of idle connections: 10,000 keep-alive connections that each had one request answered, and
// 9,000 WebSocket tunnels that each carried one frame both ways, through Sluice, nginx and HAProxy. A
// tunnel holds two sockets in the proxy and two here, and a process may open 20,000 files. What counts
// is the growth of the resident memory of a proxy that was at work before, once it stands still; between
// opening and reading there is ordinary traffic, so that a garbage collector runs as it does in use. Run
// as a program: idle.ts [keep-alive|websocket]
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { idleProxies } from './idle-proxies.ts';
import { costOf, freePort } from './processes.ts';
import { bench, pause, printBar, type Start } from './started.ts';
import { printTable } from './statistics.ts';

const COUNTS = {
  'keep-alive': Number(process.env.SLUICE_BENCH_IDLE ?? 10_000),
  websocket: Number(process.env.SLUICE_BENCH_TUNNELS ?? 9000),
};
type Kind = keyof typeof COUNTS;

const GET = 'GET / HTTP/1.1\r\nHost: bench.test\r\n\r\n';
const UPGRADE = [
  'GET /socket HTTP/1.1',
  'Host: bench.test',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: c2x1aWNlLWJlbmNoLWtleQ==',
  '\r\n',
].join('\r\n');
const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
const SWITCHING =
  'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: n2ZGqNc7AIHfZhdL6MQavgzVNqk=\r\n\r\n';
/** A masked text frame with a mask of zeros, and the same as a server sends it. */
const ASKED = Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0x68, 0x69]);
const ECHOED = Buffer.from([0x81, 0x02, 0x68, 0x69]);

const AT_ONCE = 50;
const WARM_UP_REQUESTS = 20_000;
const STABLE_MS = 2000;
const SAMPLE_MS = 200;
const STABLE_BYTES = 256 * 1024;
const SETTLE_MOST_MS = 20_000;
const MOST_KB = 8;

await bench(async (start) => {
  const backendPort = await listen();
  for (const kind of chosenKinds()) {
    const count = COUNTS[kind];
    const rows = [['', 'KB each', 'RSS before MB', 'RSS after MB']];
    let own = Number.NaN;
    for (const { name, command } of idleProxies()) {
      const port = await freePort();
      const measured = await measure(kind, count, port, () => start(command(port, backendPort), port)).catch(
        (cause) => {
          throw new Error(`${name}, ${kind}`, { cause });
        },
      );
      const kb = (measured.after - measured.before) / count / 1024;
      if (name === 'Sluice') own = kb;
      rows.push([name, kb.toFixed(2), mb(measured.before), mb(measured.after)]);
    }
    const noun = kind === 'websocket' ? 'WebSocket tunnels' : 'keep-alive connections';
    printTable(`${count} idle ${noun}`, rows);
    printBar('memory each in Sluice', own, MOST_KB, 'KB');
  }
});

function chosenKinds(): Kind[] {
  const asked = process.argv.slice(2);
  const all = Object.keys(COUNTS) as Kind[];
  return asked.length === 0 ? all : all.filter((kind) => asked.includes(kind));
}

function mb(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}

async function measure(kind: Kind, count: number, port: number, start: () => ReturnType<Start>) {
  const { pid, child } = await start();
  await ordinaryTraffic(kind, port);
  const before = await settledRss(pid);
  const sockets: Socket[] = [];
  let lost = 0;
  while (sockets.length < count) {
    const wave = Array.from({ length: Math.min(AT_ONCE, count - sockets.length) }, () => open(kind, port));
    for (const socket of await Promise.all(wave)) {
      sockets.push(socket);
      socket.on('close', () => lost++);
    }
  }
  await ordinaryTraffic(kind, port);
  const after = await settledRss(pid);
  if (lost > 0) throw new Error(`${lost} of ${count} connections did not stay open`);
  const gone = new Promise((resolve) => child.once('exit', resolve));
  for (const socket of sockets) socket.destroy();
  child.kill('SIGTERM');
  await gone;
  // The backend's ends of the tunnels close in a while of their own and count as files until then.
  await pause(1000);
  return { before, after };
}

/** Also a few tunnels or connections that close again: what the first of a kind costs is no one's share. */
async function ordinaryTraffic(kind: Kind, port: number): Promise<void> {
  const passing = await Promise.all(Array.from({ length: AT_ONCE }, () => open(kind, port)));
  const busy = await Promise.all(Array.from({ length: AT_ONCE }, () => open('keep-alive', port)));
  const each = WARM_UP_REQUESTS / busy.length;
  await Promise.all(
    busy.map(async (socket) => {
      for (let i = 0; i < each; i++) await exchange(socket, GET);
    }),
  );
  for (const socket of [...passing, ...busy]) socket.destroy();
}

/** Once it moved no more for two seconds, or as it is when it never comes to rest. */
async function settledRss(pid: number): Promise<number> {
  const endMs = performance.now() + SETTLE_MOST_MS;
  const samples: number[] = [];
  while (performance.now() < endMs) {
    samples.push(costOf(pid).rssBytes);
    const recent = samples.slice(-STABLE_MS / SAMPLE_MS);
    const still = Math.max(...recent) - Math.min(...recent) <= STABLE_BYTES;
    if (recent.length === STABLE_MS / SAMPLE_MS && still) break;
    await pause(SAMPLE_MS);
  }
  return samples.at(-1) ?? Number.NaN;
}

function open(kind: Kind, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', reject);
    socket.once('close', () => reject(new Error('a connection was closed while it was opened')));
    socket.once('connect', async () => {
      await exchange(socket, kind === 'websocket' ? UPGRADE : GET);
      if (kind === 'websocket') await exchange(socket, ASKED);
      resolve(socket);
    });
  });
}

/** Every answer here is small enough to come whole. */
function exchange(socket: Socket, request: string | Buffer): Promise<Buffer> {
  return new Promise((resolve) => {
    socket.once('data', resolve);
    socket.write(request);
  });
}

function listen(): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk) => {
      if (chunk[0] === ASKED[0]) socket.write(ECHOED);
      else socket.write(chunk.toString('latin1', 0, 11) === 'GET /socket' ? SWITCHING : OK);
    });
  });
  return new Promise((resolve) => {
    server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () =>
      resolve((server.address() as AddressInfo).port),
    );
  });
}
