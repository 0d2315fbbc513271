// How several engine threads listen on the same addresses. Each has a socket of its own (SO_REUSEPORT) and
// the kernel spreads connections over them. Invariant: an address nobody of us holds is first bound without
// sharing, by one thread only, so that another program on it is found out and not silently shared with; the
// others join once it is held. Between that probe and the real bind lies a moment in which a program that
// shares on purpose could slip in; that one asked for it. Called by listen/listener.ts when it binds.
import net from 'node:net';
import type { Crew, HeldAddress } from './messages.ts';

/** The report of a listener that is not bound because the lead has not bound its address yet: no failure. */
export const WAITS_FOR_LEAD = '';

/** How a listener may bind now; `wait`: after the lead has. */
export type Permission =
  | { kind: 'wait' }
  | { kind: 'bind'; port: number; reusePort: boolean; probe: boolean };

export function permissionToBind(
  crew: Crew | undefined,
  listener: { name: string; host: string; port: number },
): Permission {
  const { port } = listener;
  if (crew === undefined) return { kind: 'bind', port, reusePort: false, probe: false };
  const held = crew.held.find((address) => isFor(address, listener));
  if (held !== undefined) return { kind: 'bind', port: held.boundPort, reusePort: true, probe: false };
  if (!crew.lead) return { kind: 'wait' };
  // For port 0 the kernel takes one that is not even shared. On a port of ours, a probe of another
  // host would meet our own threads.
  const ours = crew.held.some(({ boundPort }) => boundPort === port);
  return { kind: 'bind', port, reusePort: true, probe: port !== 0 && !ours };
}

function isFor(address: HeldAddress, listener: { name: string; host: string; port: number }): boolean {
  return address.name === listener.name && address.host === listener.host && address.port === listener.port;
}

/** Rejects, with the code of the system, when another program listens there. */
export function probeAddress(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = net.createServer((socket) => socket.destroy());
    server.once('error', reject);
    server.listen({ host, port }, () => server.close(() => resolve()));
  });
}
