// Two read-only views of Status for machines: the /stats JSON and Prometheus text (exposition
// format 0.0.4). Pure; nothing here is computed that Status does not already say. Called by control-server.ts.
import { type BackendStatus, healthUsable, type Status, type SystemStatus } from '#shared/status.ts';

/** `securePools`: those whose backends are spoken to over TLS. */
export function stats(status: Status, securePools: ReadonlySet<string>) {
  const backends = status.pools.flatMap(({ name, backends }) =>
    backends.map((backend) => ({ ...backend, scheme: securePools.has(name) ? 'https' : 'http' })),
  );
  return {
    total_backends: backends.length,
    healthy_backends: backends.filter(({ health }) => healthUsable(health)).length,
    backends: backends.map((backend) => ({
      url: `${backend.scheme}://${backend.address}`,
      alive: healthUsable(backend.health),
      total_requests: backend.requests,
      total_errors: failedOf(backend),
      total_retries: backend.retries,
      total_resends: backend.resends,
      error_rate: backend.requests === 0 ? 0 : failedOf(backend) / backend.requests,
      /** ms */
      avg_response_time: backend.latencyCount === 0 ? 0 : backend.latencySumMs / backend.latencyCount,
    })),
  };
}

/** As on the screen: 5xx answers and attempts without an answer. */
function failedOf({ errors, responses }: BackendStatus): number {
  return errors + (responses[4] ?? 0);
}

interface Sample {
  labels: Record<string, string>;
  value: number;
  /** Of the metric's name: a summary has a sum and a count beside its quantiles. */
  suffix?: '_sum' | '_count';
}

interface Metric {
  name: string;
  type: 'counter' | 'gauge' | 'summary';
  help: string;
  samples: Sample[];
}

export function prometheusText(status: Status, system: SystemStatus): string {
  const metrics = [
    ...systemMetrics(status, system),
    ...listenerMetrics(status),
    ...poolMetrics(status),
    ...backendMetrics(status),
  ];
  return `${metrics.map(render).join('\n')}\n`;
}

function systemMetrics(status: Status, system: SystemStatus): Metric[] {
  const one = (name: string, help: string, value: number): Metric => ({
    name,
    type: 'gauge',
    help,
    samples: [{ labels: {}, value }],
  });
  return [
    one('sluice_revision', 'Newest saved revision.', status.revision),
    one('sluice_applied_revision', 'Revision the engine runs.', status.appliedRevision),
    one('sluice_engine_workers', 'Engine threads running.', system.engineWorkers),
    one('sluice_cpu_percent', 'CPU of the process, percent of one core.', system.cpuPct),
    one('sluice_memory_bytes', 'Resident memory of the process.', system.memoryBytes),
    one('sluice_history_bytes', 'Size of the history on disk.', system.historyBytes),
  ];
}

function listenerMetrics(status: Status): Metric[] {
  const per = (value: (listener: Status['listeners'][number]) => number) =>
    status.listeners.map((listener) => ({ labels: { listener: listener.name }, value: value(listener) }));
  return [
    metric(
      'sluice_listener_up',
      'gauge',
      'Whether the listener accepts at the address asked for.',
      per((l) => Number(l.state === 'listening')),
    ),
    metric(
      'sluice_listener_connections',
      'gauge',
      'Open client connections.',
      per((l) => l.connections),
    ),
    metric(
      'sluice_listener_connections_refused_total',
      'counter',
      'Connections closed as they came since start: more than the limit.',
      per((l) => l.connectionsRefused),
    ),
    metric(
      'sluice_listener_requests_total',
      'counter',
      'Requests accepted.',
      per((l) => l.requests),
    ),
  ];
}

function poolMetrics(status: Status): Metric[] {
  const per = (value: (pool: Status['pools'][number]) => number) =>
    status.pools.map((pool) => ({ labels: { pool: pool.name }, value: value(pool) }));
  return [
    metric(
      'sluice_pool_serving',
      'gauge',
      'Backends that can take a new request.',
      per((p) => p.serving),
    ),
    metric(
      'sluice_pool_unserved_total',
      'counter',
      'Requests answered without trying a backend since start.',
      per((p) => p.unserved),
    ),
  ];
}

