// Config → Plan: addresses split, hosts in the form requests are matched in, a counter row for every
// listener and backend, admin intent and health filled in from outside. Pure apart from the slot
// table, which hands rows to new names. Called by the core for every revision and every drain.
import type { AdminState, BackendConfig } from '#shared/config/backend.ts';
import type { Config } from '#shared/config/config.ts';
import type { ListenerConfig, RouteConfig } from '#shared/config/listener.ts';
import type { PoolConfig } from '#shared/config/pool.ts';
import { parseAddress } from '#shared/config/primitives.ts';
import type { BackendPlan, ListenerPlan, Plan, PoolPlan, RoutePlan } from './plan.ts';
import type { SlotTable } from './slots.ts';

export interface CompileInputs {
  revision: number;
  slots: Pick<SlotTable, 'listenerSlot' | 'backendSlot'>;
  /** Admin state in force: the Config's, or what someone decided at run time. */
  adminOf(pool: string, backend: BackendConfig): AdminState;
  /** Whether health allows traffic now. */
  usableOf(pool: string, backend: string): boolean;
}

/** `config` must have passed parseConfig. */
export function compilePlan(config: Config, inputs: CompileInputs): Plan {
  return {
    revision: inputs.revision,
    listeners: config.listeners.map((listener) => compileListener(listener, inputs)),
    pools: config.pools.map((pool) => compilePool(pool, inputs)),
  };
}

function compileListener(listener: ListenerConfig, { slots }: CompileInputs): ListenerPlan {
  return {
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
  return {
    name: pool.name,
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
  return {
    name: backend.name,
    slot: inputs.slots.backendSlot(pool, backend.name),
    host: address.host,
    port: address.port,
    weight: backend.weight,
    admin: inputs.adminOf(pool, backend),
    role: backend.role,
    usable: inputs.usableOf(pool, backend.name),
  };
}
