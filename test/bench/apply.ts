// What a change of a pool of 1,000 backends costs: (a) the engine in this process, from the bytes of the
// plan as they cross between threads to a plan that is applied, for a new pool, for other weights, and for
// no backends again; how long it kept its thread from traffic at a stretch; (b) a Sluice that serves while
// it is told the same through config.apply: the longest time a client waited for an answer on one
// connection that is never idle, beside the longest without a change, and beside the longest a direct
// connection to the backend waited, which is the noise of this machine and this program. Run as a
// program: apply.ts
import { connect, type Socket } from 'node:net';
import { deserialize, serialize } from 'node:v8';
import type { ConfigInput } from '#shared/config/config.ts';
import { createEngine } from '../../src/main/engine/engine.ts';
import { systemEnv } from '../../src/main/engine/env.ts';
import type { EngineReport } from '../../src/main/engine/messages.ts';
import type { Plan } from '../../src/main/engine/plan.ts';
import { createSlotTable } from '../../src/main/engine/slots.ts';
import { createPage } from '../../src/main/engine/telemetry/layout.ts';
import { planOf } from '../support/engine-plan.ts';
import { backendCommand, sluiceCommand } from './contenders.ts';
import { freePort, LOAD_CORE, PROXY_CORE } from './processes.ts';
import { bench, pause, printBar, type Start, type Started } from './started.ts';
import { median, printTable, spread } from './statistics.ts';
import { SteadyTraffic, type Waits } from './steady-traffic.ts';

const BACKENDS = 1000;
const ROUNDS = Number(process.env.SLUICE_BENCH_ROUNDS ?? 5);
const QUIET_MS = 1000;
/** Traffic goes on after the answer: probes and new connections come with a change, too. */
const AFTER_MS = 300;
const WARM_UP_REQUESTS = 10_000;
const MOST_APPLY_MS = 50;
const MOST_PAUSE_MS = 5;

const STEPS = [
  { title: `${BACKENDS} backends onto none`, backends: BACKENDS, weight: 1 },
  { title: 'all weights changed', backends: BACKENDS, weight: 7 },
  { title: 'all backends removed', backends: 0, weight: 1 },
] as const;

await bench(async (start) => {
  await measureEngine();
  await measureTraffic(start);
});

function configOf(
  port: number,
  keptPort: number,
  changedPort: number,
  count: number,
  weight: number,
): ConfigInput {
  return {
    version: 1,
    listeners: [
      {
        name: 'web',
        port,
        limits: { keepAliveRequests: 1_000_000_000 },
        routes: [{ name: 'all', pool: 'api' }],
      },
    ],
    pools: [
      {
        name: 'api',
        policy: 'weighted-round-robin',
        backends: [
          // Never changed, so that there is somebody to serve throughout.
          { name: 'kept', address: `127.0.0.1:${keptPort}` },
          ...Array.from({ length: count }, (_, i) => ({
            name: `backend-${i}`,
            address: `127.0.0.1:${changedPort}`,
            weight,
          })),
        ],
      },
    ],
  };
}

async function measureEngine(): Promise<void> {
  const wholeMs: number[][] = STEPS.map(() => []);
  const heldMs: number[][] = STEPS.map(() => []);
  for (let round = 0; round < ROUNDS; round++) {
    const engine = engineHere();
    const slots = createSlotTable();
    await engine.apply(planOf(configOf(0, 9, 9, 0, 1), 1, slots), slots.pageCount());
    for (const [i, { backends, weight }] of STEPS.entries()) {
      const plan = planOf(configOf(0, 9, 9, backends, weight), i + 2, slots);
      const { whole, held } = await engine.apply(plan, slots.pageCount());
      wholeMs[i]?.push(whole);
      heldMs[i]?.push(held);
    }
    await engine.stop();
  }
  const rows = STEPS.map(({ title }, i) => [title, spread(wholeMs[i] ?? [], 2), spread(heldMs[i] ?? [], 2)]);
  printTable(`The engine alone, ${ROUNDS} rounds`, [['', 'applied ms', 'thread held ms'], ...rows]);
  printBar('to apply the backends', median(wholeMs[0] ?? []), MOST_APPLY_MS, 'ms');
  printBar('to apply the weights', median(wholeMs[1] ?? []), MOST_APPLY_MS, 'ms');
}

