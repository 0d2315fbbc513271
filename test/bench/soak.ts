// An hour of mixed traffic (SLUICE_SOAK_MINUTES) through Sluice as it ships, while its configuration
// keeps changing: HTTP/1.1, HTTP/2 over TLS, WebSockets, clients that hang up. Says what failed and how
// memory went; one line of JSON each ten seconds goes to SLUICE_SOAK_OUT, for soak/graph.ts. Ends with 1
// when anything failed or memory grew. Run as a program: soak.ts
import type { ChildProcess } from 'node:child_process';
import { appendFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ConfigInput } from '#shared/config/config.ts';
import { RandomChanges } from '../support/random-changes.ts';
import { accepts, costOf, freePort, startPinned, stop } from './processes.ts';
import { runLoad } from './soak/load.ts';
import { Tally } from './soak/tally.ts';

const MINUTES = Number(process.env.SLUICE_SOAK_MINUTES ?? 60);
const OUT = process.env.SLUICE_SOAK_OUT;
const BACKENDS = 3;
const SAMPLE_MS = 10_000;
const CHANGE_MS = 5000;
const MAX_IN_FLIGHT = 200;
const ALL_CORES = '0-63';
/** How much the trend may rise over the second half. */
const GROWTH_MAX = 0.1;
/** Before that a fresh process still warms up, and its growth says nothing. */
const JUDGED_FROM_MINUTES = 10;
const HEADLESS = fileURLToPath(new URL('../../out/main/headless.js', import.meta.url));
const BACKEND = fileURLToPath(new URL('./soak/backend.ts', import.meta.url));

export interface Sample {
  minute: number;
  rssMb: number;
  descriptors: number;
  cpuS: number;
  done: number;
  errors: number;
  /** How often each kind of traffic ended as it should. */
  kinds: Record<string, number>;
}

const scratch = mkdtempSync(join(tmpdir(), 'sluice-soak-'));
const children: ChildProcess[] = [];
let failed = true;
try {
  failed = !(await main());
} finally {
  await Promise.all(children.map(stop));
  rmSync(scratch, { recursive: true, force: true });
}
process.exit(failed ? 1 : 0);

async function main(): Promise<boolean> {
  const addresses = await Promise.all(Array.from({ length: BACKENDS }, startBackend));
  const port = await freePort();
  const securePort = await freePort();
  const changes = new RandomChanges(1, addresses, port, 1);
  const withTls = (config: ConfigInput): ConfigInput => ({
    ...config,
    // A limit of 20 would be used up by the WebSockets that stay.
    pools: config.pools?.map((pool) => ({ ...pool, maxInFlight: pool.maxInFlight ? MAX_IN_FLIGHT : 0 })),
    listeners: [
      ...(config.listeners ?? []),
      {
        name: 'secure',
        port: securePort,
        protocol: 'https',
        tls: {},
        routes: [{ name: 'all', pool: 'api' }],
      },
    ],
  });
  const { child, apply } = await startSluice(withTls(changes.config), port);
  await accepts(securePort, []);

  const tally = new Tally();
  const ending = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => ending.abort());
  const end = setTimeout(() => ending.abort(), MINUTES * 60_000);
  const samples: Sample[] = [];
  const startMs = performance.now();
  const sampler = setInterval(() => {
    if (child.exitCode === null && child.signalCode === null) samples.push(sample(child, tally, startMs));
  }, SAMPLE_MS);
  // A load that nobody answers any more proves nothing.
  child.once('exit', () => ending.abort());
  let changing = Promise.resolve();
  const changer = setInterval(() => {
    changing = apply(withTls(changes.next())).then(
      () => tally.add('reconfiguration'),
      (error) => tally.fail('reconfiguration', error),
    );
  }, CHANGE_MS);
  await runLoad({ port, securePort, signal: ending.signal, tally });
  clearTimeout(end);
  clearInterval(sampler);
  clearInterval(changer);
  await changing;
  if (child.exitCode !== null || child.signalCode !== null)
    tally.fail('Sluice', new Error(`ended with ${child.exitCode ?? child.signalCode}`));
  return report(tally, samples);
}

