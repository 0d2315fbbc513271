// A set of backends that serve the same thing, and the rules for choosing among them.
import { z } from 'zod';
import { BackendConfig } from './backend.ts';
import { HealthCheckConfig } from './health-check.ts';
import { durationMs, Name } from './primitives.ts';

export const PolicyName = z.enum(['round-robin', 'weighted-round-robin', 'least-connections', 'random']);
export type PolicyName = z.infer<typeof PolicyName>;

export const PoolTimeouts = z.strictObject({
  connectMs: durationMs(1, 600_000).default(5000).meta({
    description: 'Opening a connection to a backend, ms. Exceeded: the next backend is tried, else 504.',
  }),
  responseHeaderMs: durationMs(1).default(30_000).meta({
    description: 'From the request being sent to the first response header, ms. Exceeded: 504.',
  }),
  idleMs: durationMs(1).default(300_000).meta({
    description: 'Longest silence while a body is being transferred, ms. Exceeded: the exchange is aborted.',
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
  timeouts: PoolTimeouts.prefault({}),
  keepAlive: PoolKeepAlive.prefault({}),
  backends: z.array(BackendConfig).max(5000, 'at most 5000 backends a pool').default([]),
});
export type PoolConfig = z.infer<typeof PoolConfig>;
