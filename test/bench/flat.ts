// Whether a request costs the same in a large set-up: Sluice with one backend, one route and 64
// connections beside Sluice with 1,000 backends, 500 routes or 5,000 connections, and all of them
// together. CPU time of the whole process by request; what opening the connections costs is left out by
// taking the difference of a long and a short run. Run as a program: flat.ts
import type { ConfigInput } from '#shared/config/config.ts';
import { backendCommand, sluiceCommand } from './contenders.ts';
import { accepts, costOf, freePort, LOAD_CORE, PROXY_CORE, startPinned, stop } from './processes.ts';
import { median, printTable, spread } from './statistics.ts';
import { runWrk } from './wrk.ts';

const ROUNDS = Number(process.env.SLUICE_BENCH_ROUNDS ?? 5);
const SECONDS = Number(process.env.SLUICE_BENCH_SECONDS ?? 4);
/** Long enough for every backend to have its kept connection. */
const WARM_UP_S = 3;

interface Setup {
  name: string;
  backends: number;
  routes: number;
  connections: number;
}

const SETUPS: readonly Setup[] = [
  { name: 'small', backends: 1, routes: 1, connections: 64 },
  { name: '1,000 backends', backends: 1000, routes: 1, connections: 64 },
  { name: '500 routes', backends: 1, routes: 500, connections: 64 },
  { name: '5,000 connections', backends: 1, routes: 1, connections: 5000 },
  { name: 'all of it', backends: 1000, routes: 500, connections: 5000 },
];

const ends: (() => Promise<void>)[] = [];
try {
  const backendPort = await freePort();
  const backend = backendCommand(backendPort, '0.0.0.0');
  await launch(LOAD_CORE, backend.command, backend.args, backendPort);
  await main(backendPort);
} finally {
  await Promise.all(ends.map((end) => end()));
}

/** The backend answers on every address of the loopback network, so each of them is one backend. */
function configOf({ backends, routes }: Setup, port: number, backendPort: number): ConfigInput {
  return {
    version: 1,
    listeners: [
      {
        name: 'bench',
        port,
        limits: { keepAliveRequests: 1_000_000, connections: 20_000 },
        routes: [
          ...Array.from({ length: routes - 1 }, (_, i) => ({
            name: `r${i}`,
            match: { host: `host${i}.test`, pathPrefix: `/service-${i}` },
            pool: 'bench',
          })),
          { name: 'all', pool: 'bench' },
        ],
      },
    ],
    pools: [
      {
        name: 'bench',
        policy: 'least-connections',
        // Probing a thousand backends is work of its own, and not a request's.
        healthCheck: { type: 'http', path: '/', intervalMs: 60_000 },
        firstCheck: 'optimistic',
        // As many as there are connections in front: otherwise most requests would open one.
        keepAlive: { maxIdle: 5000 },
        backends: Array.from({ length: backends }, (_, i) => ({
          name: `b${i}`,
          address: `127.0.${1 + (i >> 8)}.${i & 255}:${backendPort}`,
          weight: 1 + (i % 3),
        })),
      },
    ],
  };
}

async function main(backendPort: number): Promise<void> {
  const measured = new Map<Setup, { cpuUs: number[]; requestsPerS: number[]; failed: number }>();
  const running: { setup: Setup; port: number; pid: number }[] = [];
  for (const setup of SETUPS) {
    const port = await freePort();
    const { command, args } = sluiceCommand(port, configOf(setup, port, backendPort));
    const pid = await launch(PROXY_CORE, command, args, port);
    running.push({ setup, port, pid });
    measured.set(setup, { cpuUs: [], requestsPerS: [], failed: 0 });
    await runWrk(port, { path: '/', connections: setup.connections, seconds: WARM_UP_S });
  }
  for (let round = 0; round < ROUNDS; round++) {
    for (const { setup, port, pid } of running) {
      const short = await costOfRun(setup, port, pid, SECONDS);
      const long = await costOfRun(setup, port, pid, 2 * SECONDS);
      const cost = measured.get(setup)!;
      const requests = long.requests - short.requests;
      cost.cpuUs.push((long.cpuUs - short.cpuUs) / Math.max(1, requests));
      cost.requestsPerS.push(requests / SECONDS);
      cost.failed += short.failed + long.failed;
    }
  }
  const small = median(measured.get(SETUPS[0]!)!.cpuUs);
  const rows = [...measured].map(([{ name }, { cpuUs, requestsPerS, failed }]) => [
    name,
    spread(requestsPerS, 0),
    spread(cpuUs, 1),
    `${(median(cpuUs) / small).toFixed(2)}×`,
    String(failed),
  ]);
  printTable('Flat cost: Sluice in set-ups of different size', [
    ['', 'requests/s', 'CPU µs/request', 'of small', 'failed'],
    ...rows,
  ]);
}

async function costOfRun({ connections }: Setup, port: number, pid: number, seconds: number) {
  const before = costOf(pid);
  const { requests, failed } = await runWrk(port, { path: '/', connections, seconds });
  return { cpuUs: costOf(pid).cpuUs - before.cpuUs, requests, failed };
}

async function launch(core: string, command: string, args: string[], port: number): Promise<number> {
  const log: string[] = [];
  const child = startPinned(core, command, args, log);
  ends.push(() => stop(child));
  await accepts(port, log);
  return child.pid!;
}
