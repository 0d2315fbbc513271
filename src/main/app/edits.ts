// Small edits as functions Config → Config. Each names where its input landed, so that a problem found in the
// whole Config can be reported on the field the caller sent. Pure; called by edit-operations.ts. Validation
// and saving are configuration.ts's.
import type { BackendRef } from '#shared/backend-ref.ts';
import type { BackendConfig } from '#shared/config/backend.ts';
import type { Config } from '#shared/config/config.ts';
import type { ListenerConfig, RouteConfig } from '#shared/config/listener.ts';
import type { PoolConfig } from '#shared/config/pool.ts';
import { AppError } from '#shared/errors.ts';

/** Backends or pools that got a new name, so what is remembered under the old one can follow. */
export interface Rename {
  from: { pool: string; backend?: string };
  to: { pool: string; backend?: string };
}

/** Every backend of `config` that is called differently afterwards: of a renamed pool, all of them. */
export function renamedBackends(config: Config, { from, to }: Rename): BackendRename[] {
  const pool = config.pools.find((each) => each.name === from.pool);
  const renamed = pool?.backends.filter(({ name }) => from.backend === undefined || from.backend === name);
  return (renamed ?? []).map(({ name }) => ({
    from: { pool: from.pool, backend: name },
    to: { pool: to.pool, backend: to.backend ?? name },
  }));
}

export interface BackendRename {
  from: BackendRef;
  to: BackendRef;
}

export interface Edit {
  config: Config;
  /** `pools.2.backends.0` in the Config is `backend` in the caller's input. */
  landed?: { at: string; as: string };
  renames?: Rename[];
}

export type PoolSettings = Omit<PoolConfig, 'backends'>;

export function addListener(config: Config, listener: ListenerConfig): Edit {
  const listeners = [...config.listeners, listener];
  return {
    config: { ...config, listeners },
    landed: { at: `listeners.${listeners.length - 1}`, as: 'listener' },
  };
}

export function updateListener(config: Config, name: string, listener: ListenerConfig): Edit {
  const i = listenerIndex(config, name);
  return {
    config: { ...config, listeners: replaced(config.listeners, i, listener) },
    landed: { at: `listeners.${i}`, as: 'listener' },
  };
}

export function removeListener(config: Config, name: string): Edit {
  const i = listenerIndex(config, name);
  return { config: { ...config, listeners: removed(config.listeners, i) } };
}

export function addRoute(config: Config, listenerName: string, route: RouteConfig, index?: number): Edit {
  const l = listenerIndex(config, listenerName);
  const listener = at(config.listeners, l);
  const position = Math.min(index ?? listener.routes.length, listener.routes.length);
  const routes = [...listener.routes.slice(0, position), route, ...listener.routes.slice(position)];
  return {
    config: { ...config, listeners: replaced(config.listeners, l, { ...listener, routes }) },
    landed: { at: `listeners.${l}.routes.${position}`, as: 'route' },
  };
}

export function updateRoute(
  config: Config,
  listenerName: string,
  name: string,
  route: RouteConfig,
  index?: number,
): Edit {
  const l = listenerIndex(config, listenerName);
  const listener = at(config.listeners, l);
  const r = indexByName(listener.routes, name, `route of listener "${listenerName}"`);
  const others = removed(listener.routes, r);
  const position = Math.min(index ?? r, others.length);
  const routes = [...others.slice(0, position), route, ...others.slice(position)];
  return {
    config: { ...config, listeners: replaced(config.listeners, l, { ...listener, routes }) },
    landed: { at: `listeners.${l}.routes.${position}`, as: 'route' },
  };
}

export function removeRoute(config: Config, listenerName: string, name: string): Edit {
  const l = listenerIndex(config, listenerName);
  const listener = at(config.listeners, l);
  const r = indexByName(listener.routes, name, `route of listener "${listenerName}"`);
  const routes = removed(listener.routes, r);
  return { config: { ...config, listeners: replaced(config.listeners, l, { ...listener, routes }) } };
}

export function addPool(config: Config, pool: PoolConfig): Edit {
  const pools = [...config.pools, pool];
  return { config: { ...config, pools }, landed: { at: `pools.${pools.length - 1}`, as: 'pool' } };
}

