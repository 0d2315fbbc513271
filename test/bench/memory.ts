// The memory Sluice takes for large bodies: a gigabyte down and up, as fast as it goes and with one side
// that stops reading for five seconds while the other offers all it has. Bodies pass through, so that
// the growth must not follow their size; `taken in` says how much Sluice accepted while its other side
// stood still, most of it in the kernel's socket buffers. Client and backend run in this process. Run as
// a program: memory.ts
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { contenders } from './contenders.ts';
import { costOf, freePort } from './processes.ts';
import { bench, pause, printBar } from './started.ts';
import { printTable } from './statistics.ts';

const BODY_BYTES = Number(process.env.SLUICE_BENCH_BODY_MB ?? 1024) * 1024 * 1024;
const STALL_MS = 5000;
const SAMPLE_MS = 20;
const SMALL_REQUESTS = 5000;
/** What the slow side reads before it stops. */
const BEFORE_STALL_BYTES = 8 * 1024 * 1024;
const CHUNK = Buffer.alloc(256 * 1024, 0x61);
const MOST_MB = 32;

interface Transfer {
  title: string;
  path: '/down' | '/up';
  stalls: boolean;
}

const TRANSFERS: readonly Transfer[] = [
  { title: 'download, fast', path: '/down', stalls: false },
  { title: 'download, reader stalls', path: '/down', stalls: true },
  { title: 'upload, fast', path: '/up', stalls: false },
  { title: 'upload, backend stalls', path: '/up', stalls: true },
];

/** Of the transfer under way. */
let offeredBytes = 0;
let stalling = false;
/** What Sluice took while the other side stood still. */
let stalledBytes = 0;

await bench(async (start) => {
  const backendPort = await listen();
  const sluice = contenders().find(({ name }) => name === 'Sluice');
  if (sluice === undefined) throw new Error('Sluice is not among the contenders');
  const rows = [['', 'peak growth MB', 'seconds', 'taken in while stalled MB']];
  let highest = 0;
  for (const transfer of TRANSFERS) {
    // A fresh one each time: what an earlier transfer left in the heap would hide the growth of this one.
    const port = await freePort();
    const { pid, child } = await start(sluice.command(port, backendPort), port);
    await smallRequests(port);
    await pause(1000);
    const { growthMb, seconds, stalledMb } = await measure(transfer, port, pid);
    highest = Math.max(highest, growthMb);
    const stalled = transfer.stalls ? stalledMb.toFixed(1) : '';
    rows.push([transfer.title, growthMb.toFixed(1), seconds.toFixed(1), stalled]);
    child.kill('SIGTERM');
  }
  printTable(`Memory of Sluice for bodies of ${BODY_BYTES / 1024 ** 2} MB`, rows);
  printBar('highest growth', highest, MOST_MB, 'MB');
});

/** The usual heap of a Sluice at work is no growth caused by the body. */
async function smallRequests(port: number): Promise<void> {
  const socket = await open(port);
  for (let i = 0; i < SMALL_REQUESTS; i++) {
    socket.write('GET /small HTTP/1.1\r\nHost: bench.test\r\n\r\n');
    await new Promise((resolve) => socket.once('data', resolve));
  }
  socket.destroy();
}

async function measure(transfer: Transfer, port: number, pid: number) {
  const before = costOf(pid).rssBytes;
  let peak = before;
  const timer = setInterval(() => {
    peak = Math.max(peak, costOf(pid).rssBytes);
  }, SAMPLE_MS);
  offeredBytes = 0;
  stalling = transfer.stalls;
  stalledBytes = 0;
  const startMs = performance.now();
  const socket = await open(port);
  if (transfer.path === '/down') await download(socket);
  else await upload(socket);
  const seconds = (performance.now() - startMs) / 1000;
  clearInterval(timer);
  socket.destroy();
  return { growthMb: (peak - before) / 1e6, seconds, stalledMb: stalledBytes / 1e6 };
}

function open(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket));
    socket.once('error', reject);
  });
}

async function download(socket: Socket): Promise<void> {
  socket.write('GET /down HTTP/1.1\r\nHost: bench.test\r\n\r\n');
  await readAll(socket, BODY_BYTES);
}

async function upload(socket: Socket): Promise<void> {
  socket.write(`POST /up HTTP/1.1\r\nHost: bench.test\r\nContent-Length: ${BODY_BYTES}\r\n\r\n`);
  const answered = new Promise<void>((resolve, reject) => {
    socket.once('data', (chunk) =>
      chunk.toString('latin1').startsWith('HTTP/1.1 200') ? resolve() : reject(new Error(String(chunk))),
    );
    socket.once('close', () => reject(new Error('the upload was cut')));
  });
  offer(socket);
  await answered;
}

/** Writes a body as fast as the socket takes it; counts what left this process. */
function offer(socket: Socket): void {
  const alreadyBytes = socket.bytesWritten;
  const count = () => {
    offeredBytes = socket.bytesWritten - alreadyBytes - socket.writableLength;
  };
  let left = BODY_BYTES;
  const more = (): void => {
    while (left > 0) {
      const size = Math.min(left, CHUNK.length);
      left -= size;
      if (!socket.write(size === CHUNK.length ? CHUNK : CHUNK.subarray(0, size), count)) break;
    }
  };
  socket.on('drain', more);
  more();
}

/** Settles once the body's bytes have come; on the way, when asked to, reads nothing for a while. */
function readAll(socket: Socket, bytes: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let read = 0;
    socket.once('close', () => reject(new Error(`cut after ${read} of ${bytes} bytes`)));
    socket.on('data', (chunk) => {
      read += chunk.length;
      if (stalling && read >= BEFORE_STALL_BYTES) standStill(socket);
      if (read >= bytes) resolve();
    });
  });
}

function standStill(socket: Socket): void {
  stalling = false;
  const before = offeredBytes;
  socket.pause();
  setTimeout(() => {
    stalledBytes = offeredBytes - before;
    socket.resume();
  }, STALL_MS);
}

function listen(): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.on('data', function head(chunk) {
      const text = chunk.toString('latin1', 0, 16);
      if (text.startsWith('GET /down')) {
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${BODY_BYTES}\r\n\r\n`);
        offer(socket);
      } else if (text.startsWith('POST /up')) {
        socket.off('data', head);
        const withHead = chunk.length - chunk.indexOf('\r\n\r\n') - 4;
        readAll(socket, BODY_BYTES - withHead).then(
          () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'),
          () => socket.destroy(),
        );
      } else socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
    });
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}
