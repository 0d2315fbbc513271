// A set of backends that serve the same thing, and the rules for choosing among them.
import { z } from 'zod';
import { BackendConfig } from './backend.ts';
import { HealthCheckConfig } from './health-check.ts';
import { durationMs, Name } from './primitives.ts';
import { PoolTls } from './tls.ts';

export const PolicyName = z.enum(['round-robin', 'weighted-round-robin', 'least-connections', 'random']);
export type PolicyName = z.infer<typeof PolicyName>;

export const PoolTimeouts = z.strictObject({
  connectMs: durationMs(1, 600_000).default(5000).meta({
    description: 'Opening a connection to a backend, ms. Exceeded: the next backend is tried, else 504.',
  }),
  responseHeaderMs: durationMs(1)
    .default(30_000)
    .meta({
      description:
        'From the request being sent to the first response header, ms. Exceeded: an idempotent request is tried ' +
        'on another backend; if that cannot be, and for any other request, 504.',
    }),
  idleMs: durationMs(1).default(300_000).meta({
    description:
      'Longest silence while a body is being transferred, ms. Exceeded: 504; an answer that has begun breaks off.',
  }),
  tunnelIdleMs: durationMs(1).default(3_600_000).meta({
    description: 'Longest silence on an upgraded connection such as a WebSocket, ms. Exceeded: it is closed.',
  }),
});
export type PoolTimeouts = z.infer<typeof PoolTimeouts>;

export const PoolKeepAlive = z.strictObject({
  maxIdle: z.int().min(0).max(10_000).default(64).meta({
    description: 'Idle connections kept open per backend; 0 opens a new one for every request.',
  }),
  idleMs: durationMs(1).default(30_000).meta({
    description: 'An idle connection is closed after this long, ms. Keep it below the backends’ own limit.',
  }),
});
export type PoolKeepAlive = z.infer<typeof PoolKeepAlive>;

export const PoolRetries = z.strictObject({
  attempts: z.int().min(1).max(8).default(3).meta({
    description: 'Backends tried for one request at most, each once; 1 never retries.',
  }),
  deadlineMs: durationMs(1).default(60_000).meta({
    description:
      'From the arrival of a request to the first byte of its response, all attempts together, ms; without the time in which its body is on its way. Exceeded, also by a backend that stops taking the body: 504.',
  }),
  bodyBytes: z.int().min(0).max(16_777_216).default(65_536).meta({
    description:
      'A request body of up to so many bytes, chunk sizes included, is kept so that it can be sent again; a larger one is not retried once sent.',
  }),
  statuses: z.array(z.int().min(400).max(599)).max(20).default([]).meta({
    description:
      'Answers that make an idempotent request go to another backend, for example 502, 503. The last one counts.',
  }),
  budgetPct: z.number().min(0).max(100).default(20).meta({
    description:
      'Retries under way at most, in percent of the pool’s requests under way; connects that failed are not counted.',
  }),
  budgetMin: z.int().min(0).max(10_000).default(3).meta({ description: 'Retries always allowed at a time.' }),
});
export type PoolRetries = z.infer<typeof PoolRetries>;

export const PoolQueue = z.strictObject({
  max: z.int().min(0).max(100_000).default(1000).meta({
    description: 'Requests that wait while every backend has as many under way as it may. More: 503 at once.',
  }),
  timeoutMs: durationMs(1, 600_000).default(10_000).meta({
    description: 'Longest wait, ms. Exceeded: 503; 504 if the deadline of the request comes first.',
  }),
});
export type PoolQueue = z.infer<typeof PoolQueue>;

export const PoolConfig = z.strictObject({
  name: Name,
  policy: PolicyName.default('round-robin').meta({
    description:
      'round-robin: in turn, weights ignored. weighted-round-robin: smooth sequence by weight. ' +
      'least-connections: fewest requests in flight per weight. random: by chance, by weight.',
  }),
  healthCheck: HealthCheckConfig.optional().meta({
    description: 'How backends are probed. Without it backends are "unchecked" and always considered usable.',
  }),
  firstCheck: z.enum(['probe-first', 'optimistic']).default('probe-first').meta({
    description:
      'probe-first: a new backend gets traffic after its first successful probe. optimistic: at once.',
  }),
  whenAllDown: z.enum(['reject', 'forward']).default('reject').meta({
    description: 'With every backend down. reject: 503 at once. forward: ignore health and try them all.',
  }),
  protocol: z.enum(['http1', 'http2']).default('http1').meta({
    description:
      'What backends speak. http2: over TLS by ALPN, in clear text with prior knowledge; gRPC needs it.',
  }),
  tls: PoolTls.optional().meta({ description: 'Connect to backends over TLS. Default: in clear text.' }),
  maxInFlight: z.int().min(0).max(1_000_000).default(0).meta({
    description:
      'Requests under way at a time per backend; 0: no limit. At the limit requests wait in the queue.',
  }),
  queue: PoolQueue.prefault({}).meta({
    description: 'Where requests wait while every backend is at maxInFlight.',
  }),
  retries: PoolRetries.prefault({}).meta({
    description: 'When a request that failed at one backend goes to another, and how often.',
  }),
  drainMs: durationMs(0).default(30_000).meta({
    description: 'What a draining backend still has after this long is closed, ms; 0: it may take forever.',
  }),
  timeouts: PoolTimeouts.prefault({}).meta({ description: 'How long a backend may take, each in ms.' }),
  keepAlive: PoolKeepAlive.prefault({}).meta({
    description: 'Idle connections to backends, kept for the next request.',
  }),
  backends: z
    .array(BackendConfig)
    .max(5000, 'at most 5000 backends a pool')
    .default([])
    .meta({ description: 'The servers requests are shared among.' }),
});
export type PoolConfig = z.infer<typeof PoolConfig>;
