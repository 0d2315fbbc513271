// An engine with an https listener and three certificates, "other.test", "*.a.test" and "b.a.test",
// whose subjects tell them apart; and clients of it. Used by the specs of the TLS front.
import type { ConnectionOptions } from 'node:tls';
import type { CertificatePlan, ListenerTlsPlan } from '../../src/main/engine/plan.ts';
import { type TestAuthority, testAuthority } from './certificates.ts';
import { EngineHarness, type ListenerWords } from './engine-harness.ts';
import { ok, RawServer } from './raw-server.ts';
import { TlsClient } from './tls-client.ts';

export class TlsScene {
  readonly authority: TestAuthority;
  readonly other: CertificatePlan;
  readonly wildcard: CertificatePlan;
  readonly exact: CertificatePlan;
  readonly #open: AsyncDisposable[] = [];

  private constructor(authority: TestAuthority, certificates: CertificatePlan[]) {
    this.authority = authority;
    [this.other, this.wildcard, this.exact] = certificates as [
      CertificatePlan,
      CertificatePlan,
      CertificatePlan,
    ];
  }

  static async create(): Promise<TlsScene> {
    const authority = await testAuthority();
    return new TlsScene(authority, [
      await issue(authority, 'other', 'other.test'),
      await issue(authority, 'wildcard', '*.a.test'),
      await issue(authority, 'exact', 'b.a.test'),
    ]);
  }

  /** Another certificate; its subject is `${name}.cn`. */
  issued(name: string, ...hosts: string[]): Promise<CertificatePlan> {
    return issue(this.authority, name, ...hosts);
  }

  tls(rules: Partial<ListenerTlsPlan> = {}): ListenerTlsPlan {
    return {
      certificates: [this.other, this.wildcard, this.exact],
      rejectUnknownName: false,
      minVersion: 'TLSv1.2',
      http2: false,
      clientCa: '',
      clientCertificateRequired: true,
      ticketSecret: 'of this test',
      ...rules,
    };
  }

  /** Released by `cleanUp`. */
  use<T extends AsyncDisposable>(resource: T): T {
    this.#open.push(resource);
    return resource;
  }

  /** An engine in front of a backend that answers with the header lines it got. */
  async serving(rules: Partial<ListenerTlsPlan> = {}, listener: ListenerWords = {}) {
    const backend = this.use(await RawServer.listen((request) => ok(request.lines.join('|'))));
    const engine = await this.inFrontOf(backend, rules, listener);
    const apply = (next: Partial<ListenerTlsPlan>) =>
      engine.apply({
        pools: { api: { backends: { a: backend.port } } },
        listeners: { web: { tls: this.tls(next) } },
      });
    return { engine, backend, apply, port: engine.port() };
  }

  async inFrontOf(
    backend: RawServer,
    rules: Partial<ListenerTlsPlan> = {},
    listener: ListenerWords = {},
  ): Promise<EngineHarness> {
    return this.use(
      await EngineHarness.serving({ a: backend.port }, {}, { tls: this.tls(rules), ...listener }),
    );
  }

  /** `servername` '' asks for no name. The certificate is looked at, not verified, unless options say so. */
  async connect(port: number, servername: string, options: ConnectionOptions = {}): Promise<TlsClient> {
    const name = servername === '' ? {} : { servername };
    const lenient = { ca: this.authority.cert, rejectUnauthorized: false };
    return this.use(await TlsClient.handshake(port, { ...lenient, ...name, ...options }));
  }

  async cleanUp(): Promise<void> {
    for (const resource of this.#open.splice(0).toReversed()) await resource[Symbol.asyncDispose]();
  }
}

async function issue(authority: TestAuthority, name: string, ...hosts: string[]): Promise<CertificatePlan> {
  return { name, hosts, ...(await authority.issue([`${name}.cn`, ...hosts])) };
}

export function get(host: string, path = '/'): string {
  return `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
}
