// The latency a proxy adds at 1,000 requests/s of an open loop (open-loop.ts). The same loop measures the
// way without a proxy, in turn with the others, round by round; what is added is the difference of each
// percentile in the same round. Run as a program: latency.ts
import { contenders } from './contenders.ts';
import { type Client, CONNECTIONS, listen, openClients, run } from './open-loop.ts';
import { freePort } from './processes.ts';
import { bench, printBar, type Start } from './started.ts';
import { median, percentile, printTable, spread } from './statistics.ts';

const ROUNDS = Number(process.env.SLUICE_BENCH_ROUNDS ?? 5);
const SECONDS = Number(process.env.SLUICE_BENCH_SECONDS ?? 5);
const RATE = 1000;
/** Enough requests for Node's compilers to have finished, in Sluice and here. */
const WARM_UP = { rate: 4000, seconds: 4 };
const PEERS = ['Sluice', 'nginx', 'HAProxy'];
const SHARES = [0.5, 0.99, 0.999] as const;
const NAMES = ['p50', 'p99', 'p99.9'];

interface Way {
  name: string;
  clients: Client[];
  /** µs, one list for each share, one value for each round. */
  us: number[][];
}

await bench(async (start) => {
  const backendPort = await listen();
  const ways = [await openWay('direct', backendPort), ...(await startProxies(start, backendPort))];
  for (const way of ways) await run(way.clients, WARM_UP.rate, WARM_UP.seconds);
  for (let round = 0; round < ROUNDS; round++) {
    for (const { clients, us } of ways) {
      const latencies = await run(clients, RATE, SECONDS);
      SHARES.forEach((share, i) => {
        us[i]?.push(percentile(latencies, share) * 1000);
      });
    }
  }
  report(ways);
});

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
  return { name, clients: await openClients(name, port), us: SHARES.map(() => []) };
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
