// Joins the health monitor to the rest: Config → targets, results → store, changed usability →
// engine, transitions → events. Knows nothing of traffic.
import { type BackendRef, backendKey, splitBackendKey } from '#shared/backend-ref.ts';
import type { Config } from '#shared/config/config.ts';
import { parseAddress } from '#shared/config/primitives.ts';
import type { Transition } from '#shared/history.ts';
import { type CheckResult, type HealthProgress, type HealthState, healthUsable } from '#shared/status.ts';
import type { CompileInputs } from '../engine/compile.ts';
import { createMonitor } from '../health/monitor.ts';
import type { MonitorClock } from '../health/run-probe.ts';
import type { HealthTarget } from '../health/target.ts';

export interface BackendHealth {
  state: HealthState;
  progress: HealthProgress | null;
  /** When the health state was entered, ms since the epoch. */
  since: number;
  lastCheck: CheckResult | null;
  /** Code and detail of the newest failed probe; empty while up. */
  cause: string;
}

export interface HealthLink {
  /** Probes what this Config names; what did not change keeps its opinion and its schedule. */
  apply(config: Config): void;
  /** What is known of a backend is known of it under its new name. Before the apply() that has it. */
  rename(from: BackendRef, to: BackendRef): void;
  usable(pool: string, backend: string): boolean;
  of(pool: string, backend: string): BackendHealth;
  /** Every backend has had its first verdict, or `maxMs` have passed. */
  settled(maxMs: number): Promise<void>;
  stop(): Promise<void>;
}

export interface CheckedBackend extends BackendRef {
  result: CheckResult;
}

export interface HealthLinkOptions {
  clock: MonitorClock;
  random(): number;
  /** What probes of a pool with TLS go by: what its traffic goes by. */
  poolTls: CompileInputs['poolTls'];
  onResult(checked: CheckedBackend): void;
  onTransition(transition: Transition): void;
  /** Whether probes allow traffic has changed. */
  onUsable(pool: string, backend: string, usable: boolean): void;
}

const UNKNOWN: BackendHealth = { state: 'unchecked', progress: null, since: 0, lastCheck: null, cause: '' };

export function createHealthLink(options: HealthLinkOptions): HealthLink {
  const causes = new Map<string, string>();
  let keys: ReadonlySet<string> = new Set();
  let onVerdict: (() => void) | undefined;
  const monitor = createMonitor({
    clock: options.clock,
    random: options.random,
    onResult(key, result) {
      if (!result.ok) causes.set(key, describeFailure(result));
      options.onResult({ ...splitBackendKey(key), result });
    },
    onTransition({ key, at, from, to, check }) {
      const { pool, backend } = splitBackendKey(key);
      if (to === 'up' || to === 'unchecked' || to === 'checking') causes.delete(key);
      options.onTransition({ at, pool, backend, from, to, check });
      if (healthUsable(from) !== healthUsable(to)) options.onUsable(pool, backend, healthUsable(to));
      onVerdict?.();
    },
  });

  return {
    apply(config) {
      const targets = targetsOf(config, options.poolTls);
      keys = new Set(targets.map((target) => target.key));
      for (const key of causes.keys()) if (!keys.has(key)) causes.delete(key);
      monitor.apply(targets);
    },
    rename(from, to) {
      const [key, newKey] = [backendKey(from.pool, from.backend), backendKey(to.pool, to.backend)];
      monitor.rename(key, newKey);
      const cause = causes.get(key);
      if (cause === undefined) return;
      causes.delete(key);
      causes.set(newKey, cause);
    },
    usable(pool, backend) {
      const health = monitor.health(backendKey(pool, backend));
      return health === undefined || healthUsable(health.state);
    },
    of(pool, backend) {
      const key = backendKey(pool, backend);
      const health = monitor.health(key);
      return health ? { ...health, cause: causes.get(key) ?? '' } : UNKNOWN;
    },
    settled(maxMs) {
      const isSettled = () => [...keys].every((key) => monitor.health(key)?.state !== 'checking');
      if (isSettled()) return Promise.resolve();
      return new Promise((resolve) => {
        const done = () => {
          onVerdict = undefined;
          options.clock.clearTimeout(timer);
          resolve();
        };
        const timer = options.clock.setTimeout(done, maxMs);
        onVerdict = () => isSettled() && done();
      });
    },
    stop: () => monitor.stop(),
  };
}

function targetsOf(config: Config, poolTls: CompileInputs['poolTls']): HealthTarget[] {
  return config.pools.flatMap((pool) => {
    const tls = pool.tls === undefined ? undefined : poolTls(pool);
    return pool.backends.flatMap((backend): HealthTarget[] => {
      const address = parseAddress(backend.address);
      if (!address) return [];
      return [
        {
          key: backendKey(pool.name, backend.name),
          ...address,
          protocol: pool.protocol,
          tls: tls?.ok === true ? tls.value : null,
          fault: tls?.ok === false ? tls.fault : '',
          check: pool.healthCheck ?? null,
          optimistic: pool.firstCheck === 'optimistic',
        },
      ];
    });
  });
}

function describeFailure(result: CheckResult): string {
  return result.detail === '' ? result.code : `${result.code}: ${result.detail}`;
}
