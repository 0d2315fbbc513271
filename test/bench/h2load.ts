// Runs h2load (Debian package nghttp2-client) against a port and reads its report: HTTP/2 over TLS, with
// many streams on each of a few connections.
import { spawn } from 'node:child_process';
import { LOAD_CORE } from './processes.ts';
import type { Load } from './wrk.ts';

export interface StreamsShape {
  path: string;
  connections: number;
  /** Requests under way on each connection. */
  streams: number;
  seconds: number;
}

export function runH2load(port: number, shape: StreamsShape): Promise<Load> {
  const { path, connections, streams, seconds } = shape;
  const args = ['-c', LOAD_CORE, 'h2load', `-c${connections}`, `-m${streams}`, `-D${seconds}`, '-t1'];
  const child = spawn('taskset', [...args, `https://127.0.0.1:${port}${path}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) =>
      code === 0 ? resolve(parse(output)) : reject(new Error(`h2load ended with ${code}: ${output}`)),
    );
  });
}

function parse(output: string): Load {
  const number = (pattern: RegExp) => Number(pattern.exec(output)?.[1] ?? Number.NaN);
  if (!output.includes('Application protocol: h2')) throw new Error(`no HTTP/2 was agreed on:\n${output}`);
  return {
    requestsPerS: number(/, ([\d.]+) req\/s/),
    requests: number(/(\d+) succeeded/),
    // Its report has the mean and the longest only.
    p50Ms: Number.NaN,
    p99Ms: Number.NaN,
    failed: number(/(\d+) failed/) + number(/(\d+) errored/) + number(/(\d+) timeout/),
  };
}
