// How each proxy is started for a fair comparison: one process on one core, keep-alive to both
// sides, no access log on disk, one backend. Sluice runs as it ships: metrics, request log, health
// checks and its control endpoint on.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installed } from './processes.ts';

export interface Contender {
  name: string;
  /** The command that serves `port` from the backend on `backendPort`. */
  command(port: number, backendPort: number): { command: string; args: string[] };
}

const root = fileURLToPath(new URL('../../', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'sluice-bench-'));

function file(name: string, text: string): string {
  const path = join(scratch, name);
  writeFileSync(path, text);
  return path;
}

const sluice: Contender = {
  name: 'Sluice',
  command(port, backendPort) {
    const config = {
      version: 1,
      listeners: [{ name: 'bench', port, routes: [{ name: 'all', pool: 'bench' }] }],
      pools: [
        {
          name: 'bench',
          policy: 'weighted-round-robin',
          healthCheck: { type: 'http', path: '/' },
          firstCheck: 'optimistic',
          keepAlive: { maxIdle: 256 },
          backends: [{ name: 'one', address: `127.0.0.1:${backendPort}` }],
        },
      ],
    };
    const data = mkdtempSync(join(scratch, 'data-'));
    const args = [
      join(root, 'out/main/headless.js'),
      '--config',
      file(`sluice-${port}.json`, JSON.stringify(config)),
    ];
    return { command: process.execPath, args: [...args, '--data', data, '--json'] };
  },
};

const nginx: Contender = {
  name: 'nginx',
  command(port, backendPort) {
    const text = `worker_processes 1; daemon off; pid ${join(scratch, `nginx-${port}.pid`)}; error_log stderr crit;
events { worker_connections 4096; }
http {
  access_log off; client_body_temp_path ${scratch}; proxy_temp_path ${scratch}; fastcgi_temp_path ${scratch};
  uwsgi_temp_path ${scratch}; scgi_temp_path ${scratch};
  upstream backend { server 127.0.0.1:${backendPort}; keepalive 256; keepalive_requests 1000000; }
  server {
    listen 127.0.0.1:${port}; keepalive_requests 1000000;
    location / {
      proxy_pass http://backend; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $remote_addr;
    }
  }
}`;
    return { command: 'nginx', args: ['-c', file(`nginx-${port}.conf`, text)] };
  },
};

const haproxy: Contender = {
  name: 'HAProxy',
  command(port, backendPort) {
    const text = `global
  nbthread 1
  maxconn 4096
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
  option forwardfor
  option http-keep-alive
  http-reuse always
frontend bench
  bind 127.0.0.1:${port}
  default_backend bench
backend bench
  server one 127.0.0.1:${backendPort} check
`;
    return { command: 'haproxy', args: ['-f', file(`haproxy-${port}.cfg`, text)] };
  },
};

/** The Node proxies run on the same Node as Sluice. */
function nodeProxy(name: string, script: string, ...options: string[]): Contender {
  return {
    name,
    command: (port, backendPort) => ({
      command: process.execPath,
      args: [join(root, 'test/bench/proxies', script), String(port), String(backendPort), ...options],
    }),
  };
}

export function contenders(): Contender[] {
  const programs: [string, Contender][] = [
    ['nginx', nginx],
    ['haproxy', haproxy],
  ];
  return [
    sluice,
    ...programs.filter(([program]) => installed(program)).map(([, contender]) => contender),
    nodeProxy('http-proxy', 'http-proxy.mjs'),
    nodeProxy('http-proxy + keep-alive agent', 'http-proxy.mjs', 'keep-alive'),
    nodeProxy('fast-proxy', 'fast-proxy.mjs'),
  ];
}

/** A backend that answers "/" with 13 bytes and "/1m" with a megabyte, faster than any proxy asks. */
export function backendCommand(port: number): { command: string; args: string[] } {
  return { command: process.execPath, args: [join(root, 'test/bench/backend.ts'), String(port)] };
}
