// Where a listener answers, as a URL that opens on this machine: its scheme, "localhost" for loopback,
// no port where the scheme implies it. Pure; used wherever an address becomes a URL.
import type { ListenerConfig } from '#shared/config/listener.ts';

export type Scheme = ListenerConfig['protocol'];

/** Loopback and "every address" are both reached from this machine as localhost. */
const LOCAL: ReadonlySet<string> = new Set(['127.0.0.1', '0.0.0.0', '[::1]', '[::]', 'localhost']);
const DEFAULT_PORTS: Readonly<Record<Scheme, string>> = { http: '80', https: '443' };

/** `address` is `host:port` as bound; `host` the name a route asks for instead. No slash at the end. */
export function listenerOrigin(scheme: Scheme, address: string, host?: string): string {
  const colon = address.lastIndexOf(':');
  const bound = address.slice(0, colon);
  const port = address.slice(colon + 1);
  const shown = host ?? (LOCAL.has(bound) ? 'localhost' : bound);
  return `${scheme}://${shown}${port === DEFAULT_PORTS[scheme] ? '' : `:${port}`}`;
}
