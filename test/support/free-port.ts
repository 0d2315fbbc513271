// A port nothing listens on, for what must keep its address across restarts; and ports kept busy.
import { type AddressInfo, createServer } from 'node:net';

export async function freePort(): Promise<number> {
  await using busy = await occupy(0);
  return busy.port;
}

export interface Occupied extends AsyncDisposable {
  port: number;
}

/** Listens on the port as another program would. Rejects when it is in use already. */
export function occupy(port: number, options: { reusePort?: boolean } = {}): Promise<Occupied> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', reject);
    server.listen({ port, host: '127.0.0.1', ...options }, () =>
      resolve({
        port: (server.address() as AddressInfo).port,
        [Symbol.asyncDispose]: () => new Promise((done) => server.close(() => done())),
      }),
    );
  });
}
