// 200 random changes of a running Sluice, certificates too, under full load from wrk, for one and for two
// workers: says how many requests failed, how long changes took, and what was left open. Ends with 1 unless
// nothing failed and nothing was left. Run as a program: reconfigure.ts
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ConfigInput } from '#shared/config/config.ts';
import { RandomChanges } from '../support/random-changes.ts';
import { backendCommand } from './contenders.ts';
import { accepts, freePort, installed, LOAD_CORE, PROXY_CORE, startPinned, stop } from './processes.ts';
import { runWrk } from './wrk.ts';

const CHANGES = 200;
const SECONDS = 12;
const GAP_MS = 40;
const BACKENDS = 3;
const HEADLESS = fileURLToPath(new URL('../../src/main/headless/main.ts', import.meta.url));

if (process.platform !== 'linux' || !installed('wrk') || !installed('taskset')) {
  console.error('This needs Linux with wrk and taskset (Debian packages wrk and util-linux).');
  process.exit(1);
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
const scratch = mkdtempSync(join(tmpdir(), 'sluice-reconfigure-'));
const children: ChildProcess[] = [];
let clean = true;
try {
  const addresses = await Promise.all(Array.from({ length: BACKENDS }, startBackend));
  for (const workers of [1, 2]) clean = (await measure(workers, addresses)) && clean;
} finally {
  await Promise.all(children.map(stop));
  rmSync(scratch, { recursive: true, force: true });
}
process.exit(clean ? 0 : 1);

async function startBackend(): Promise<string> {
  const port = await freePort();
  const { command, args } = backendCommand(port);
  const log: string[] = [];
  children.push(startPinned(LOAD_CORE, command, args, log));
  await accepts(port, log);
  return `127.0.0.1:${port}`;
}

async function measure(workers: number, addresses: readonly string[]): Promise<boolean> {
  const port = await freePort();
  const securePort = await freePort();
  const idle = { version: 1 as const, engine: { workers }, listeners: [{ name: 'web', port }] };
  const { child, apply } = await startSluice(workers, idle, port);
  const before = openSockets(child);
  const changes = new RandomChanges(workers, addresses, port, workers, securePort);
  await apply(changes.config);
  await accepts(securePort, []);
  const load = runWrk(port, { path: '/', connections: 64, seconds: SECONDS });
  const secureLoad = runWrk(securePort, { path: '/', connections: 16, seconds: SECONDS, tls: true });
  const tookMs: number[] = [];
  for (let i = 0; i < CHANGES; i++) {
    const startMs = performance.now();
    await apply(changes.next());
    tookMs.push(performance.now() - startMs);
    await pause(GAP_MS);
  }
  const { requests, requestsPerS, p99Ms, failed } = await load;
  const secure = await secureLoad;
  await apply(idle);
  const left = await socketsLeft(child, before);
  await stop(child);
  tookMs.sort((a, b) => a - b);
  const median = tookMs[CHANGES >> 1] ?? 0;
  console.log(
    `${workers} worker(s): ${requests} requests (${requestsPerS.toFixed(0)}/s, p99 ${p99Ms.toFixed(1)} ms), ` +
      `${failed} failed; ${secure.requests} over TLS, ${secure.failed} failed; ${CHANGES} changes, median ${median.toFixed(1)} ms, longest ${(tookMs.at(-1) ?? 0).toFixed(0)} ms; ` +
      `${left} sockets left open`,
  );
  return failed === 0 && secure.failed === 0 && left === 0;
}

async function startSluice(workers: number, config: ConfigInput, port: number) {
  const file = join(scratch, `sluice-${workers}.json`);
  writeFileSync(file, JSON.stringify(config));
  const log: string[] = [];
  const data = mkdtempSync(join(scratch, 'data-'));
  const flags = ['--config', file, '--data', data, '--control', '127.0.0.1:0', '--json'];
  const cores = workers === 1 ? PROXY_CORE : `${LOAD_CORE},${PROXY_CORE}`;
  const child = startPinned(cores, process.execPath, [HEADLESS, ...flags], log);
  children.push(child);
  await accepts(port, log);
  const { control, token } = await readyLine(log);
  const apply = async (next: ConfigInput): Promise<void> => {
    const response = await fetch(`${control}/rpc/config.apply`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ config: next }),
    });
    if (!response.ok) throw new Error(`config.apply: ${await response.text()}`);
  };
  return { child, apply };
}

async function readyLine(log: readonly string[]): Promise<{ control: string; token: string }> {
  const endMs = performance.now() + 10_000;
  while (performance.now() < endMs) {
    const line = log.join('').match(/^\{"event":"ready".*\}$/m)?.[0];
    if (line !== undefined) return JSON.parse(line);
    await pause(50);
  }
  throw new Error(`it never was ready:\n${log.join('')}`);
}

/** Idle connections to backends are closed with the backends, the load's by wrk: that may take a moment. */
async function socketsLeft(child: ChildProcess, before: number): Promise<number> {
  const endMs = performance.now() + 10_000;
  while (openSockets(child) > before && performance.now() < endMs) await pause(100);
  return Math.max(0, openSockets(child) - before);
}

function openSockets({ pid }: ChildProcess): number {
  const folder = `/proc/${pid}/fd`;
  return readdirSync(folder).filter((fd) => linkOf(join(folder, fd)).startsWith('socket:')).length;
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
