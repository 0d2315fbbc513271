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
/** The second half may need so much more than the first at its end. */
const GROWTH_MAX = 1.1;
const HEADLESS = fileURLToPath(new URL('../../out/main/headless.js', import.meta.url));
const BACKEND = fileURLToPath(new URL('./soak/backend.ts', import.meta.url));

export interface Sample {
  minute: number;
  rssMb: number;
  descriptors: number;
  cpuS: number;
  done: number;
  errors: number;
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
  const sampler = setInterval(() => samples.push(sample(child, tally, startMs)), SAMPLE_MS);
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
  if (child.exitCode !== null) tally.fail('Sluice', new Error(`ended with ${child.exitCode}`));
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
  };
  if (OUT === undefined) console.log(JSON.stringify(taken));
  else appendFileSync(OUT, `${JSON.stringify(taken)}\n`);
  return taken;
}

/** Answers whether all went well. */
function report(tally: Tally, samples: readonly Sample[]): boolean {
  for (const [kind, count] of tally.done) console.log(`${kind}: ${count}`);
  console.log(`errors: ${tally.errors}`);
  for (const line of tally.described) console.log(`  ${line}`);
  const last = samples.at(-1);
  if (last === undefined) return tally.errors === 0;
  const half = samples.filter(({ minute }) => minute >= last.minute / 2);
  const before = mean(half.slice(0, half.length >> 1));
  const after = mean(half.slice(half.length >> 1));
  console.log(
    `RSS: third quarter ${before.toFixed(0)} MB, last quarter ${after.toFixed(0)} MB, slope ${slopeMbPerHour(half).toFixed(1)} MB an hour; ` +
      `highest ${Math.max(...samples.map(({ rssMb }) => rssMb))} MB; descriptors ${samples[0]?.descriptors} to ${last.descriptors}`,
  );
  return tally.errors === 0 && after <= before * GROWTH_MAX;
}

function mean(samples: readonly Sample[]): number {
  return samples.reduce((sum, { rssMb }) => sum + rssMb, 0) / Math.max(1, samples.length);
}

/** By least squares. */
function slopeMbPerHour(samples: readonly Sample[]): number {
  const minutes = samples.reduce((sum, { minute }) => sum + minute, 0) / samples.length;
  const rss = mean(samples);
  let over = 0;
  let under = 0;
  for (const { minute, rssMb } of samples) {
    over += (minute - minutes) * (rssMb - rss);
    under += (minute - minutes) ** 2;
  }
  return under === 0 ? 0 : (over / under) * 60;
}
