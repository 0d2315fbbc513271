// The addresses under which a pool answers: every listener and route that leads to it. Pure.
import type { Config } from '#shared/config/config.ts';
import type { ListenerStatus } from '#shared/status.ts';
import { askedNames, listenerOrigin, namedOrigin } from './listener-url.ts';

/** Listeners with a route to the pool, in the order of the Config. */
export function leadingListeners(pool: string, config: Config): string[] {
  return config.listeners
    .filter(({ routes }) => routes.some((route) => route.pool === pool))
    .map(({ name }) => name);
}

/**
 * In listener and route order, without repeats. A listener that could not bind leads nowhere and is left
 * out, unless it goes on at its old address; so is one that sends every request on to https.
 */
export function poolUrls(
  pool: string,
  config: Config,
  listeners: readonly Pick<ListenerStatus, 'name' | 'state' | 'address' | 'servedAddress'>[],
): string[] {
  const urls = new Set<string>();
  for (const listener of config.listeners) {
    const { name, protocol, redirectToHttps, routes } = listener;
    const status = listeners.find((each) => each.name === name);
    const address = status?.state === 'failed' ? status.servedAddress : status?.address;
    if (address === undefined || redirectToHttps !== undefined) continue;
    for (const { pool: served, match } of routes) {
      if (served !== pool) continue;
      const path = match.pathPrefix ?? '/';
      const origin =
        match.host === undefined
          ? namedOrigin(protocol, address, askedNames(listener))
          : listenerOrigin(protocol, address, match.host);
      urls.add(`${origin}${path === '/' ? '' : path}`);
    }
  }
  return [...urls];
}
