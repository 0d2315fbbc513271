// The parts of a Config that the rules between parts look at, taken from input that may be wrong
// anywhere else. So one bad field does not hide that a route leads nowhere. Pure; never throws.

export interface Outline {
  listeners: ListenerOutline[];
  pools: PoolOutline[];
}

export interface ListenerOutline {
  name: string | undefined;
  host: string;
  port: number | undefined;
  https: boolean;
  /** Undefined without TLS settings. */
  certificates: { name: string | undefined }[] | undefined;
  redirects: boolean;
  /** By position; undefined where it is no text. */
  trustedProxies: (string | undefined)[];
  routes: { name: string | undefined; pool: string | undefined; path: string | undefined }[];
}

export interface PoolOutline {
  name: string | undefined;
  /** Given or default; undefined without a check or with unusable values. */
  check: { intervalMs: number; timeoutMs: number } | undefined;
  /** By position; undefined where it is no text. */
  expectStatus: (string | undefined)[];
  /** Undefined without TLS settings or without one. */
  serverName: string | undefined;
  backends: { name: string | undefined; address: string | undefined }[];
}

const DEFAULT_HOST = '127.0.0.1';

/** `defaults` fills in a check's times where the input gives none. */
export function outlineOf(input: unknown, defaults: { intervalMs: number; timeoutMs: number }): Outline {
  return {
    listeners: items(input, 'listeners').map((listener) => ({
      name: textField(listener, 'name'),
      host: textField(listener, 'host') ?? DEFAULT_HOST,
      port: numberField(listener, 'port'),
      https: field(listener, 'protocol') === 'https',
      certificates: certificatesOf(field(listener, 'tls')),
      redirects: field(listener, 'redirectToHttps') !== undefined,
      trustedProxies: texts(listener, 'trustedProxies'),
      routes: items(listener, 'routes').map((route) => ({
        name: textField(route, 'name'),
        pool: textField(route, 'pool'),
        path: textField(field(route, 'match'), 'pathPrefix'),
      })),
    })),
    pools: items(input, 'pools').map((pool) => ({
      name: textField(pool, 'name'),
      check: checkOf(field(pool, 'healthCheck'), defaults),
      expectStatus: texts(field(pool, 'healthCheck'), 'expectStatus'),
      serverName: textField(field(pool, 'tls'), 'serverName'),
      backends: items(pool, 'backends').map((backend) => ({
        name: textField(backend, 'name'),
        address: textField(backend, 'address'),
      })),
    })),
  };
}

function certificatesOf(tls: unknown): ListenerOutline['certificates'] {
  if (tls === undefined) return undefined;
  return items(tls, 'certificates').map((certificate) => ({ name: textField(certificate, 'name') }));
}

function checkOf(check: unknown, defaults: { intervalMs: number; timeoutMs: number }): PoolOutline['check'] {
  if (typeof check !== 'object' || check === null) return undefined;
  const intervalMs = field(check, 'intervalMs') ?? defaults.intervalMs;
  const timeoutMs = field(check, 'timeoutMs') ?? defaults.timeoutMs;
  return typeof intervalMs === 'number' && typeof timeoutMs === 'number'
    ? { intervalMs, timeoutMs }
    : undefined;
}

function items(value: unknown, key: string): unknown[] {
  const list = field(value, key);
  return Array.isArray(list) ? list : [];
}

function texts(value: unknown, key: string): (string | undefined)[] {
  return items(value, key).map((item) => (typeof item === 'string' ? item : undefined));
}

function textField(value: unknown, key: string): string | undefined {
  const text = field(value, key);
  return typeof text === 'string' ? text : undefined;
}

function numberField(value: unknown, key: string): number | undefined {
  const number = field(value, key);
  return typeof number === 'number' ? number : undefined;
}

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? Reflect.get(value, key)
    : undefined;
}
