// The two machine views of a Status.
import { describe, expect, it } from 'vitest';
import type { BackendStatus, Status, SystemStatus } from '#shared/status.ts';
import { prometheusText, stats } from '../../../src/main/headless/stats.ts';

function backend(changes: Partial<BackendStatus>): BackendStatus {
  return {
    name: 'a',
    address: '127.0.0.1:3001',
    role: 'primary',
    admin: 'enabled',
    health: 'up',
    progress: null,
    state: 'up',
    since: 0,
    cause: '',
    weight: 1,
    targetShare: 0.5,
    actualShare: null,
    drain: null,
    inFlight: 0,
    tunnels: 0,
    requests: 0,
    errors: 0,
    retries: 0,
    resends: 0,
    failuresLastMinute: 0,
    retriesLastMinute: 0,
    responses: [0, 0, 0, 0, 0],
    latencySumMs: 0,
    latencyCount: 0,
    requestsPerS: 0,
    clientErrorPct: null,
    serverErrorPct: null,
    latencyMs: { p50: null, p95: null, p99: null },
    lastCheck: null,
    ...changes,
  };
}

const status: Status = {
  at: 0,
  revision: 3,
  appliedRevision: 2,
  listeners: [
    {
      name: 'web',
      state: 'listening',
      address: '127.0.0.1:80',
      connections: 4,
      requests: 9,
      requestsPerS: 1,
      connectionsRefused: 37,
    },
  ],
  pools: [
    {
      name: 'api',
      policy: 'random',
      state: 'degraded',
      serving: 1,
      requestsPerS: 0,
      requestsLastMinute: 0,
      errorsPerS: 0,
      failuresLastMinute: 0,
      retriesLastMinute: 0,
      unservedPerS: 0,
      unserved: 7,
      inFlight: 0,
      latencyMs: { p50: null, p95: null, p99: null },
      backends: [
        backend({
          requests: 10,
          errors: 2,
          retries: 4,
          resends: 9,
          responses: [0, 4, 0, 1, 3],
          latencySumMs: 500,
          latencyCount: 8,
          latencyMs: { p50: 40, p95: 90, p99: 100 },
        }),
        backend({ name: 'b', address: '127.0.0.1:3002', health: 'down', state: 'down' }),
      ],
    },
  ],
};

const system: SystemStatus = {
  at: 0,
  engineWorkers: 1,
  engineNotice: null,
  cpuPct: 4,
  memoryBytes: 1000,
  historyBytes: 2000,
  retentionS: 86_400,
  storeNotice: null,
  configNotice: null,
  demoRunning: false,
};

describe('/stats', () => {
  it('counts backends and gives each its totals, without dividing by zero', () => {
    expect(stats(status, new Set())).toEqual({
      total_backends: 2,
      healthy_backends: 1,
      backends: [
        {
          url: 'http://127.0.0.1:3001',
          alive: true,
          total_requests: 10,
          total_errors: 5,
          total_retries: 4,
          total_resends: 9,
          error_rate: 0.5,
          avg_response_time: 62.5,
        },
        {
          url: 'http://127.0.0.1:3002',
          alive: false,
          total_requests: 0,
          total_errors: 0,
          total_retries: 0,
          total_resends: 0,
          error_rate: 0,
          avg_response_time: 0,
        },
      ],
    });
  });

  it('gives a backend that refuses nearly everything the mean of what it answered', () => {
    const failing = backend({ requests: 10, errors: 9, latencySumMs: 100, latencyCount: 1 });
    const pools = status.pools.map((pool) => ({ ...pool, backends: [failing] }));
    expect(stats({ ...status, pools }, new Set()).backends[0]).toMatchObject({
      error_rate: 0.9,
      avg_response_time: 100,
    });
  });

  it('names the scheme that a backend is spoken to with', () => {
    const secured = new Set(['api']);
    expect(stats(status, secured).backends.map(({ url }) => url)).toEqual([
      'https://127.0.0.1:3001',
      'https://127.0.0.1:3002',
    ]);
  });

  it('gives no backend a mean before it answered', () => {
    const refusing = backend({ requests: 10, errors: 10 });
    const pools = status.pools.map((pool) => ({ ...pool, backends: [refusing] }));
    expect(stats({ ...status, pools }, new Set()).backends[0]?.avg_response_time).toBe(0);
  });
});

describe('/metrics', () => {
  const text = prometheusText(status, system);

  it.each([
    'sluice_applied_revision 2',
    'sluice_listener_up{listener="web"} 1',
    'sluice_pool_serving{pool="api"} 1',
    'sluice_pool_unserved_total{pool="api"} 7',
    'sluice_backend_requests_total{pool="api",backend="a"} 10',
    'sluice_backend_errors_total{pool="api",backend="a"} 2',
    'sluice_backend_retries_total{pool="api",backend="a"} 4',
    'sluice_backend_resends_total{pool="api",backend="a"} 9',
    'sluice_backend_responses_total{pool="api",backend="a",code="2xx"} 4',
    'sluice_backend_responses_total{pool="api",backend="a",code="5xx"} 3',
    'sluice_backend_up{pool="api",backend="b"} 0',
    'sluice_backend_response_seconds_sum{pool="api",backend="a"} 0.5',
    'sluice_backend_response_seconds_count{pool="api",backend="a"} 8',
    'sluice_backend_response_seconds{pool="api",backend="a",quantile="0.95"} 0.09',
    '# TYPE sluice_backend_response_seconds summary',
  ])('says %s', (line) => {
    expect(text.split('\n')).toContain(line);
  });

  it('leaves out what is not known', () => {
    expect(text).not.toContain('null');
    expect(text).not.toContain('sluice_backend_actual_share{');
  });

  it('holds every sample to the exposition format, each metric announced once', () => {
    const lines = text.trimEnd().split('\n');
    const sample = /^[a-z_]+(\{[a-z_]+="[^"\\\n]*"(,[a-z_]+="[^"\\\n]*")*\})? -?[0-9.e+-]+$/;
    expect(lines.filter((line) => !line.startsWith('# ') && !sample.test(line))).toEqual([]);
    const types = lines.filter((line) => line.startsWith('# TYPE '));
    expect(new Set(types).size).toBe(types.length);
  });
});
