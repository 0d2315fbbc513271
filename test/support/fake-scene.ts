// The scene the fake core plays: the pools of the design's screenshots, with one backend in each state a
// person must recognise. Data only; fake-core.ts gives it life.
import { type Config, type ConfigInput, emptyConfig } from '#shared/config/config.ts';
import type { Author } from '#shared/contract.ts';
import type { CheckResult, HealthProgress, HealthState } from '#shared/status.ts';

/** What a backend is made to look like; times are ms before the start of the scene. */
export interface BackendScript {
  /** Health over time, oldest first; the last one holds now. */
  health: readonly { agoMs: number; health: HealthState }[];
  progress?: HealthProgress;
  cause?: string;
  check?: Omit<CheckResult, 'at'>;
  /** Percentiles of its responses, ms. */
  latencyMs?: { p50: number; p95: number; p99: number };
  clientErrorPct?: number;
  serverErrorPct?: number;
  /** Percent of its requests that were repeated on another backend. */
  retriedPct?: number;
  inFlight?: number;
  tunnels?: number;
}

/** A change that was made before the scene begins. */
export interface PastRevision {
  agoMs: number;
  author: Author;
  note: string;
  /** The Config as it was before, from the one after. */
  before(config: Config): Config;
}

export interface Scene {
  config: ConfigInput;
  /** Newest first; the last one is r1. */
  revisions: readonly PastRevision[];
  /** By "pool/backend". What is not named is up. */
  backends: Readonly<Record<string, BackendScript>>;
  /** Requests per second by pool. */
  rates: Readonly<Record<string, number>>;
  /** Drains made at run time: "pool/backend" → how long ago. */
  drains: Readonly<Record<string, number>>;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

function backend(name: string, port: number, weight: number, state?: 'disabled') {
  return { name, address: `127.0.0.1:${port}`, weight, ...(state ? { state } : {}) };
}

const CHECK = { type: 'http' as const, path: '/health', intervalMs: 2000, timeoutMs: 1000 };

const BOARD_LISTENERS: ConfigInput['listeners'] = [
  {
    name: 'web',
    port: 8080,
    routes: [
      { name: 'api', match: { pathPrefix: '/api' }, pool: 'api' },
      { name: 'site', pool: 'web' },
    ],
  },
  {
    name: 'admin',
    protocol: 'https',
    port: 8081,
    tls: {
      certificates: [{ name: 'local', source: 'local-ca', hosts: ['localhost', 'admin.localhost'] }],
    },
    routes: [{ name: 'all', pool: 'legacy' }],
  },
  {
    name: 'store',
    protocol: 'https',
    port: 8090,
    tls: {
      certificates: [
        {
          name: 'example',
          source: 'files',
          certFile: '/etc/letsencrypt/live/store.example.test/fullchain.pem',
          keyFile: '/etc/letsencrypt/live/store.example.test/privkey.pem',
        },
      ],
    },
    routes: [{ name: 'all', pool: 'postgres' }],
  },
];

const BOARD_POOLS: ConfigInput['pools'] = [
  {
    name: 'api',
    policy: 'weighted-round-robin',
    healthCheck: CHECK,
    drainMs: 5 * MINUTE,
    backends: [
      backend('api-1', 3001, 90),
      backend('api-2', 3002, 45),
      backend('api-3', 3003, 15),
      backend('api-4', 3004, 30),
      backend('api-5', 3005, 30),
    ],
  },
  { name: 'web', healthCheck: CHECK, backends: [backend('web-1', 4001, 1), backend('web-2', 4002, 1)] },
  {
    name: 'postgres',
    policy: 'least-connections',
    healthCheck: { type: 'tcp' },
    backends: [backend('pg-1', 5001, 1), backend('pg-2', 5002, 1), backend('pg-3', 5003, 1)],
  },
  {
    name: 'legacy',
    backends: [backend('old-1', 6001, 1, 'disabled'), backend('old-2', 6002, 1, 'disabled')],
  },
];

const BOARD_BACKENDS: Scene['backends'] = {
  'api/api-1': {
    health: [{ agoMs: 2 * HOUR + 14 * MINUTE, health: 'up' }],
    check: { ok: true, code: 'L7 200', tookMs: 3, detail: '' },
    latencyMs: { p50: 11, p95: 38, p99: 74 },
    clientErrorPct: 0.2,
    serverErrorPct: 0,
    inFlight: 7,
  },
  'api/api-2': {
    health: [
      { agoMs: 2 * HOUR, health: 'up' },
      { agoMs: 52 * MINUTE, health: 'failing' },
      { agoMs: 50 * MINUTE, health: 'down' },
      { agoMs: 42 * MINUTE, health: 'recovering' },
      { agoMs: 41 * MINUTE, health: 'up' },
    ],
    check: { ok: true, code: 'L7 200', tookMs: 4, detail: '' },
    latencyMs: { p50: 12, p95: 41, p99: 96 },
    clientErrorPct: 0.3,
    serverErrorPct: 0.1,
    retriedPct: 0.1,
    inFlight: 4,
  },
  'api/api-3': {
    health: [
      { agoMs: 90 * MINUTE, health: 'up' },
      { agoMs: 5 * MINUTE, health: 'failing' },
    ],
    progress: { count: 2, of: 3 },
    cause: 'answers 503',
    check: { ok: false, code: 'L7 503', tookMs: 211, detail: 'expected 200-399, got 503' },
    latencyMs: { p50: 19, p95: 212, p99: 980 },
    clientErrorPct: 0.4,
    serverErrorPct: 4.1,
    retriedPct: 3.5,
    inFlight: 9,
  },
  'api/api-4': {
    health: [{ agoMs: 3 * HOUR, health: 'up' }],
    check: { ok: true, code: 'L7 200', tookMs: 5, detail: '' },
    latencyMs: { p50: 13, p95: 40, p99: 80 },
    inFlight: 3,
    tunnels: 2,
  },
  'api/api-5': {
    health: [
      { agoMs: 3 * HOUR, health: 'up' },
      { agoMs: 6 * MINUTE + 2 * SECOND, health: 'down' },
    ],
    cause: 'not listening',
    check: {
      ok: false,
      code: 'L4 connection refused',
      tookMs: 0,
      detail: 'nothing accepts connections on 127.0.0.1:3005',
    },
  },
};

/** Board scene: api with five backends in five states, web, postgres, legacy, at revision 42. */
export function boardScene(): Scene {
  return {
    config: { version: 1, listeners: BOARD_LISTENERS, pools: BOARD_POOLS },
    revisions: boardRevisions(),
    rates: { api: 689, web: 38, postgres: 12 },
    drains: { 'api/api-4': 41 * SECOND },
    backends: BOARD_BACKENDS,
  };
}

function boardRevisions(): PastRevision[] {
  const newest: PastRevision[] = [
    past(20 * MINUTE + 41 * SECOND, 'window', 'more for the rewrite', weightWas('api-3', 10)),
    past(3 * HOUR, 'cli', '', withoutBackend('api-5')),
    past(5 * HOUR, 'window', '', weightWas('api-3', 5)),
    past(26 * HOUR, 'file', 'sluice.json changed', withoutStore),
  ];
  const older = Array.from({ length: 37 }, (_, i) =>
    past((30 + i) * HOUR, 'window', '', weightWas('api-1', 89 - i)),
  );
  return [...newest, ...older, past(67 * HOUR, 'window', '', emptyConfig)];
}

function past(agoMs: number, author: Author, note: string, before: (config: Config) => Config): PastRevision {
  return { agoMs, author, note, before };
}

function weightWas(name: string, weight: number) {
  return inApi((backends) => backends.map((each) => (each.name === name ? { ...each, weight } : each)));
}

function withoutBackend(name: string) {
  return inApi((backends) => backends.filter((each) => each.name !== name));
}

type Backends = Config['pools'][number]['backends'];

function inApi(change: (backends: Backends) => Backends) {
  return (config: Config): Config => ({
    ...config,
    pools: config.pools.map((pool) =>
      pool.name === 'api' ? { ...pool, backends: change(pool.backends) } : pool,
    ),
  });
}

function withoutStore(config: Config): Config {
  return {
    ...config,
    listeners: config.listeners.filter(({ name }) => name !== 'store'),
    pools: config.pools.filter(({ name }) => name !== 'postgres'),
  };
}

/** A Sluice nobody has set up yet. */
export function emptyScene(): Scene {
  return { config: { version: 1 }, revisions: [], rates: {}, drains: {}, backends: {} };
}
