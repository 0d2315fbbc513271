// The addresses under which a pool answers: every listener and route that leads to it. Pure.
import type { Config } from '#shared/config/config.ts';
import type { ListenerStatus } from '#shared/status.ts';

/** In listener and route order, without repeats. A listener that could not bind leads nowhere and is left out. */
export function poolUrls(
  pool: string,
  config: Config,
  listeners: readonly Pick<ListenerStatus, 'name' | 'state' | 'address'>[],
): string[] {
  const urls = new Set<string>();
  for (const listener of config.listeners) {
    const status = listeners.find(({ name }) => name === listener.name);
    if (status === undefined || status.state === 'failed') continue;
    for (const route of listener.routes) {
      if (route.pool !== pool) continue;
      urls.add(urlOf(status.address, route.match.host, route.match.pathPrefix));
    }
  }
  return [...urls];
}

function urlOf(address: string, host: string | undefined, pathPrefix = ''): string {
  const port = address.slice(address.lastIndexOf(':') + 1);
  const bound = address.slice(0, address.lastIndexOf(':'));
  const shown = host ?? (LOCAL.has(bound) ? 'localhost' : bound);
  return `http://${shown}${port === '80' ? '' : `:${port}`}${pathPrefix === '/' ? '' : pathPrefix}`;
}

/** Loopback and "every address" are both reached from this machine as localhost. */
const LOCAL: ReadonlySet<string> = new Set(['127.0.0.1', '0.0.0.0', '[::1]', '[::]', 'localhost']);
