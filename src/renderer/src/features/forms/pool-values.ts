// What the pool form holds, and its way from and to PoolConfig. A new pool may come with its first
// backends; an existing pool's backends are not touched by this form. Pure.
import { issuesBetween } from '#shared/config/config.ts';
import { type PolicyName, PoolConfig } from '#shared/config/pool.ts';
import { PoolTls } from '#shared/config/tls.ts';
import type { FieldError } from './field-errors.ts';
import { formSchema, numberFrom, textFrom, wordsFrom } from './form-schema.ts';
import { type HealthCheckValues, healthCheckInput, healthCheckValues } from './health-check-values.ts';
import { placeIssues } from './issues.ts';
import { numbersFrom, type Texts, textsOf } from './number-texts.ts';

export type PoolSettings = Omit<PoolConfig, 'backends'>;
export const PoolSettings = PoolConfig.omit({ backends: true });

export interface PoolValues {
  name: string;
  policy: PolicyName;
  firstCheck: PoolConfig['firstCheck'];
  whenAllDown: PoolConfig['whenAllDown'];
  healthCheck: HealthCheckValues;
  /** Fields are kept while clear text is tried. */
  tls: { on: boolean; verify: boolean; serverName: string; caFile: string };
  maxInFlight: string;
  queue: Texts<PoolConfig['queue']>;
  /** `statuses` separated by commas or spaces. */
  retries: Texts<PoolConfig['retries']>;
  drainMs: string;
  timeouts: Texts<PoolConfig['timeouts']>;
  keepAlive: Texts<PoolConfig['keepAlive']>;
}

/** A new pool is checked over TCP: it works for every server, while a path would be a guess. */
export function newPoolValues(name: string): PoolValues {
  return poolValues(PoolConfig.parse({ name, healthCheck: { type: 'tcp' } }));
}

export function poolValues(pool: PoolSettings): PoolValues {
  const { statuses, ...retries } = pool.retries;
  const tls = pool.tls ?? PoolTls.parse({});
  return {
    name: pool.name,
    policy: pool.policy,
    firstCheck: pool.firstCheck,
    whenAllDown: pool.whenAllDown,
    healthCheck: healthCheckValues(pool.healthCheck),
    tls: {
      on: pool.tls !== undefined,
      verify: tls.verify,
      serverName: tls.serverName ?? '',
      caFile: tls.caFile ?? '',
    },
    maxInFlight: String(pool.maxInFlight),
    queue: textsOf(pool.queue),
    retries: { ...textsOf(retries), statuses: statuses.join(', ') },
    drainMs: String(pool.drainMs),
    timeouts: textsOf(pool.timeouts),
    keepAlive: textsOf(pool.keepAlive),
  };
}

/** `original`: what is being edited; none for a new one. */
export function poolFormSchema(original?: PoolSettings) {
  return formSchema(poolInput, PoolSettings, original);
}

/** What does not fit together within the pool. */
export function poolMisfits(values: PoolValues): FieldError[] {
  return placeIssues(issuesBetween({ pools: [poolInput(values)] }), 'pool', values).fields;
}

function poolInput(values: PoolValues): unknown {
  const { statuses, ...retries } = values.retries;
  return {
    name: values.name.trim(),
    policy: values.policy,
    healthCheck: healthCheckInput(values.healthCheck),
    firstCheck: values.firstCheck,
    whenAllDown: values.whenAllDown,
    tls: tlsInput(values.tls),
    maxInFlight: numberFrom(values.maxInFlight),
    queue: numbersFrom(values.queue),
    retries: { ...numbersFrom(retries), statuses: wordsFrom(statuses)?.map(numberFrom) },
    drainMs: numberFrom(values.drainMs),
    timeouts: numbersFrom(values.timeouts),
    keepAlive: numbersFrom(values.keepAlive),
  };
}

function tlsInput({ on, verify, serverName, caFile }: PoolValues['tls']): unknown {
  return on ? { verify, serverName: textFrom(serverName), caFile: textFrom(caFile) } : undefined;
}
