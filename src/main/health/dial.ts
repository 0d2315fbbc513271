// Opens one TCP connection, or says why not. Names, IPv4 and IPv6 (with zone) alike; a name with
// several addresses is tried through all of them. Called by both probes, so L4 findings are the same.
import { connect, type Socket } from 'node:net';

export type Dialled = { ok: true; socket: Socket } | { ok: false; error: unknown };

/** The socket carries an error listener for life: a late reset must not crash the process. */
export function dial(host: string, port: number, signal: AbortSignal): Promise<Dialled> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve({ ok: false, error: signal.reason });
    const socket = connect({ host, port, autoSelectFamily: true, noDelay: true });
    const settle = (dialled: Dialled) => {
      signal.removeEventListener('abort', giveUp);
      if (!dialled.ok) socket.destroy();
      resolve(dialled);
    };
    const giveUp = () => settle({ ok: false, error: signal.reason });
    signal.addEventListener('abort', giveUp, { once: true });
    socket.on('error', (error) => settle({ ok: false, error }));
    socket.once('connect', () => settle({ ok: true, socket }));
  });
}
