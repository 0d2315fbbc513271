// Starts the programs a benchmark measures and reads from the system what they cost. Linux only:
// CPU time and memory come from /proc, pinning from taskset.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';

/** The load and the backend share this core, the proxy has the other to itself. */
export const LOAD_CORE = '0';
export const PROXY_CORE = '1';

const TICKS_PER_S = 100;
const PAGE_BYTES = 4096;

export function installed(program: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' }).status === 0;
}

export function startPinned(
  core: string,
  command: string,
  args: readonly string[],
  log: string[],
): ChildProcess {
  const child = spawn('taskset', ['-c', core, command, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => log.push(String(chunk)));
  return child;
}

export function stop(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
    setTimeout(() => child.kill('SIGKILL'), 3000).unref();
  });
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** Settles once something accepts on the port; throws what was logged when nothing does. */
export async function accepts(port: number, log: readonly string[]): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (performance.now() < deadline) {
    if (await canConnect(port)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`nothing listens on ${port}:\n${log.join('')}`);
}

function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

export interface Cost {
  cpuUs: number;
  rssBytes: number;
}

/** Of a process and its children: nginx and HAProxy do their work in a child. */
export function costOf(pid: number): Cost {
  const pids = [pid, ...childrenOf(pid)];
  return pids.map(readCost).reduce((sum, cost) => ({
    cpuUs: sum.cpuUs + cost.cpuUs,
    rssBytes: sum.rssBytes + cost.rssBytes,
  }));
}

function readCost(pid: number): Cost {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  const ticks = Number(fields[11]) + Number(fields[12]);
  const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]);
  return { cpuUs: (ticks / TICKS_PER_S) * 1e6, rssBytes: pages * PAGE_BYTES };
}

function childrenOf(pid: number): number[] {
  const direct = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  );
  return direct.flatMap((child) => [child, ...childrenOf(child)]);
}
