// The encrypted side of one https listener: which certificate a client gets, and what becomes of the
// connection once it is encrypted. Certificates are swapped without touching a live connection. One
// per ListenerState with TLS; listener.ts gives it what it accepts, apply.ts new plans.
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { ClientConnection } from '../http1/client-connection.ts';
import { transportOf } from '../http1/reset.ts';
import { serveHttp2 } from '../http2/front.ts';
import type { ListenerTlsPlan } from '../plan.ts';
import type { EngineState, ListenerState } from '../state.ts';
import { type CertificateContext, openContexts } from './contexts.ts';
import { type HandshakeOwner, TlsHandshake } from './handshake.ts';
import { compileServerNames, type ServerNames } from './sni.ts';

export class TlsFront implements HandshakeOwner {
  readonly #engine: EngineState;
  readonly #listenerOf: () => ListenerState;
  /** By the socket that was accepted. */
  readonly #pending = new WeakMap<Socket, TlsHandshake>();
  #contexts: readonly CertificateContext[];
  #names: ServerNames;
  #rejectUnknownName: boolean;

  constructor(engine: EngineState, plan: ListenerTlsPlan, listenerOf: () => ListenerState) {
    this.#engine = engine;
    this.#listenerOf = listenerOf;
    this.#contexts = openContexts(plan, [], this.#onSecure);
    this.#names = compileServerNames(plan.certificates);
    this.#rejectUnknownName = plan.rejectUnknownName;
  }

  /** From now on handshakes begin with this plan's certificates. */
  update(plan: ListenerTlsPlan): void {
    this.#contexts = openContexts(plan, this.#contexts, this.#onSecure);
    this.#names = compileServerNames(plan.certificates);
    this.#rejectUnknownName = plan.rejectUnknownName;
  }

  accept(raw: Socket): void {
    new TlsHandshake(this.#engine, this.#listenerOf(), this, raw);
  }

  /**
   * Whether a request for `hostname` came over a connection that was encrypted for a name of another
   * certificate: its answer would not be believed (RFC 9110 §15.5.20). Where unknown names are refused,
   * nobody gets to one of them by the way of a known one.
   */
  misdirected(serverName: string, hostname: string): boolean {
    if (this.#contexts.length === 1 && !this.#rejectUnknownName) return false;
    const wanted = this.#names.find(hostname);
    if (wanted === -1 && this.#rejectUnknownName) return hostname !== '';
    return wanted !== -1 && wanted !== Math.max(0, this.#names.find(serverName));
  }

  secure(handshake: TlsHandshake): boolean {
    const found = this.#names.find(handshake.serverName);
    if (found === -1 && this.#rejectUnknownName) return false;
    this.#pending.set(handshake.raw, handshake);
    this.#contexts[Math.max(0, found)]!.server.emit('connection', handshake.raw);
    return true;
  }

  readonly #onSecure = (socket: TLSSocket): void => {
    const raw = transportOf(socket);
    const handshake = raw === undefined ? undefined : this.#pending.get(raw);
    // Closed by us in the meantime.
    if (raw === undefined || handshake === undefined || raw.destroyed) {
      socket.destroy();
      return;
    }
    this.#pending.delete(raw);
    try {
      if (!presentsWhatItMay(socket)) {
        socket.destroy();
        return;
      }
      handshake.finish();
      const { listener, serverName } = handshake;
      if (socket.alpnProtocol === 'h2') serveHttp2(this.#engine, listener, socket, serverName);
      else new ClientConnection(this.#engine, listener, socket, serverName);
    } catch (error) {
      this.#engine.fault(error);
      socket.destroy();
    }
  };
}

/**
 * Where client certificates are optional OpenSSL lets every one pass: a client without one is welcome,
 * one whose certificate is not from the named authorities is not.
 */
function presentsWhatItMay(socket: TLSSocket): boolean {
  return socket.authorized || socket.getPeerX509Certificate() === undefined;
}
