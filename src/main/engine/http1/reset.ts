// Breaks a client's connection off so that it cannot take what it got for all there is: a FIN could be the
// end of a response, a reset cannot. Called by client-connection.ts; tls/front.ts asks for the transport too.
import { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

export function resetConnection(socket: Socket): void {
  const transport = socket instanceof TLSSocket ? transportOf(socket) : socket;
  if (transport === undefined) socket.destroy();
  else transport.resetAndDestroy();
}

/**
 * The connection below a TLS one, which itself cannot be reset: `resetAndDestroy` throws for it. Node
 * has no public name for it; a test notices if the one it uses changes.
 */
export function transportOf(socket: TLSSocket): Socket | undefined {
  const parent: unknown = Reflect.get(socket, '_parent');
  return parent instanceof Socket ? parent : undefined;
}
