// Opens one connection to a backend, encrypted where its pool says so, or says why not. Names, IPv4
// and IPv6 (with zone) alike; a name with several addresses is tried through all of them. Sessions are
// never resumed: a probe proves that a new client is served. Called by both probes, so their findings
// of the layers below HTTP are the same.
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls, TLSSocket } from 'node:tls';
import { tlsFailureText } from '#shared/tls-failure.ts';
import { errorCode } from './codes.ts';
import type { Endpoint, TargetTls } from './target.ts';
import { trustFor } from './trust.ts';

/** `tcp`: no connection. `tls`: a connection, but `seen` came of its encryption; undefined: in time nothing. */
export type Dialled =
  | { ok: true; socket: Socket }
  | { ok: false; layer: 'tcp'; error: unknown }
  | { ok: false; layer: 'tls'; seen: string | undefined };

/** The socket carries an error listener for life: a late reset must not crash the process. */
export async function dial(endpoint: Endpoint, signal: AbortSignal): Promise<Dialled> {
  const { host, port, protocol, tls } = endpoint;
  const alpn = protocol === 'http2' ? 'h2' : 'http/1.1';
  const opened = await settled(
    connect({ host, port, autoSelectFamily: true, noDelay: true }),
    'connect',
    signal,
  );
  if (!opened.ok) return { ok: false, layer: 'tcp', error: opened.error };
  if (tls === null) return opened;
  const secured = await settled(encrypt(opened.socket, host, tls, alpn), 'secureConnect', signal);
  if (secured.ok && (alpn !== 'h2' || agreedOn(secured.socket) === alpn)) return secured;
  opened.socket.destroy();
  if (secured.ok) return { ok: false, layer: 'tls', seen: 'it does not offer HTTP/2 (ALPN)' };
  return {
    ok: false,
    layer: 'tls',
    seen: signal.aborted ? undefined : reasonOf(secured.error, nameOf(host, tls)),
  };
}

type Settled = { ok: true; socket: Socket } | { ok: false; error: unknown };

function settled(socket: Socket, event: 'connect' | 'secureConnect', signal: AbortSignal): Promise<Settled> {
  return new Promise((resolve) => {
    const settle = (result: Settled) => {
      signal.removeEventListener('abort', giveUp);
      if (!result.ok) socket.destroy();
      resolve(result);
    };
    const giveUp = () => settle({ ok: false, error: signal.reason });
    socket.on('error', (error) => settle({ ok: false, error }));
    socket.once(event, () => settle({ ok: true, socket }));
    if (signal.aborted) giveUp();
    else signal.addEventListener('abort', giveUp, { once: true });
  });
}

function agreedOn(socket: Socket): string | false | null {
  return socket instanceof TLSSocket ? socket.alpnProtocol : null;
}

function encrypt(socket: Socket, host: string, tls: TargetTls, alpn: string): TLSSocket {
  const name = nameOf(host, tls);
  return connectTls({
    socket,
    // Verified; an address is not asked for (RFC 6066 §3).
    host: name,
    ...(isIP(name) === 0 ? { servername: name } : {}),
    secureContext: trustFor(tls.ca),
    rejectUnauthorized: tls.verify,
    ALPNProtocols: [alpn],
  });
}

function nameOf(host: string, tls: TargetTls): string {
  return tls.serverName === '' ? host : tls.serverName;
}

function reasonOf(error: unknown, name: string): string {
  const reason = error instanceof Error && 'reason' in error ? String(error.reason) : '';
  return tlsFailureText({ code: errorCode(error), reason }, name);
}
