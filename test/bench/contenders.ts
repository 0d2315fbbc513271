// How each proxy is started for a fair comparison: one process on one core, keep-alive to both
// sides, no access log on disk, one backend. Sluice runs as it ships: metrics, request log, health
// checks and its control endpoint on. With TLS all three show the same certificate, speak TLS 1.3 and
// offer HTTP/2 beside HTTP/1.1.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ConfigInput } from '#shared/config/config.ts';
import { testAuthority } from '../support/certificates.ts';
import { installed } from './processes.ts';

export interface TlsFiles {
  certFile: string;
  keyFile: string;
}

export interface Command {
  command: string;
  args: string[];
}

export interface Contender {
  name: string;
  /** It can stand in front of clients that speak TLS. */
  speaksTls: boolean;
  /** The command that serves `port` from the backend on `backendPort`, in clear text or with `tls`. */
  command(port: number, backendPort: number, tls?: TlsFiles): Command;
}

/** As generous to one client as the peers are told to be. */
const LIMITS = { keepAliveRequests: 1_000_000, connections: 20_000 };

const root = fileURLToPath(new URL('../../', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'sluice-bench-'));

/** A certificate for localhost, P-256, as the contenders want it. */
export async function tlsFiles(): Promise<TlsFiles> {
  const { cert, key } = await (await testAuthority()).issue(['localhost']);
  // HAProxy reads both from one file.
  const both = file('both.pem', `${cert}\n${key}`);
  return { certFile: both, keyFile: file('key.pem', key) };
}

function file(name: string, text: string): string {
  const path = join(scratch, name);
  writeFileSync(path, text);
  return path;
}

/** The command that runs Sluice as it ships with `config`. */
export function sluiceCommand(port: number, config: ConfigInput): Command {
  const data = mkdtempSync(join(scratch, 'data-'));
  const configFile = file(`sluice-${port}.json`, JSON.stringify(config));
  const args = [join(root, 'out/main/headless.js'), '--config', configFile, '--data', data, '--json'];
  return { command: process.execPath, args: [...args, '--control', '127.0.0.1:0'] };
}

const sluice: Contender = {
  name: 'Sluice',
  speaksTls: true,
  command(port, backendPort, tls) {
    const encrypted = tls && {
      protocol: 'https' as const,
      tls: { certificates: [{ name: 'bench', source: 'files' as const, ...tls }] },
    };
    return sluiceCommand(port, {
      version: 1,
      listeners: [
        { name: 'bench', port, ...encrypted, limits: LIMITS, routes: [{ name: 'all', pool: 'bench' }] },
      ],
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
    });
  },
};

const nginx: Contender = {
  name: 'nginx',
  speaksTls: true,
  command(port, backendPort, tls) {
    const encrypted = tls ? 'ssl http2' : '';
    const certificate = tls
      ? `ssl_certificate ${tls.certFile}; ssl_certificate_key ${tls.keyFile}; ssl_protocols TLSv1.3; ssl_session_cache shared:bench:1m;`
      : '';
    const text = `worker_processes 1; daemon off; pid ${join(scratch, `nginx-${port}.pid`)}; error_log stderr crit;
worker_rlimit_nofile 20000;
events { worker_connections 16384; }
http {
  access_log off; client_body_temp_path ${scratch}; proxy_temp_path ${scratch}; fastcgi_temp_path ${scratch};
  uwsgi_temp_path ${scratch}; scgi_temp_path ${scratch};
  upstream backend { server 127.0.0.1:${backendPort}; keepalive 256; keepalive_requests 1000000; }
  server {
    listen 127.0.0.1:${port} ${encrypted}; keepalive_requests 1000000; ${certificate}
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
  speaksTls: true,
  command(port, backendPort, tls) {
    const encrypted = tls ? `ssl crt ${tls.certFile} ssl-min-ver TLSv1.3 alpn h2,http/1.1` : '';
    const text = `global
  nbthread 1
  maxconn 9900
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
  option forwardfor
  option http-keep-alive
  http-reuse always
frontend bench
  bind 127.0.0.1:${port} ${encrypted}
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
    speaksTls: false,
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
export function backendCommand(port: number, host = '127.0.0.1'): Command {
  return { command: process.execPath, args: [join(root, 'test/bench/backend.ts'), String(port), host] };
}
