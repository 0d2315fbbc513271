// What removing something does, in sentences, and the Config without it. Pure; called by the
// confirm-remove dialog.
import type { Config } from '#shared/config/config.ts';
import { healthUsable, type PoolStatus } from '#shared/status.ts';
import { plural } from '../../lib/format.ts';
import type { RemoveTarget } from '../../live/dialogs.ts';

export interface RemovalFacts {
  title: string;
  /** What was done, once it is: the label of the undo. */
  what: string;
  consequences: string[];
  /** Routes that lead to a pool about to go; they must go with it. */
  routes: { listener: string; route: string }[];
}

/** `pools`: what is known now; the Config alone does not say who gets requests. */
export function removalFacts(
  target: RemoveTarget,
  config: Config,
  pools: readonly PoolStatus[] = [],
): RemovalFacts {
  switch (target.type) {
    case 'backends':
      return backendLoss(
        target.pool,
        target.backends,
        config,
        pools.find(({ name }) => name === target.pool),
      );
    case 'pool':
      return poolLoss(target.pool, config);
    case 'listener':
      return listenerLoss(target.listener, config);
    case 'route':
      return routeLoss(target.listener, target.route, config);
  }
}

function backendLoss(
  poolName: string,
  removed: readonly string[],
  config: Config,
  status: PoolStatus | undefined,
): RemovalFacts {
  const backends = config.pools.find((pool) => pool.name === poolName)?.backends ?? [];
  const left = backends.filter(({ name, state }) => !removed.includes(name) && state === 'enabled');
  const one = removed.length === 1;
  return {
    title: one ? `Remove ${removed[0]}?` : `Remove ${removed.length} backends of ${poolName}?`,
    what: one
      ? `Removed ${removed[0]} from ${poolName}`
      : `Removed ${removed.length} backends from ${poolName}`,
    consequences: [
      ...(one ? [] : [`${names(removed)}.`]),
      `Requests in flight finish; new ones stop going to ${one ? 'it' : 'them'} at once.`,
      left.length === 0
        ? `Pool ${poolName} is left without an enabled backend: its requests will be answered with 503.`
        : shareSentence(
            poolName,
            removed,
            left.map(({ name }) => name),
            status,
          ),
    ],
    routes: [],
  };
}

function shareSentence(
  pool: string,
  removed: readonly string[],
  left: readonly string[],
  status: PoolStatus | undefined,
): string {
  const one = removed.length === 1;
  const whose = one ? 'Its' : 'Their';
  if (status === undefined) return `${whose} share goes to ${names(left)}.`;
  if (!status.backends.some(({ name, targetShare }) => removed.includes(name) && targetShare > 0)) {
    return `${one ? 'It gets' : 'They get'} no new requests now, so the split stays as it is.`;
  }
  const stay = status.backends.filter(({ name }) => !removed.includes(name));
  const serving = stay.filter(({ targetShare }) => targetShare > 0);
  // Backups have no share until no primary is left.
  const next =
    serving.length > 0
      ? serving
      : stay.filter(({ role, admin, health }) => {
          return role === 'backup' && admin === 'enabled' && healthUsable(health);
        });
  return next.length > 0
    ? `${whose} share goes to ${names(next.map(({ name }) => name))}.`
    : `No other backend of ${pool} can take requests now: until one can, they are answered with 503.`;
}

function poolLoss(poolName: string, config: Config): RemovalFacts {
  const routes = config.listeners.flatMap((listener) =>
    listener.routes
      .filter((route) => route.pool === poolName)
      .map((route) => ({ listener: listener.name, route: route.name })),
  );
  const backends = config.pools.find((pool) => pool.name === poolName)?.backends.length ?? 0;
  const consequences = [
    backends > 0
      ? `Its ${plural(backends, 'backend')} and their health checks go with it. Requests in flight finish.`
      : 'It has no backends.',
  ];
  if (routes.length > 0) {
    const which = names(routes.map(({ listener, route }) => `${listener}/${route}`));
    consequences.push(
      `The ${routes.length === 1 ? 'route' : `${routes.length} routes`} that ${routes.length === 1 ? 'uses' : 'use'} it ` +
        `(${which}) ${routes.length === 1 ? 'is' : 'are'} removed too; a request no other route matches gets 404.`,
    );
  }
  return { title: `Remove pool ${poolName}?`, what: `Removed pool ${poolName}`, consequences, routes };
}

function listenerLoss(name: string, config: Config): RemovalFacts {
  const listener = config.listeners.find((candidate) => candidate.name === name);
  const routes = listener?.routes.length ?? 0;
  return {
    title: `Remove listener ${name}?`,
    what: `Removed listener ${name}`,
    consequences: [
      `Port ${listener?.port === 0 ? 'chosen by the system' : (listener?.port ?? 'unknown')} stops accepting connections; ` +
        'requests in flight finish.',
      routes > 0
        ? `Its ${plural(routes, 'route')} ${routes === 1 ? 'goes' : 'go'} with it; the pools stay.`
        : 'It has no routes.',
    ],
    routes: [],
  };
}

function routeLoss(listener: string, name: string, config: Config): RemovalFacts {
  const routes = config.listeners.find((candidate) => candidate.name === listener)?.routes ?? [];
  const index = routes.findIndex((route) => route.name === name);
  const after = routes.length - 1 - index;
  return {
    title: `Remove route ${name}?`,
    what: `Removed route ${name} of ${listener}`,
    consequences: [
      routes.length === 1
        ? `Listener ${listener} is left without a route: every request to it gets 404.`
        : after > 0
          ? 'Requests it matched are tried against the routes after it; without a match they get 404.'
          : 'No route comes after it: requests it matched get 404.',
      `Pool ${routes[index]?.pool ?? ''} stays.`,
    ],
    routes: [],
  };
}

/** The Config without the pool and the routes that lead to it: one revision, so one undo. */
export function withoutPool(config: Config, poolName: string): Config {
  return {
    ...config,
    listeners: config.listeners.map((listener) => ({
      ...listener,
      routes: listener.routes.filter((route) => route.pool !== poolName),
    })),
    pools: config.pools.filter((pool) => pool.name !== poolName),
  };
}

/** The Config without some backends of a pool. */
export function withoutBackends(config: Config, poolName: string, removed: readonly string[]): Config {
  return {
    ...config,
    pools: config.pools.map((pool) =>
      pool.name === poolName
        ? { ...pool, backends: pool.backends.filter(({ name }) => !removed.includes(name)) }
        : pool,
    ),
  };
}

const MOST_NAMES = 4;

function names(list: readonly string[]): string {
  if (list.length <= MOST_NAMES) return list.join(', ');
  return `${list.slice(0, MOST_NAMES).join(', ')} and ${list.length - MOST_NAMES} more`;
}
