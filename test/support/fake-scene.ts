// The scene the fake core plays: the pools of the design's screenshots, with one backend in each state a
// person must recognise. Data only; fake-core.ts gives it life.
import type { ConfigInput } from '#shared/config/config.ts';
import type { RevisionSummary } from '#shared/contract.ts';
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
  inFlight?: number;
  tunnels?: number;
}

export interface Scene {
  config: ConfigInput;
  revisions: readonly RevisionSummary[];
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

/** Board scene: api with five backends in five states, web, postgres, legacy, at revision 42. */
export function boardScene(now: number): Scene {
  return {
    config: {
      version: 1,
      listeners: [
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
      ],
      pools: [
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
      ],
    },
    revisions: boardRevisions(now),
    rates: { api: 689, web: 38, postgres: 12 },
    drains: { 'api/api-4': 41 * SECOND },
    backends: {
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
    },
  };
}

function boardRevisions(now: number): RevisionSummary[] {
  const newest: RevisionSummary[] = [
    revision(42, now - 41 * SECOND - 20 * MINUTE, 'window', 'more for the rewrite', [
      'weight of api/api-3: 10 → 15',
    ]),
    revision(41, now - 3 * HOUR, 'cli', '', ['backend api/api-5 added at 127.0.0.1:3005']),
    revision(40, now - 5 * HOUR, 'window', '', ['weight of api/api-3: 5 → 10']),
    revision(39, now - 26 * HOUR, 'file', 'sluice.json changed', [
      'listener store added on 127.0.0.1:8090',
      'pool postgres added',
    ]),
  ];
  const older = Array.from({ length: 38 }, (_, i) => {
    const number = 38 - i;
    return revision(number, now - (30 + i) * HOUR, 'window', '', [
      `weight of api/api-1: ${number} → ${number + 1}`,
    ]);
  });
  return [...newest, ...older];
}

function revision(
  number: number,
  at: number,
  author: RevisionSummary['author'],
  note: string,
  changes: string[],
): RevisionSummary {
  return { revision: number, at, author, note, changes };
}

/** A Sluice nobody has set up yet. */
export function emptyScene(): Scene {
  return { config: { version: 1 }, revisions: [], rates: {}, drains: {}, backends: {} };
}
