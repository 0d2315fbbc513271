// Runs wrk against a port and reads its report. wrk keeps its connections busy all the time, so
// requests/s is what the proxy can do on its core.
import { spawn } from 'node:child_process';
import { LOAD_CORE } from './processes.ts';

export interface Load {
  requestsPerS: number;
  requests: number;
  p50Ms: number;
  p99Ms: number;
  /** Answers that were not 2xx or 3xx, and connections that broke. */
  failed: number;
}

export interface LoadShape {
  path: string;
  connections: number;
  seconds: number;
  /** The clients speak TLS. wrk never resumes a session: each of its connections is a full handshake. */
  tls?: boolean;
  /** Each request has a connection of its own. */
  closing?: boolean;
}

export function runWrk(port: number, shape: LoadShape): Promise<Load> {
  const { path, connections, seconds, tls = false, closing = false } = shape;
  const args = ['-c', LOAD_CORE, 'wrk', '-t1', `-c${connections}`, `-d${seconds}s`, '--latency'];
  if (closing) args.push('-H', 'Connection: close');
  const child = spawn('taskset', [...args, `${tls ? 'https' : 'http'}://127.0.0.1:${port}${path}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) =>
      code === 0 ? resolve(parse(output)) : reject(new Error(`wrk ended with ${code}`)),
    );
  });
}

function parse(output: string): Load {
  const number = (pattern: RegExp) => Number(pattern.exec(output)?.[1] ?? 0);
  const broken =
    /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(output)?.slice(1) ?? [];
  return {
    requestsPerS: number(/Requests\/sec:\s+([\d.]+)/),
    requests: number(/(\d+) requests in/),
    p50Ms: milliseconds(/50%\s+([\d.]+)(us|ms|s)/.exec(output)),
    p99Ms: milliseconds(/99%\s+([\d.]+)(us|ms|s)/.exec(output)),
    failed:
      number(/Non-2xx or 3xx responses: (\d+)/) + broken.map(Number).reduce((sum, count) => sum + count, 0),
  };
}

const UNIT_MS: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1000 };

function milliseconds(match: RegExpExecArray | null): number {
  return match ? Number(match[1]) * (UNIT_MS[match[2] ?? ''] ?? Number.NaN) : Number.NaN;
}
