// Plan: a Config compiled for the engine: defaults filled in, references resolved to positions, addresses
// split, admin intent and health applied. Immutable, structured-cloneable; the engine never sees a Config.
// `compilePlan` (compile.ts) is the only maker. Pure.
import type { AdminState, BackendRole } from '#shared/config/backend.ts';
import type { ListenerLimits, ListenerTimeouts } from '#shared/config/listener.ts';
import type { PolicyName, PoolKeepAlive, PoolQueue, PoolRetries, PoolTimeouts } from '#shared/config/pool.ts';

export interface Plan {
  /** Revision this plan was compiled from. Several plans may share one: drains are not revisions. */
  revision: number;
  listeners: ListenerPlan[];
  pools: PoolPlan[];
}

export interface ListenerPlan {
  name: string;
  /** Row of this listener in the shared counters. */
  slot: number;
  host: string;
  port: number;
  /** Why this listener cannot be served at all (an unreadable certificate, say); '' when it can. */
  fault: string;
  /** Null: clear text. */
  tls: ListenerTlsPlan | null;
  /** Answer everything with 308 to https on this port; 0: serve. */
  redirectPort: number;
  /** Networks whose forwarding fields are believed. */
  trustedProxies: string[];
  /** Send the Forwarded field of RFC 7239 too. */
  forwarded: boolean;
  /** Pseudonym in Via; '' adds none and refuses no loop. */
  via: string;
  timeouts: ListenerTimeouts;
  limits: ListenerLimits;
  routes: RoutePlan[];
}

/** Everything read and checked by the core; the engine touches no file. */
export interface ListenerTlsPlan {
  /** At least one. The first is the default. */
  certificates: CertificatePlan[];
  rejectUnknownName: boolean;
  minVersion: 'TLSv1.2' | 'TLSv1.3';
  http2: boolean;
  /** Authorities client certificates must come from, PEM; '' asks for none. */
  clientCa: string;
  clientCertificateRequired: boolean;
  /**
   * What the keys of session tickets are derived from: one for all engine threads, so that each of them
   * resumes what any other began, one that takes the place of another included. Known to this run only.
   */
  ticketSecret: string;
}

export interface CertificatePlan {
  name: string;
  /** Lower case; "*.x" is shown for one more label. */
  hosts: string[];
  /** PEM, intermediates after the certificate. */
  cert: string;
  key: string;
}

export interface PoolTlsPlan {
  verify: boolean;
  /** Name asked for and verified; '' takes the backend's host. */
  serverName: string;
  /** PEM; '' trusts the system's. */
  ca: string;
}

export interface RoutePlan {
  name: string;
  /** Lower case, no port; "*.x" matches one more label; undefined matches every host. */
  host: string | undefined;
  /** Undefined matches every path. */
  pathPrefix: string | undefined;
  /** Name of the pool; validated to exist. */
  pool: string;
}

export interface PoolPlan {
  name: string;
  /** Row of what no backend was tried for in the shared counters. */
  slot: number;
  policy: PolicyName;
  /** Serve by ignoring health when no backend is usable, instead of answering 503. */
  forwardWhenAllDown: boolean;
  protocol: 'http1' | 'http2';
  /** Null: clear text. */
  tls: PoolTlsPlan | null;
  /** Why this pool's backends cannot be connected to at all; '' when they can. */
  fault: string;
  /** Requests under way at a time per backend; 0: no limit. */
  maxInFlight: number;
  queue: PoolQueue;
  retries: PoolRetries;
  /** A draining backend's rest is closed after this long; 0: never. */
  drainMs: number;
  timeouts: PoolTimeouts;
  keepAlive: PoolKeepAlive;
  backends: BackendPlan[];
}

export interface BackendPlan {
  name: string;
  /** Row of this backend in the shared counters, and its identity: kept also when it or its pool is renamed. */
  slot: number;
  host: string;
  port: number;
  weight: number;
  admin: AdminState;
  /** When `admin` became draining, ms since the epoch; 0 unless it is. */
  drainingSince: number;
  role: BackendRole;
  /** Whether health allows traffic at the time of compiling; `set-health` messages follow. */
  usable: boolean;
}
