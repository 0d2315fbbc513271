// How the proxies are started to hold as many idle connections as a process may have files: as in
// contenders.ts, with WebSocket upgrades let through and no timeout that ends during the measurement.
// Read by idle.ts.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Command, sluiceCommand } from './contenders.ts';
import { installed } from './processes.ts';

export interface IdleProxy {
  name: string;
  command(port: number, backendPort: number): Command;
}

const IDLE_S = 600;
const scratch = mkdtempSync(join(tmpdir(), 'sluice-idle-'));

function file(name: string, text: string): string {
  const path = join(scratch, name);
  writeFileSync(path, text);
  return path;
}

const sluice: IdleProxy = {
  name: 'Sluice',
  command: (port, backendPort) =>
    sluiceCommand(port, {
      version: 1,
      listeners: [
        {
          name: 'bench',
          port,
          limits: { keepAliveRequests: 1_000_000, connections: 20_000 },
          timeouts: { keepAliveMs: IDLE_S * 1000 },
          routes: [{ name: 'all', pool: 'bench' }],
        },
      ],
      pools: [
        {
          name: 'bench',
          policy: 'weighted-round-robin',
          healthCheck: { type: 'http', path: '/' },
          firstCheck: 'optimistic',
          backends: [{ name: 'one', address: `127.0.0.1:${backendPort}` }],
        },
      ],
    }),
};

const nginx: IdleProxy = {
  name: 'nginx',
  command(port, backendPort) {
    const text = `worker_processes 1; daemon off; pid ${join(scratch, `nginx-${port}.pid`)}; error_log stderr crit;
worker_rlimit_nofile 20000;
events { worker_connections 19990; }
http {
  access_log off; client_body_temp_path ${scratch}; proxy_temp_path ${scratch}; fastcgi_temp_path ${scratch};
  uwsgi_temp_path ${scratch}; scgi_temp_path ${scratch}; keepalive_timeout ${IDLE_S}s;
  map $http_upgrade $connection_upgrade { default upgrade; '' ''; }
  upstream backend { server 127.0.0.1:${backendPort}; keepalive 256; keepalive_requests 1000000; }
  server {
    listen 127.0.0.1:${port} backlog=4096; keepalive_requests 1000000;
    location / {
      proxy_pass http://backend; proxy_http_version 1.1; proxy_set_header Host $http_host;
      proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $connection_upgrade;
      proxy_set_header X-Forwarded-For $remote_addr; proxy_read_timeout ${IDLE_S}s; proxy_send_timeout ${IDLE_S}s;
    }
  }
}`;
    return { command: 'nginx', args: ['-c', file(`nginx-${port}.conf`, text)] };
  },
};

const haproxy: IdleProxy = {
  name: 'HAProxy',
  command(port, backendPort) {
    // More connections than half its files: fine while the idle ones have no backend connection.
    const text = `global
  nbthread 1
  no strict-limits
  maxconn 12000
defaults
  mode http
  timeout connect 5s
  timeout client ${IDLE_S}s
  timeout server ${IDLE_S}s
  timeout tunnel ${IDLE_S}s
  option forwardfor
  option http-keep-alive
  http-reuse always
frontend bench
  maxconn 12000
  bind 127.0.0.1:${port} backlog 4096
  default_backend bench
backend bench
  fullconn 12000
  server one 127.0.0.1:${backendPort} check
`;
    return { command: 'haproxy', args: ['-f', file(`haproxy-${port}.cfg`, text)] };
  },
};

export function idleProxies(): IdleProxy[] {
  return [sluice, ...(installed('nginx') ? [nginx] : []), ...(installed('haproxy') ? [haproxy] : [])];
}
