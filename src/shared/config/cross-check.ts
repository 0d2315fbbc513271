// Rules that hold between the parts of a Config: names unique in their scope, references that
// resolve, listeners that do not fight for a port; and what became stricter in a part. A rule added later
// belongs here, not in a schema: what was saved before it must go on to start (parseSaved). Pure; returns
// every violation with its path.
import type { Issue } from '../errors.ts';
import { networkFault } from './network.ts';
import type { ListenerOutline, Outline } from './outline.ts';
import { Cidr, formatAddress, isHost, parseAddress } from './primitives.ts';
import { serverNameFault } from './server-name.ts';

export function crossCheck(config: Outline): Issue[] {
  return [
    ...duplicateNames(config.listeners, 'listeners', 'listener'),
    ...config.listeners.flatMap((listener, i) =>
      duplicateNames(listener.routes, `listeners.${i}.routes`, 'route'),
    ),
    ...duplicateNames(config.pools, 'pools', 'pool'),
    ...config.pools.flatMap((pool, i) => duplicateNames(pool.backends, `pools.${i}.backends`, 'backend')),
    ...danglingRoutes(config),
    ...unmatchablePaths(config),
    ...clashingListeners(config),
    ...selfPointers(config),
    ...slowTimeouts(config),
    ...reversedRanges(config),
    ...misplacedTls(config),
    ...unusableHosts(config),
    ...unusableNetworks(config),
    ...unusableServerNames(config),
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

/** Only the path of a request is compared: a query is no part of it, and no client sends a fragment. */
function unmatchablePaths(config: Outline): Issue[] {
  return config.listeners.flatMap((listener, l) =>
    listener.routes.flatMap((route, r): Issue[] => {
      const end = route.path?.search(/[?#]/) ?? -1;
      const character = route.path?.[end];
      if (character === undefined) return [];
      const reason =
        character === '?' ? 'routes look at the path, not the query' : 'no request has it in its path';
      return [
        {
          path: `listeners.${l}.routes.${r}.match.pathPrefix`,
          code: 'unmatchable-path',
          message: `must not hold "${character}": ${reason}; use ${route.path?.slice(0, end)}`,
        },
      ];
    }),
  );
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

const THIS_MACHINE: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '::1', ...ANY_HOST]);

/** Each request to such a backend would come back as another one, until all connections are used up. */
function selfPointers(config: Outline): Issue[] {
  return config.pools.flatMap((pool, p) => {
    const sources = config.listeners.filter(
      (listener) => pool.name !== undefined && listener.routes.some((route) => route.pool === pool.name),
    );
    return pool.backends.flatMap((backend, b): Issue[] => {
      const itself = sources.find((listener) => isAddressOf(listener, backend.address ?? ''));
      if (itself === undefined) return [];
      return [
        {
          path: `pools.${p}.backends.${b}.address`,
          code: 'points-at-itself',
          message:
            `${backend.address} is listener "${itself.name}" itself, which sends requests to this pool; ` +
            'use the address of the server behind it',
        },
      ];
    });
  });
}

function isAddressOf({ host, port }: ListenerOutline, address: string): boolean {
  const target = parseAddress(address);
  // Port 0 is any free one, which no address can name.
  if (target === undefined || target.port !== port) return false;
  const wanted = target.host.toLowerCase();
  return wanted === host.toLowerCase() || (THIS_MACHINE.has(wanted) && THIS_MACHINE.has(host.toLowerCase()));
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

/** "400-200"; three digits on each side, so that text compares as numbers do. */
function reversedRanges(config: Outline): Issue[] {
  return config.pools.flatMap((pool, p) =>
    pool.expectStatus.flatMap((range, i): Issue[] =>
      range !== undefined && /^\d{3}-\d{3}$/.test(range) && range.slice(4) < range.slice(0, 3)
        ? [
            {
              path: `pools.${p}.healthCheck.expectStatus.${i}`,
              code: 'reversed-range',
              message: `must not end below its start; use ${range.slice(4)}-${range.slice(0, 3)}`,
            },
          ]
        : [],
    ),
  );
}

function misplacedTls(config: Outline): Issue[] {
  return config.listeners.flatMap((listener, i): Issue[] => {
    const issues = duplicateNames(
      listener.certificates ?? [],
      `listeners.${i}.tls.certificates`,
      'certificate',
    );
    if (!listener.https && listener.certificates !== undefined) {
      issues.push({
        path: `listeners.${i}.tls`,
        code: 'tls-without-https',
        message: 'has no effect on an http listener; set protocol to "https" or remove it',
      });
    }
    if (listener.https && listener.redirects) {
      issues.push({
        path: `listeners.${i}.redirectToHttps`,
        code: 'redirect-to-itself',
        message: 'is for http listeners; this one speaks https already',
      });
    }
    return issues;
  });
}

function unusableHosts(config: Outline): Issue[] {
  return config.listeners.flatMap(({ host }, l): Issue[] => {
    if (isHost(host)) return [];
    const message = `"${host}" is neither an IP address nor a host name; use 127.0.0.1, or 0.0.0.0 to be reached from the network`;
    return [{ path: `listeners.${l}.host`, code: 'no-host', message }];
  });
}

function unusableNetworks(config: Outline): Issue[] {
  return config.listeners.flatMap((listener, l) =>
    listener.trustedProxies.flatMap((text, i): Issue[] => {
      const fault = text !== undefined && Cidr.safeParse(text).success ? networkFault(text) : undefined;
      if (fault === undefined) return [];
      return [{ path: `listeners.${l}.trustedProxies.${i}`, code: 'no-network', message: fault }];
    }),
  );
}

function unusableServerNames(config: Outline): Issue[] {
  return config.pools.flatMap((pool, p): Issue[] => {
    const fault = pool.serverName === undefined ? undefined : serverNameFault(pool.serverName);
    return fault === undefined
      ? []
      : [{ path: `pools.${p}.tls.serverName`, code: 'no-server-name', message: fault }];
  });
}
