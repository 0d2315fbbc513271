// What the pool form holds, and its way from and to PoolConfig. A new pool may come with its first
// backends; an existing pool's backends are not touched by this form. Pure.
import { type PolicyName, PoolConfig } from '#shared/config/pool.ts';
import { formSchema, numberFrom } from './form-schema.ts';
import { type HealthCheckValues, healthCheckInput, healthCheckValues } from './health-check-values.ts';

export type PoolSettings = Omit<PoolConfig, 'backends'>;
export const PoolSettings = PoolConfig.omit({ backends: true });

export interface PoolValues {
  name: string;
  policy: PolicyName;
  firstCheck: PoolConfig['firstCheck'];
  whenAllDown: PoolConfig['whenAllDown'];
  healthCheck: HealthCheckValues;
  timeouts: Record<keyof PoolConfig['timeouts'], string>;
  keepAlive: Record<keyof PoolConfig['keepAlive'], string>;
}

/** A new pool is checked over TCP: it works for every server, while a path would be a guess. */
export function newPoolValues(name: string): PoolValues {
  return poolValues(PoolConfig.parse({ name, healthCheck: { type: 'tcp' } }));
}

export function poolValues(pool: PoolSettings): PoolValues {
  return {
    name: pool.name,
    policy: pool.policy,
    firstCheck: pool.firstCheck,
    whenAllDown: pool.whenAllDown,
    healthCheck: healthCheckValues(pool.healthCheck),
    timeouts: {
      connectMs: String(pool.timeouts.connectMs),
      responseHeaderMs: String(pool.timeouts.responseHeaderMs),
      idleMs: String(pool.timeouts.idleMs),
      tunnelIdleMs: String(pool.timeouts.tunnelIdleMs),
    },
    keepAlive: { maxIdle: String(pool.keepAlive.maxIdle), idleMs: String(pool.keepAlive.idleMs) },
  };
}

/** `original`: what is being edited; none for a new one. */
export function poolFormSchema(original?: PoolSettings) {
  return formSchema(
    (values: PoolValues) => ({
      name: values.name.trim(),
      policy: values.policy,
      healthCheck: healthCheckInput(values.healthCheck),
      firstCheck: values.firstCheck,
      whenAllDown: values.whenAllDown,
      timeouts: {
        connectMs: numberFrom(values.timeouts.connectMs),
        responseHeaderMs: numberFrom(values.timeouts.responseHeaderMs),
        idleMs: numberFrom(values.timeouts.idleMs),
        tunnelIdleMs: numberFrom(values.timeouts.tunnelIdleMs),
      },
      keepAlive: {
        maxIdle: numberFrom(values.keepAlive.maxIdle),
        idleMs: numberFrom(values.keepAlive.idleMs),
      },
    }),
    PoolSettings,
    original,
  );
}
