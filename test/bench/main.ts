// npm run bench: requests/s, latency, CPU per request and memory of Sluice beside the peers that are
// installed, in turn, several rounds, one core for each proxy. Prints medians with their spread.
import { cpus } from 'node:os';
import { backendCommand, type Contender, contenders } from './contenders.ts';
import {
  accepts,
  costOf,
  freePort,
  installed,
  LOAD_CORE,
  PROXY_CORE,
  startPinned,
  stop,
} from './processes.ts';
import { type LoadShape, runWrk } from './wrk.ts';

const ROUNDS = Number(process.env.SLUICE_BENCH_ROUNDS ?? 5);
const SECONDS = Number(process.env.SLUICE_BENCH_SECONDS ?? 4);
const WARM_UP_S = 2;

interface Measured {
  requestsPerS: number[];
  p50Ms: number[];
  p99Ms: number[];
  cpuUs: number[];
  rssMb: number[];
  failed: number;
}

interface Running {
  contender: Contender;
  port: number;
  pid: number;
  end(): Promise<void>;
}

if (process.platform !== 'linux' || !installed('wrk') || !installed('taskset')) {
  console.error('The benchmark needs Linux with wrk and taskset (Debian packages wrk and util-linux).');
  process.exit(1);
}

const ends: (() => Promise<void>)[] = [];
try {
  await main();
} finally {
  await Promise.all(ends.map((end) => end()));
}

async function main(): Promise<void> {
  const backendPort = await freePort();
  const backend = backendCommand(backendPort);
  await launch(LOAD_CORE, backend.command, backend.args, backendPort);

  const running: Running[] = [];
  for (const contender of contenders()) {
    const port = await freePort();
    const { command, args } = contender.command(port, backendPort);
    const { pid, end } = await launch(PROXY_CORE, command, args, port);
    running.push({ contender, port, pid, end });
  }

  console.log(
    `${cpus()[0]?.model ?? 'unknown CPU'}, Node ${process.versions.node}; proxy pinned to one core;`,
  );
  console.log(`${ROUNDS} rounds of ${SECONDS} s each, in turn; median (lowest–highest)\n`);
  await compare('Small requests (13 bytes), 64 connections', running, {
    path: '/',
    connections: 64,
    seconds: SECONDS,
  });
  await compare('1 MB responses, 16 connections', running, {
    path: '/1m',
    connections: 16,
    seconds: SECONDS,
  });
}

async function launch(core: string, command: string, args: string[], port: number) {
  const log: string[] = [];
  const child = startPinned(core, command, args, log);
  const end = () => stop(child);
  ends.push(end);
  await accepts(port, log);
  if (child.pid === undefined) throw new Error(`${command} did not start`);
  return { pid: child.pid, end };
}

async function compare(title: string, running: readonly Running[], shape: LoadShape): Promise<void> {
  const results = new Map(running.map(({ contender }) => [contender.name, empty()]));
  for (const { port } of running) await runWrk(port, { ...shape, seconds: WARM_UP_S });
  for (let round = 0; round < ROUNDS; round++) {
    for (const { contender, port, pid } of running) {
      const before = costOf(pid);
      const load = await runWrk(port, shape);
      const after = costOf(pid);
      const measured = results.get(contender.name);
      if (!measured) continue;
      measured.requestsPerS.push(load.requestsPerS);
      measured.p50Ms.push(load.p50Ms);
      measured.p99Ms.push(load.p99Ms);
      measured.cpuUs.push((after.cpuUs - before.cpuUs) / Math.max(1, load.requests));
      measured.rssMb.push(after.rssBytes / 1e6);
      measured.failed += load.failed;
    }
  }
  print(title, results);
}

function empty(): Measured {
  return { requestsPerS: [], p50Ms: [], p99Ms: [], cpuUs: [], rssMb: [], failed: 0 };
}

function print(title: string, results: ReadonlyMap<string, Measured>): void {
  const header = ['', 'requests/s', 'p50 ms', 'p99 ms', 'CPU µs/request', 'RSS MB', 'failed'];
  const rows = [...results].map(([name, measured]) => [
    name,
    spread(measured.requestsPerS, 0),
    spread(measured.p50Ms, 2),
    spread(measured.p99Ms, 2),
    spread(measured.cpuUs, 1),
    spread(measured.rssMb, 0),
    String(measured.failed),
  ]);
  const widths = header.map((_, column) =>
    Math.max(...[header, ...rows].map((row) => row[column]?.length ?? 0)),
  );
  console.log(title);
  for (const row of [header, ...rows]) {
    console.log(
      `  ${row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  ')}`,
    );
  }
  printRatios(results);
}

/** What the bars of the project are stated in. */
function printRatios(results: ReadonlyMap<string, Measured>): void {
  const own = results.get('Sluice');
  if (!own) return;
  for (const [name, peer] of results) {
    if (name === 'Sluice') continue;
    const cpu = median(own.cpuUs) / median(peer.cpuUs);
    const rate = median(own.requestsPerS) / median(peer.requestsPerS);
    console.log(`  Sluice / ${name}: CPU per request ${cpu.toFixed(2)}×, requests/s ${rate.toFixed(2)}×`);
  }
  console.log();
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? 0)
    : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

function spread(values: readonly number[], digits: number): string {
  const text = (value: number) => value.toFixed(digits);
  return `${text(median(values))} (${text(Math.min(...values))}–${text(Math.max(...values))})`;
}
