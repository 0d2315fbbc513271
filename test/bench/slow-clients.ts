// Whether 1,000 clients that send their header a byte at a time are felt by the others: the latency of
// 1,000 requests/s of an open loop (open-loop.ts) through Sluice as it comes, and straight to the backend,
// with and without them, in turn. A slow client that was answered 408 begins anew, so they never grow
// fewer. Run as a program: slow-clients.ts
import { sluiceCommand } from './contenders.ts';
import { type Client, listen, openClients, run } from './open-loop.ts';
import { freePort } from './processes.ts';
import { SlowClients } from './slow-header-clients.ts';
import { bench, printBar } from './started.ts';
import { median, percentile, printTable, spread } from './statistics.ts';

const ROUNDS = Number(process.env.SLUICE_BENCH_ROUNDS ?? 5);
const SECONDS = Number(process.env.SLUICE_BENCH_SECONDS ?? 5);
const RATE = 1000;
const SLOW_CLIENTS = 1000;
const WARM_UP = { rate: 4000, seconds: 4 };
const SHARES = [0.5, 0.99] as const;

await bench(async (start) => {
  const backendPort = await listen();
  const port = await freePort();
  const pool = { name: 'bench', backends: [{ name: 'one', address: `127.0.0.1:${backendPort}` }] };
  const limits = { keepAliveRequests: 1_000_000 };
  const listener = { name: 'bench', port, limits, routes: [{ name: 'all', pool: 'bench' }] };
  await start(sluiceCommand(port, { version: 1, listeners: [listener], pools: [pool] }), port);
  const ways = [await openClients('direct', backendPort), await openClients('Sluice', port)];
  for (const clients of ways) await run(clients, WARM_UP.rate, WARM_UP.seconds);
  const without: number[][] = SHARES.map(() => []);
  const beside: number[][] = SHARES.map(() => []);
  const slow = new SlowClients(port, SLOW_CLIENTS);
  for (let round = 0; round < ROUNDS; round++) {
    await measure(ways, without);
    await slow.start();
    await measure(ways, beside);
    await slow.stop();
  }
  const row = (title: string, us: readonly number[][]) => [title, ...us.map((values) => spread(values, 0))];
  printTable(`Added by Sluice at ${RATE} requests/s, ${ROUNDS} rounds of ${SECONDS} s`, [
    ['', 'p50 µs', 'p99 µs'],
    row('alone', without),
    row(`beside ${SLOW_CLIENTS} slow clients`, beside),
  ]);
  console.log(`  slow clients refused: ${slow.refused}`);
  if (slow.refused === 0) throw new Error('no slow client was refused: they were not slow');
  printBar('p99 Sluice adds beside them', median(beside[1] ?? []), 1000, 'µs');
});

/** What Sluice adds to each share, µs. */
async function measure([direct, sluice]: readonly Client[][], us: number[][]): Promise<void> {
  const straight = (await run(direct ?? [], RATE, SECONDS)).slice();
  const through = await run(sluice ?? [], RATE, SECONDS);
  SHARES.forEach((share, i) => {
    us[i]?.push((percentile(through, share) - percentile(straight, share)) * 1000);
  });
}
