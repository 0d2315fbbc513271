// How a pool connects to its backends over TLS: whom it trusts, which name it asks for, which
// sessions it resumes. Invariant: a session is offered only to the backend, address and name it was
// made with, because Node does not verify the name again when it is resumed (CVE-2026-48934). One per
// PoolState with TLS; a changed plan gets a new one. Called by upstream-connection.ts.
import { isIP, type OnReadOpts } from 'node:net';
import tls from 'node:tls';
import { type TlsError, tlsFailureText } from '#shared/tls-failure.ts';
import type { PoolTlsPlan } from '../plan.ts';

/** Only what identifies a backend: sessions live and die with it. */
export interface TlsPeer {
  readonly host: string;
  readonly port: number;
}

interface KeptSession extends TlsPeer {
  session: Buffer;
}

export interface TlsConnectOptions {
  /** Absent: node:http2 does the reading. */
  onread?: OnReadOpts;
  protocol: 'http/1.1' | 'h2';
}

/** With documented options that the type declarations leave out. */
interface DialOptions extends tls.ConnectionOptions {
  onread?: OnReadOpts;
  allowHalfOpen: boolean;
}

export class UpstreamTls {
  readonly #plan: PoolTlsPlan;
  readonly #context: tls.SecureContext;
  readonly #sessions = new WeakMap<TlsPeer, KeptSession>();

  constructor(plan: PoolTlsPlan) {
    this.#plan = plan;
    this.#context = plan.ca === '' ? systemContext() : tls.createSecureContext({ ca: plan.ca });
  }

  connect(peer: TlsPeer, { onread, protocol }: TlsConnectOptions): tls.TLSSocket {
    const { host, port } = peer;
    const name = this.#nameOf(peer);
    const kept = this.#sessions.get(peer);
    const options: DialOptions = {
      host,
      port,
      allowHalfOpen: true,
      ...(onread === undefined ? {} : { onread }),
      secureContext: this.#context,
      rejectUnauthorized: this.#plan.verify,
      ALPNProtocols: [protocol],
      // An address is verified, but not asked for (RFC 6066 §3).
      ...(isIP(name) === 0 ? { servername: name } : {}),
      ...(kept?.host === host && kept.port === port ? { session: kept.session } : {}),
    };
    const socket = tls.connect(options);
    // `tls.connect` does not know the option, and before there is a connection there is nothing to set.
    socket.on('connect', () => socket.setNoDelay(true));
    socket.on('session', (session: Buffer) => this.#sessions.set(peer, { host, port, session }));
    return socket;
  }

  /** Why a handshake with `peer` failed. */
  failureText(error: TlsError, peer: TlsPeer): string {
    return tlsFailureText(error, this.#nameOf(peer));
  }

  /** Whether `plan` asks for nothing else. */
  serves({ verify, serverName, ca }: PoolTlsPlan): boolean {
    const plan = this.#plan;
    return plan.verify === verify && plan.serverName === serverName && plan.ca === ca;
  }

  #nameOf(peer: TlsPeer): string {
    return this.#plan.serverName === '' ? peer.host : this.#plan.serverName;
  }
}

let shared: tls.SecureContext | undefined;

/** Made once a thread: there are hundreds of authorities to read. */
function systemContext(): tls.SecureContext {
  shared ??= tls.createSecureContext({ ca: trustedAuthorities() });
  return shared;
}

/** Those that come with the runtime and those of this machine, where a local authority may be. */
function trustedAuthorities(): string[] {
  try {
    return [...new Set([...tls.getCACertificates('default'), ...tls.getCACertificates('system')])];
  } catch {
    // Not every runtime can read those of the machine.
    return [...tls.rootCertificates];
  }
}
