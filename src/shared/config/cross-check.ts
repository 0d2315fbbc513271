// Rules that hold between the parts of a Config: names unique in their scope, references that
// resolve, listeners that do not fight for a port. Pure; returns every violation with its path.
import type { Issue } from '../errors.ts';
import type { Outline } from './outline.ts';
import { formatAddress } from './primitives.ts';

export function crossCheck(config: Outline): Issue[] {
  return [
    ...duplicateNames(config.listeners, 'listeners', 'listener'),
    ...config.listeners.flatMap((listener, i) =>
      duplicateNames(listener.routes, `listeners.${i}.routes`, 'route'),
    ),
    ...duplicateNames(config.pools, 'pools', 'pool'),
    ...config.pools.flatMap((pool, i) => duplicateNames(pool.backends, `pools.${i}.backends`, 'backend')),
    ...danglingRoutes(config),
    ...clashingListeners(config),
    ...slowTimeouts(config),
  ];
}

function duplicateNames(items: readonly { name: string | undefined }[], path: string, noun: string): Issue[] {
  const first = new Map<string, number>();
  const issues: Issue[] = [];
  items.forEach((item, i) => {
    if (item.name === undefined) return;
    const earlier = first.get(item.name);
    if (earlier === undefined) first.set(item.name, i);
    else {
      issues.push({
        path: `${path}.${i}.name`,
        code: 'duplicate-name',
        message: `another ${noun} is already called "${item.name}"; choose another name`,
      });
    }
  });
  return issues;
}

function danglingRoutes(config: Outline): Issue[] {
  const pools = new Set(config.pools.flatMap((pool) => pool.name ?? []));
  return config.listeners.flatMap((listener, l) =>
    listener.routes.flatMap((route, r): Issue[] =>
      route.pool === undefined || pools.has(route.pool)
        ? []
        : [
            {
              path: `listeners.${l}.routes.${r}.pool`,
              code: 'unknown-pool',
              message: `there is no pool called "${route.pool}"; ${knownPools(pools)}`,
            },
          ],
    ),
  );
}

function knownPools(pools: ReadonlySet<string>): string {
  return pools.size === 0 ? 'add it under pools' : `use one of ${[...pools].slice(0, 8).join(', ')}`;
}

const ANY_HOST: ReadonlySet<string> = new Set(['0.0.0.0', '::']);

function clashingListeners(config: Outline): Issue[] {
  const issues: Issue[] = [];
  config.listeners.forEach((listener, i) => {
    if (listener.port === undefined || listener.port === 0) return;
    const earlier = config.listeners.findIndex(
      (other, j) =>
        j < i &&
        other.port === listener.port &&
        (other.host === listener.host || ANY_HOST.has(other.host) || ANY_HOST.has(listener.host)),
    );
    if (earlier === -1) return;
    issues.push({
      path: `listeners.${i}.port`,
      code: 'port-clash',
      message:
        `listener "${config.listeners[earlier]?.name}" already uses ` +
        `${formatAddress(listener.host, listener.port)}; choose another port`,
    });
  });
  return issues;
}

function slowTimeouts(config: Outline): Issue[] {
  return config.pools.flatMap((pool, i): Issue[] => {
    const { check } = pool;
    if (!check || check.timeoutMs <= check.intervalMs) return [];
    return [
      {
        path: `pools.${i}.healthCheck.timeoutMs`,
        code: 'timeout-exceeds-interval',
        message: `must not exceed intervalMs (${check.intervalMs}); probes of one backend never overlap`,
      },
    ];
  });
}