/** Fresh pages are made before the clock runs: the core makes them. */
function engineHere() {
  const reports: EngineReport[] = [];
  let heard = (): void => {};
  const engine = createEngine({
    env: systemEnv,
    post: (report) => {
      reports.push(report);
      heard();
    },
  });
  const pages: SharedArrayBuffer[] = [];
  const until = (type: EngineReport['type'], id?: number) =>
    new Promise<void>((resolve, reject) => {
      heard = () => {
        const last = reports.at(-1);
        if (last?.type === 'fault') reject(new Error(last.stack));
        if (last?.type === type && (id === undefined || ('id' in last && last.id === id))) resolve();
      };
    });
  let id = 0;
  return {
    async apply(plan: Plan, pageCount: number) {
      while (pages.length < pageCount) pages.push(createPage());
      const bytes = serialize(plan);
      const applied = until('applied', ++id);
      const startMs = performance.now();
      engine.handle({ type: 'apply', id, plan: deserialize(bytes), pages: [...pages] });
      const held = performance.now() - startMs;
      await applied;
      return { held, whole: performance.now() - startMs };
    },
    async stop() {
      const stopped = until('stopped');
      engine.handle({ type: 'stop', deadlineMs: 0 });
      await stopped;
    },
  };
}

async function measureTraffic(start: Start): Promise<void> {
  // Three processes: what the connections a change opens and closes cost their backend and this program
  // shall not count as a wait.
  const keptPort = await freePort();
  await start(backendCommand(keptPort), keptPort, LOAD_CORE);
  const changedPort = await freePort();
  await start(backendCommand(changedPort), changedPort, LOAD_CORE);
  const port = await freePort();
  const none = configOf(port, keptPort, changedPort, 0, 1);
  // The core's thread may use the other core, as it would on any machine.
  const sluice = await start(sluiceCommand(port, none), port, `${LOAD_CORE},${PROXY_CORE}`);
  const { control, token } = await readyLine(sluice);
  const apply = async (body: string): Promise<void> => {
    const response = await fetch(`${control}/rpc/config.apply`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body,
    });
    const answer = await response.text();
    if (!response.ok) throw new Error(`config.apply: ${answer}`);
  };
  // Written out before: this program shall not hold up its own traffic.
  const bodies = STEPS.map(({ backends, weight }) =>
    JSON.stringify({ config: configOf(port, keptPort, changedPort, backends, weight) }),
  );
  const traffic = new SteadyTraffic(await open(port), await open(keptPort));
  await traffic.answers(WARM_UP_REQUESTS);
  const quiet: Waits[] = [];
  const during: Waits[][] = STEPS.map(() => []);
  const answeredMs: number[][] = STEPS.map(() => []);
  for (let round = 0; round < ROUNDS; round++) {
    traffic.forget();
    await pause(QUIET_MS);
    quiet.push(traffic.longest);
    for (const [i, body] of bodies.entries()) {
      traffic.forget();
      const startMs = performance.now();
      await apply(body);
      answeredMs[i]?.push(performance.now() - startMs);
      await pause(AFTER_MS);
      during[i]?.push(traffic.longest);
    }
  }
  await traffic.end();
  printTraffic(quiet, during, answeredMs);
}

function printTraffic(quiet: readonly Waits[], during: readonly Waits[][], answeredMs: readonly number[][]) {
  const row = (title: string, waits: readonly Waits[], answered: string) => [
    title,
    spread(
      waits.map(({ throughMs }) => throughMs),
      2,
    ),
    spread(
      waits.map(({ directMs }) => directMs),
      2,
    ),
    answered,
  ];
  printTable(`Longest wait for an answer while Sluice is changed, ${ROUNDS} rounds`, [
    ['', 'through Sluice ms', 'direct ms', 'config.apply ms'],
    row('no change', quiet, ''),
    ...STEPS.map(({ title }, i) => row(title, during[i] ?? [], spread(answeredMs[i] ?? [], 0))),
  ]);
  for (const [i, { title }] of STEPS.entries()) {
    printBar(
      `longest pause, ${title}`,
      median((during[i] ?? []).map(({ throughMs }) => throughMs)),
      MOST_PAUSE_MS,
      'ms',
    );
  }
}

async function readyLine({ log }: Started): Promise<{ control: string; token: string }> {
  for (let tries = 0; tries < 200; tries++) {
    const line = log.join('').match(/^\{"event":"ready".*\}$/m)?.[0];
    if (line !== undefined) return JSON.parse(line);
    await pause(50);
  }
  throw new Error(`it never was ready:\n${log.join('')}`);
}

function open(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => resolve(socket));
    socket.once('error', reject);
  });
}
