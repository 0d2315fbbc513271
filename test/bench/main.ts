// npm run bench: requests/s, latency, CPU per request and memory of Sluice beside the peers that are
// installed, in turn, several rounds, one core for each proxy. Prints medians with their spread. Run as
// a program: main.ts [SCENARIO…], all of scenarios.ts when none is named.
import { cpus } from 'node:os';
import { backendCommand, type Contender, contenders, tlsFiles } from './contenders.ts';
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
import { SCENARIOS, type Scenario } from './scenarios.ts';
import { median, printTable, spread } from './statistics.ts';

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
  const chosen = chosenScenarios();
  const backendPort = await freePort();
  const backend = backendCommand(backendPort);
  await launch(LOAD_CORE, backend.command, backend.args, backendPort);
  console.log(
    `${cpus()[0]?.model ?? 'unknown CPU'}, Node ${process.versions.node}; proxy pinned to one core;`,
  );
  console.log(`${ROUNDS} rounds of ${SECONDS} s each, in turn; median (lowest–highest)\n`);
  for (const tls of [false, true]) {
    const scenarios = chosen.filter((scenario) => scenario.tls === tls);
    if (scenarios.length === 0) continue;
    const running = await startContenders(backendPort, tls);
    for (const scenario of scenarios) {
      if (installed(scenario.needs)) await compare(scenario, running);
      else console.log(`${scenario.title}: not measured, ${scenario.needs} is not installed\n`);
    }
    await Promise.all(running.map(({ end }) => end()));
  }
}

function chosenScenarios(): readonly Scenario[] {
  const names = process.argv.slice(2);
  const unknown = names.filter((name) => !SCENARIOS.some((scenario) => scenario.name === name));
  if (unknown.length > 0) {
    const known = SCENARIOS.map(({ name }) => name).join(', ');
    throw new Error(`no scenario is called ${unknown.join(', ')}; there are ${known}`);
  }
  return names.length === 0 ? SCENARIOS : SCENARIOS.filter(({ name }) => names.includes(name));
}

async function startContenders(backendPort: number, tls: boolean): Promise<Running[]> {
  const files = tls ? await tlsFiles() : undefined;
  const running: Running[] = [];
  for (const contender of contenders()) {
    if (tls && !contender.speaksTls) continue;
    const port = await freePort();
    const { command, args } = contender.command(port, backendPort, files);
    const { pid, end } = await launch(PROXY_CORE, command, args, port);
    running.push({ contender, port, pid, end });
  }
  return running;
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

async function compare({ title, run }: Scenario, running: readonly Running[]): Promise<void> {
  const results = new Map(running.map(({ contender }) => [contender.name, empty()]));
  for (const { port } of running) await run(port, WARM_UP_S);
  for (let round = 0; round < ROUNDS; round++) {
    for (const { contender, port, pid } of running) {
      const before = costOf(pid);
      const load = await run(port, SECONDS);
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
  printTable(title, [header, ...rows]);
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
