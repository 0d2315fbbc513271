// Config → Plan: addresses split, hosts in the form requests are matched in, a counter row for every
// listener, pool and backend, admin intent and health filled in from outside. Pure apart from the slot
// table, which hands rows to new names. Called by the core for every revision and every drain.
import type { AdminState, BackendConfig } from '#shared/config/backend.ts';
import type { Config } from '#shared/config/config.ts';
import type { ListenerConfig, RouteConfig } from '#shared/config/listener.ts';
import type { PoolConfig } from '#shared/config/pool.ts';
import { parseAddress } from '#shared/config/primitives.ts';
import type {
  BackendPlan,
  ListenerPlan,
  ListenerTlsPlan,
  Plan,
  PoolPlan,
  PoolTlsPlan,
  RoutePlan,
} from './plan.ts';
import type { SlotTable } from './slots.ts';

export interface CompileInputs {
  /** Tells this Sluice from another in a chain of them, within a Via pseudonym. */
  instance: string;
  revision: number;
  slots: Pick<SlotTable, 'listenerSlot' | 'poolSlot' | 'backendSlot'>;
  /** Admin state in force: the Config's, or what someone decided at run time. */
  adminOf(pool: string, backend: BackendConfig): AdminState;
  /** When a draining backend began to drain, ms since the epoch. */
  drainingSince(pool: string, backend: string): number;
  /** Certificates and keys of a listener, read; or a sentence saying why they cannot be. */
  listenerTls(listener: ListenerConfig): Material<ListenerTlsPlan>;
  poolTls(pool: PoolConfig): Material<PoolTlsPlan>;
  /** Whether health allows traffic now. */
  usableOf(pool: string, backend: string): boolean;
}

/** What the core read from files; `fault` is a sentence that names the file and the fix. */
export type Material<T> = { ok: true; value: T } | { ok: false; fault: string };

/** `config` must have passed parseConfig. */
export function compilePlan(config: Config, inputs: CompileInputs): Plan {
  return {
    revision: inputs.revision,
    listeners: config.listeners.map((listener) => compileListener(listener, inputs)),
    pools: config.pools.map((pool) => compilePool(pool, inputs)),
  };
}

function compileListener(
  listener: ListenerConfig,
  { instance, slots, listenerTls }: CompileInputs,
): ListenerPlan {
  const tls = listener.protocol === 'https' ? listenerTls(listener) : undefined;
  return {
    fault: tls?.ok === false ? tls.fault : '',
    tls: tls?.ok === true ? tls.value : null,
    redirectPort: listener.redirectToHttps?.port ?? 0,
    trustedProxies: listener.trustedProxies,
    forwarded: listener.forwarded,
    via: listener.via ? `sluice-${listener.name}-${instance}` : '',
    name: listener.name,
    slot: slots.listenerSlot(listener.name),
    host: listener.host,
    port: listener.port,
    timeouts: listener.timeouts,
    limits: listener.limits,
    routes: listener.routes.map(compileRoute),
  };
}

function compileRoute({ name, match, pool }: RouteConfig): RoutePlan {
  return { name, host: match.host?.toLowerCase(), pathPrefix: match.pathPrefix, pool };
}

function compilePool(pool: PoolConfig, inputs: CompileInputs): PoolPlan {
  const tls = pool.tls === undefined ? undefined : inputs.poolTls(pool);
  return {
    protocol: pool.protocol,
    tls: tls?.ok === true ? tls.value : null,
    fault: tls?.ok === false ? tls.fault : '',
    maxInFlight: pool.maxInFlight,
    queue: pool.queue,
    retries: pool.retries,
    drainMs: pool.drainMs,
    name: pool.name,
    slot: inputs.slots.poolSlot(pool.name),
    policy: pool.policy,
    forwardWhenAllDown: pool.whenAllDown === 'forward',
    timeouts: pool.timeouts,
    keepAlive: pool.keepAlive,
    backends: pool.backends.map((backend) => compileBackend(pool.name, backend, inputs)),
  };
}

function compileBackend(pool: string, backend: BackendConfig, inputs: CompileInputs): BackendPlan {
  const address = parseAddress(backend.address);
  if (!address) throw new Error(`address of ${pool}/${backend.name} was not validated: ${backend.address}`);
  const admin = inputs.adminOf(pool, backend);
  return {
    name: backend.name,
    slot: inputs.slots.backendSlot(pool, backend.name),
    host: address.host,
    port: address.port,
    weight: backend.weight,
    admin,
    drainingSince: admin === 'draining' ? inputs.drainingSince(pool, backend.name) : 0,
    role: backend.role,
    usable: inputs.usableOf(pool, backend.name),
  };
}
