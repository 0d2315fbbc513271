// What a benchmark has started, ended together: programs on the proxy's core, and the benchmark itself
// bound to the load's core. Used by the benchmarks of latency, idle connections, memory and changes.
import { type ChildProcess, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Command } from './contenders.ts';
import { accepts, installed, LOAD_CORE, PROXY_CORE, startPinned, stop } from './processes.ts';

export interface Started {
  child: ChildProcess;
  pid: number;
  log: readonly string[];
}

export const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Runs a benchmark in this process on the load's core, ends what it started and says so when it failed. */
export async function bench(main: (start: Start) => Promise<void>): Promise<never> {
  if (process.platform !== 'linux' || !existsSync('/proc/self/stat') || !installed('taskset')) {
    console.error('This benchmark needs Linux with taskset (Debian package util-linux).');
    process.exit(1);
  }
  spawnSync('taskset', ['-apc', LOAD_CORE, String(process.pid)], { stdio: 'ignore' });
  const children = new Set<ChildProcess>();
  let code = 0;
  try {
    await main(async ({ command, args }, port, cores = PROXY_CORE) => {
      const log: string[] = [];
      const child = startPinned(cores, command, args, log);
      children.add(child);
      await accepts(port, log);
      if (child.pid === undefined) throw new Error(`${command} did not start`);
      return { child, pid: child.pid, log };
    });
  } catch (error) {
    console.error(error);
    code = 1;
  }
  await Promise.all([...children].map(stop));
  process.exit(code);
}

/** Starts a program and settles once it accepts on `port`. */
export type Start = (command: Command, port: number, cores?: string) => Promise<Started>;

/** One line that sets a figure beside what the project demands. */
export function printBar(what: string, value: number, most: number, unit: string): void {
  const verdict = value <= most ? 'met' : 'MISSED';
  console.log(`  ${what}: ${value.toFixed(value < 10 ? 2 : 1)} ${unit}, at most ${most} ${unit}: ${verdict}`);
}
