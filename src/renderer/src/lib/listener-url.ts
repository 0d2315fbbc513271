// Where a listener answers, as a URL that opens on this machine: its scheme, "localhost" for loopback or
// another name its certificate is for, no port where the scheme implies it. Pure; used wherever an address
// becomes a URL.
import type { ListenerConfig } from '#shared/config/listener.ts';
import { ListenerTls } from '#shared/config/tls.ts';

export type Scheme = ListenerConfig['protocol'];

/** Loopback and "every address" are both reached from this machine as localhost. */
const LOCAL: ReadonlySet<string> = new Set(['127.0.0.1', '0.0.0.0', '[::1]', '[::]', 'localhost']);
const BELOW_LOCALHOST = /^[^*].*\.localhost$/i;
const DEFAULT_PORTS: Readonly<Record<Scheme, string>> = { http: '80', https: '443' };

/** `address` is `host:port` as bound; `host` the name a route asks for instead. No slash at the end. */
export function listenerOrigin(scheme: Scheme, address: string, host?: string): string {
  const colon = address.lastIndexOf(':');
  const bound = address.slice(0, colon);
  const port = address.slice(colon + 1);
  const shown = host ?? (LOCAL.has(bound) ? 'localhost' : bound);
  return `${scheme}://${shown}${port === DEFAULT_PORTS[scheme] ? '' : `:${port}`}`;
}

/**
 * The same by a name that its certificates are for, so that a client believes them. Names below localhost
 * lead to this machine's loopback only. `names`: exact ones and wildcards.
 */
export function namedOrigin(scheme: Scheme, address: string, names: readonly string[]): string {
  const bound = address.slice(0, address.lastIndexOf(':'));
  if (scheme === 'http' || !LOCAL.has(bound)) return listenerOrigin(scheme, address);
  const exact = names.map((name) => name.toLowerCase()).filter((name) => !name.startsWith('*.'));
  const below = exact.find((name) => name.endsWith('.localhost'));
  return listenerOrigin(scheme, address, exact.includes('localhost') ? 'localhost' : below);
}

/**
 * The host of an https URL that no certificate is for, so that clients refuse it. `names`: exact ones and
 * wildcards; empty while they are not known.
 */
export function unnamedHost(origin: string, names: readonly string[]): string | undefined {
  if (!origin.startsWith('https://') || names.length === 0) return undefined;
  const host = origin
    .slice('https://'.length)
    .replace(/:[^:\]]*$/, '')
    .toLowerCase();
  return names.some((name) => isFor(name.toLowerCase(), host)) ? undefined : host;
}

/** A wildcard stands for exactly one label. */
function isFor(name: string, host: string): boolean {
  return name.startsWith('*.') ? /^[^.]+(\..*)$/.exec(host)?.[1] === name.slice(1) : name === host;
}

const DEFAULT_TLS = ListenerTls.parse({});

/** What of a listener decides its names. */
interface Named {
  protocol: Scheme;
  tls?: { certificates: readonly { source: 'files' | 'local-ca'; hosts?: readonly string[] }[] } | undefined;
  routes: readonly Pick<ListenerConfig['routes'][number], 'match'>[];
}

/** What a Config says its certificates are for; names that only stand in files are not among them. */
export function askedNames({ protocol, tls = DEFAULT_TLS, routes }: Named): string[] {
  if (protocol === 'http') return [];
  const written = tls.certificates.flatMap(({ hosts }) => hosts ?? []);
  const local = tls.certificates.some(({ source }) => source === 'local-ca');
  // The local authority names these too.
  const routed = routes.flatMap(({ match }) =>
    local && match.host !== undefined && BELOW_LOCALHOST.test(match.host) ? [match.host] : [],
  );
  return [...new Set([...written, ...routed].map((name) => name.toLowerCase()))];
}