async function startBackend(): Promise<string> {
  const port = await freePort();
  const log: string[] = [];
  children.push(startPinned(ALL_CORES, process.execPath, [BACKEND, String(port)], log));
  await accepts(port, log);
  return `127.0.0.1:${port}`;
}

async function startSluice(config: ConfigInput, port: number) {
  const file = join(scratch, 'sluice.json');
  writeFileSync(file, JSON.stringify(config));
  const log: string[] = [];
  const flags = ['--config', file, '--data', join(scratch, 'data'), '--control', '127.0.0.1:0', '--json'];
  const child = startPinned(ALL_CORES, process.execPath, [HEADLESS, ...flags], log);
  children.push(child);
  await accepts(port, log);
  const { control, token } = await readyLine(log);
  const apply = async (next: ConfigInput): Promise<void> => {
    const response = await fetch(`${control}/rpc/config.apply`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ config: next }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(text);
  };
  return { child, apply };
}

async function readyLine(log: readonly string[]): Promise<{ control: string; token: string }> {
  const endMs = performance.now() + 10_000;
  while (performance.now() < endMs) {
    const line = log.join('').match(/^\{"event":"ready".*\}$/m)?.[0];
    if (line !== undefined) return JSON.parse(line);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`it never was ready:\n${log.join('')}`);
}

function sample({ pid }: ChildProcess, tally: Tally, startMs: number): Sample {
  const { rssBytes, cpuUs } = costOf(pid!);
  const taken: Sample = {
    minute: Number(((performance.now() - startMs) / 60_000).toFixed(2)),
    rssMb: Number((rssBytes / 1e6).toFixed(1)),
    descriptors: readdirSync(`/proc/${pid}/fd`).length,
    cpuS: Number((cpuUs / 1e6).toFixed(1)),
    done: tally.total,
    errors: tally.errors,
    kinds: Object.fromEntries(tally.done),
  };
  if (OUT === undefined) console.log(JSON.stringify(taken));
  else appendFileSync(OUT, `${JSON.stringify(taken)}\n`);
  return taken;
}

/** Answers whether all went well. */
function report(tally: Tally, samples: readonly Sample[]): boolean {
  for (const [kind, count] of tally.done) console.log(`${kind}: ${count}`);
  console.log(`errors: ${tally.errors}`);
  for (const [kind, count] of tally.failed) console.log(`  ${kind}: ${count}`);
  for (const line of tally.described) console.log(`  ${line}`);
  const first = samples[0];
  const last = samples.at(-1);
  if (first === undefined || last === undefined) return tally.errors === 0;
  const half = samples.filter(({ minute }) => minute >= last.minute / 2);
  const { slopeMbPerHour, growth } = trend(half);
  const at = (minute: number) => samples.find((sample) => sample.minute >= minute)?.rssMb ?? last.rssMb;
  console.log(
    `RSS: at ${Math.min(10, last.minute)} minutes ${at(10)} MB, half-way ${at(last.minute / 2)} MB, end ${last.rssMb} MB, ` +
      `highest ${Math.max(...samples.map(({ rssMb }) => rssMb))} MB`,
  );
  console.log(`second half: ${slopeMbPerHour.toFixed(1)} MB an hour, ${(growth * 100).toFixed(1)} % growth`);
  console.log(`descriptors: ${first.descriptors} at the start, ${last.descriptors} at the end`);
  return tally.errors === 0 && (growth <= GROWTH_MAX || last.minute < JUDGED_FROM_MINUTES);
}

/** The line through the samples by least squares, and its rise over them as a share of where it starts. */
function trend(samples: readonly Sample[]): { slopeMbPerHour: number; growth: number } {
  const middle = mean(samples.map(({ minute }) => minute));
  const rss = mean(samples.map(({ rssMb }) => rssMb));
  const over = samples.reduce((sum, { minute, rssMb }) => sum + (minute - middle) * (rssMb - rss), 0);
  const under = samples.reduce((sum, { minute }) => sum + (minute - middle) ** 2, 0);
  const slope = under === 0 ? 0 : over / under;
  const span = (samples.at(-1)?.minute ?? 0) - (samples[0]?.minute ?? 0);
  return { slopeMbPerHour: slope * 60, growth: (slope * span) / (rss - (slope * span) / 2) };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
