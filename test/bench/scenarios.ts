// What the proxies are compared in: each scenario is one kind of load on every contender that can take
// part. Read by main.ts; its arguments name scenarios.
import { runH2load } from './h2load.ts';
import { type Load, runWrk } from './wrk.ts';

export interface Scenario {
  name: string;
  title: string;
  tls: boolean;
  /** A program it needs besides wrk. */
  needs: string;
  run(port: number, seconds: number): Promise<Load>;
}

export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'small',
    title: 'Small requests (13 bytes), 64 connections',
    tls: false,
    needs: 'wrk',
    run: (port, seconds) => runWrk(port, { path: '/', connections: 64, seconds }),
  },
  {
    name: 'large',
    title: '1 MB responses, 16 connections',
    tls: false,
    needs: 'wrk',
    run: (port, seconds) => runWrk(port, { path: '/1m', connections: 16, seconds }),
  },
  {
    name: 'https',
    title: 'Small requests over TLS 1.3, 64 connections',
    tls: true,
    needs: 'wrk',
    run: (port, seconds) => runWrk(port, { path: '/', connections: 64, seconds, tls: true }),
  },
  {
    name: 'handshakes',
    title: 'Full TLS 1.3 handshakes (P-256), one request each, 32 at a time',
    tls: true,
    needs: 'wrk',
    run: (port, seconds) => runWrk(port, { path: '/', connections: 32, seconds, tls: true, closing: true }),
  },
  {
    name: 'http2',
    title: 'Small requests over HTTP/2 with TLS, 8 connections of 16 streams',
    tls: true,
    needs: 'h2load',
    run: (port, seconds) => runH2load(port, { path: '/', connections: 8, streams: 16, seconds }),
  },
];
