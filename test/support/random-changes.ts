// An endless walk through Configs, the same for the same seed: backends come and go, weights, policies,
// routes, limits, listeners and certificates change. The listener "web", "secure" if there is a port for
// it, and at least one backend to serve them stay.
import type { ConfigInput } from '#shared/config/config.ts';

type PoolInput = NonNullable<ConfigInput['pools']>[number];
type BackendInput = NonNullable<PoolInput['backends']>[number];
type ListenerInput = NonNullable<ConfigInput['listeners']>[number];
type TlsInput = NonNullable<ListenerInput['tls']>;
type CertificateInput = NonNullable<TlsInput['certificates']>[number];

const POLICIES = ['round-robin', 'weighted-round-robin', 'least-connections', 'random'] as const;

export class RandomChanges {
  readonly #addresses: readonly string[];
  readonly #engine: ConfigInput['engine'];
  readonly #listeners: Map<string, ListenerInput>;
  readonly #backends = new Map<string, BackendInput>();
  #pool: PoolInput;
  #state: number;

  constructor(
    seed: number,
    addresses: readonly string[],
    port: number,
    workers: number,
    securePort?: number,
  ) {
    this.#state = seed;
    this.#addresses = addresses;
    this.#engine = { workers };
    this.#pool = { name: 'api' };
    this.#listeners = new Map([['web', { name: 'web', port, routes: [{ name: 'all', pool: 'api' }] }]]);
    if (securePort !== undefined) this.#secure(securePort, [certificate('main', 'localhost')]);
    for (const [i, address] of addresses.entries()) this.#backends.set(`b${i}`, { name: `b${i}`, address });
  }

  get config(): ConfigInput {
    return {
      version: 1,
      ...(this.#engine && { engine: this.#engine }),
      listeners: [...this.#listeners.values()],
      pools: [{ ...this.#pool, backends: [...this.#backends.values()] }],
    };
  }

  /** The next Config of the walk. */
  next(): ConfigInput {
    const steps = [
      () => this.#toggleBackend(),
      () => this.#toggleBackend(),
      () => this.#changeBackend(),
      () => this.#changeBackend(),
      () => this.#changePool(),
      () => this.#changeRoutes(),
      () => this.#toggleListener(),
      () => this.#changeLimits(),
    ];
    const secure = this.#listeners.get('secure');
    if (secure !== undefined) steps.push(...Array(2).fill(() => this.#changeCertificates(secure)));
    this.#one(steps)();
    return this.config;
  }

  #toggleBackend(): void {
    const i = this.#below(this.#addresses.length);
    const name = `b${i}`;
    const enabled = [...this.#backends.values()].filter(({ state }) => state !== 'draining');
    if (!this.#backends.has(name)) this.#backends.set(name, { name, address: this.#addresses[i] ?? '' });
    else if (enabled.some((backend) => backend.name !== name)) this.#backends.delete(name);
  }

  #changeBackend(): void {
    const backend = this.#one([...this.#backends.values()]);
    const others = [...this.#backends.values()].filter(
      ({ name, state }) => name !== backend.name && state !== 'draining',
    );
    const draining = others.length > 0 && this.#below(3) === 0;
    this.#backends.set(backend.name, {
      ...backend,
      weight: 1 + this.#below(100),
      address: this.#one(this.#addresses),
      state: draining ? 'draining' : 'enabled',
    });
  }

  #changePool(): void {
    this.#pool = {
      ...this.#pool,
      policy: this.#one(POLICIES),
      maxInFlight: this.#one([0, 0, 20]),
      keepAlive: { maxIdle: this.#one([4, 64]) },
    };
  }

  #changeRoutes(): void {
    const web = this.#listeners.get('web');
    if (!web) return;
    const extra = Array.from({ length: this.#below(4) }, (_, i) => ({
      name: `r${i}`,
      match: { pathPrefix: `/p${this.#below(9)}` },
      pool: 'api',
    }));
    this.#listeners.set('web', { ...web, routes: [...extra, { name: 'all', pool: 'api' }] });
  }

  #toggleListener(): void {
    const name = `extra${this.#below(3)}`;
    if (this.#listeners.delete(name)) return;
    this.#listeners.set(name, { name, port: 0, routes: [{ name: 'all', pool: 'api' }] });
  }

  #changeLimits(): void {
    const web = this.#listeners.get('web');
    if (!web) return;
    const limits = { headerBytes: this.#one([8192, 16_384]), keepAliveRequests: this.#one([500, 1000]) };
    this.#listeners.set('web', { ...web, limits });
  }

  /** The one for localhost is made anew, with other names; those for other names come and go. */
  #changeCertificates({ port, tls }: ListenerInput): void {
    const [, ...others] = tls?.certificates ?? [];
    const name = `extra${this.#below(3)}`;
    const kept = others.filter((other) => other.name !== name);
    if (kept.length === others.length) kept.push(certificate(name, `${name}.test`));
    const more = this.#one([[], ['*.localhost'], ['load.test'], ['load.test', '*.localhost']]);
    this.#secure(port, [certificate('main', 'localhost', ...more), ...kept]);
  }

  #secure(port: number, certificates: CertificateInput[]): void {
    const routes = [{ name: 'all', pool: 'api' }];
    this.#listeners.set('secure', { name: 'secure', port, protocol: 'https', tls: { certificates }, routes });
  }

  #one<T>(items: readonly T[]): T {
    return items[this.#below(items.length)] as T;
  }

  /** A whole number below `limit`. mulberry32: small, and even enough. */
  #below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  }
}

function certificate(name: string, ...hosts: string[]): CertificateInput {
  return { name, source: 'local-ca', hosts };
}
