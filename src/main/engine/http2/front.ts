// The way into this folder: takes over a connection on which the client has chosen HTTP/2 (ALPN).
// Called by tls/front.ts.
import type { Socket } from 'node:net';
import type { EngineState, ListenerState } from '../state.ts';
import { Http2Connection } from './connection.ts';

/**
 * `socket` must not have been read from since it was secured. `serverName` is what the client asked
 * for in TLS; null: clear text.
 */
export function serveHttp2(
  engine: EngineState,
  listener: ListenerState,
  socket: Socket,
  serverName: string | null,
): void {
  new Http2Connection(engine, listener, socket, serverName);
}