function backendMetrics(status: Status): Metric[] {
  const per = (value: (backend: BackendStatus) => number | null) =>
    status.pools.flatMap((pool) =>
      pool.backends.flatMap((backend) => {
        const number = value(backend);
        return number === null ? [] : [{ labels: { pool: pool.name, backend: backend.name }, value: number }];
      }),
    );
  const quantiles = status.pools.flatMap((pool) =>
    pool.backends.flatMap((backend) =>
      (['p50', 'p95', 'p99'] as const).flatMap((quantile) => {
        const ms = backend.latencyMs[quantile];
        const labels = { pool: pool.name, backend: backend.name, quantile: `0.${quantile.slice(1)}` };
        return ms === null ? [] : [{ labels, value: ms / 1000 }];
      }),
    ),
  );
  return [
    metric(
      'sluice_backend_up',
      'gauge',
      'Whether health allows traffic.',
      per((b) => Number(healthUsable(b.health))),
    ),
    metric(
      'sluice_backend_enabled',
      'gauge',
      'Whether it is enabled.',
      per((b) => Number(b.admin === 'enabled')),
    ),
    metric(
      'sluice_backend_weight',
      'gauge',
      'Configured weight.',
      per((b) => b.weight),
    ),
    metric(
      'sluice_backend_target_share',
      'gauge',
      'Share it should get, 0 to 1.',
      per((b) => b.targetShare),
    ),
    metric(
      'sluice_backend_actual_share',
      'gauge',
      'Share it got over 60 s, 0 to 1.',
      per((b) => b.actualShare),
    ),
    metric(
      'sluice_backend_in_flight',
      'gauge',
      'Requests and tunnels under way.',
      per((b) => b.inFlight),
    ),
    metric(
      'sluice_backend_tunnels',
      'gauge',
      'Upgraded connections under way.',
      per((b) => b.tunnels),
    ),
    metric(
      'sluice_backend_requests_total',
      'counter',
      'Requests since start.',
      per((b) => b.requests),
    ),
    metric(
      'sluice_backend_errors_total',
      'counter',
      'Attempts without an answer since start.',
      per((b) => b.errors),
    ),
    metric(
      'sluice_backend_retries_total',
      'counter',
      'Attempts that were repeated on another backend since start.',
      per((b) => b.retries),
    ),
    metric(
      'sluice_backend_resends_total',
      'counter',
      'Requests sent once more to the same backend since start: a kept connection ended without an answer.',
      per((b) => b.resends),
    ),
    {
      name: 'sluice_backend_responses_total',
      type: 'counter',
      help: 'Answers since start, by the hundred of their status.',
      samples: status.pools.flatMap((pool) =>
        pool.backends.flatMap((backend) =>
          backend.responses.map((value, i) => ({
            labels: { pool: pool.name, backend: backend.name, code: `${i + 1}xx` },
            value,
          })),
        ),
      ),
    },
    metric(
      'sluice_backend_response_seconds',
      'summary',
      'Response times of answers that went well: quantiles over the last minute, sum and count since start.',
      [
        ...quantiles,
        ...per((b) => b.latencySumMs / 1000).map((sample): Sample => ({ ...sample, suffix: '_sum' })),
        ...per((b) => b.latencyCount).map((sample): Sample => ({ ...sample, suffix: '_count' })),
      ],
    ),
  ];
}

function metric(name: string, type: Metric['type'], help: string, samples: Sample[]): Metric {
  return { name, type, help, samples };
}

function render({ name, type, help, samples }: Metric): string {
  const lines = samples.map(({ labels, value, suffix = '' }) => {
    // Label values are names, which cannot hold a quote, backslash or line break.
    const pairs = Object.entries(labels).map(([key, label]) => `${key}="${label}"`);
    return `${name}${suffix}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${value}`;
  });
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines].join('\n');
}