/** Routes that used the old name follow the new one: a rename must not take a route out of service. */
export function updatePool(config: Config, name: string, settings: PoolSettings): Edit {
  const p = poolIndex(config, name);
  const pool = { ...settings, backends: at(config.pools, p).backends };
  const edit: Edit = {
    config: { ...config, pools: replaced(config.pools, p, pool) },
    landed: { at: `pools.${p}`, as: 'pool' },
  };
  if (settings.name === name) return edit;
  const listeners = config.listeners.map((listener) => ({
    ...listener,
    routes: listener.routes.map((route) => (route.pool === name ? { ...route, pool: settings.name } : route)),
  }));
  return {
    ...edit,
    config: { ...edit.config, listeners },
    renames: [{ from: { pool: name }, to: { pool: settings.name } }],
  };
}

export function removePool(config: Config, name: string): Edit {
  const p = poolIndex(config, name);
  const users = config.listeners.flatMap((listener) =>
    listener.routes.filter((route) => route.pool === name).map((route) => `${listener.name}/${route.name}`),
  );
  if (users.length > 0) {
    throw new AppError(
      'conflict',
      `pool "${name}" is used by ${users.length === 1 ? 'route' : 'routes'} ${users.join(', ')}; ` +
        'remove those or point them to another pool first',
    );
  }
  return { config: { ...config, pools: removed(config.pools, p) } };
}

export function addBackend(config: Config, poolName: string, backend: BackendConfig): Edit {
  const p = poolIndex(config, poolName);
  const pool = at(config.pools, p);
  const backends = [...pool.backends, backend];
  return {
    config: { ...config, pools: replaced(config.pools, p, { ...pool, backends }) },
    landed: { at: `pools.${p}.backends.${backends.length - 1}`, as: 'backend' },
  };
}

export function updateBackend(config: Config, poolName: string, name: string, backend: BackendConfig): Edit {
  const p = poolIndex(config, poolName);
  const pool = at(config.pools, p);
  const b = backendIndex(pool, name);
  const edit: Edit = {
    config: {
      ...config,
      pools: replaced(config.pools, p, { ...pool, backends: replaced(pool.backends, b, backend) }),
    },
    landed: { at: `pools.${p}.backends.${b}`, as: 'backend' },
  };
  if (backend.name === name) return edit;
  const from = { pool: poolName, backend: name };
  return { ...edit, renames: [{ from, to: { pool: poolName, backend: backend.name } }] };
}

export function removeBackend(config: Config, poolName: string, name: string): Edit {
  const p = poolIndex(config, poolName);
  const pool = at(config.pools, p);
  const backends = removed(pool.backends, backendIndex(pool, name));
  return { config: { ...config, pools: replaced(config.pools, p, { ...pool, backends }) } };
}

export function setWeight(config: Config, poolName: string, name: string, weight: number): Edit {
  const backend = findBackend(config, poolName, name);
  const edit = updateBackend(config, poolName, name, { ...backend, weight });
  return { config: edit.config };
}

/** Throws `not-found` naming what is missing and what there is. */
export function findBackend(config: Config, poolName: string, name: string): BackendConfig {
  const pool = at(config.pools, poolIndex(config, poolName));
  return at(pool.backends, backendIndex(pool, name));
}

function listenerIndex(config: Config, name: string): number {
  return indexByName(config.listeners, name, 'listener');
}

function poolIndex(config: Config, name: string): number {
  return indexByName(config.pools, name, 'pool');
}

function backendIndex(pool: PoolConfig, name: string): number {
  return indexByName(pool.backends, name, `backend of pool "${pool.name}"`);
}

function indexByName(items: readonly { name: string }[], name: string, noun: string): number {
  const index = items.findIndex((item) => item.name === name);
  if (index !== -1) return index;
  const known = items.slice(0, 8).map((item) => item.name);
  const hint = known.length === 0 ? 'there is none' : `there is ${known.join(', ')}`;
  throw new AppError('not-found', `no ${noun} is called "${name}"; ${hint}`);
}

function at<T>(items: readonly T[], index: number): T {
  return items[index] as T;
}

function replaced<T>(items: readonly T[], index: number, item: T): T[] {
  return items.map((old, i) => (i === index ? item : old));
}

function removed<T>(items: readonly T[], index: number): T[] {
  return items.filter((_, i) => i !== index);
}
