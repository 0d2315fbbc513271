// The clients of the board scene: steady traffic that swells and ebbs, requests that stay open, and
// WebSockets. Called by board-scene.ts.
import { Agent, type ClientRequest, get } from 'node:http';
import { WebSocket } from 'ws';

const MEAN_PER_S = 190;
const TICK_MS = 50;

/** Requests at about MEAN_PER_S until disposed; answers are read and forgotten. */
export function startLoad(url: string): Disposable {
  const agent = new Agent({ keepAlive: true, maxSockets: 128 });
  let owed = 0;
  const timer = setInterval(() => {
    const second = Date.now() / 1000;
    const swell =
      1 + 0.12 * Math.sin(second / 23) + 0.06 * Math.sin(second / 7) + 0.08 * (Math.random() - 0.5);
    owed += (MEAN_PER_S * swell * TICK_MS) / 1000;
    for (; owed >= 1; owed--) {
      get(url, { agent }, (response) => response.resume()).on('error', () => {
        // A request that dies with the scene's end is no news.
      });
    }
  }, TICK_MS);
  return {
    [Symbol.dispose]() {
      clearInterval(timer);
      agent.destroy();
    },
  };
}

export interface HeldRequests extends Disposable {
  count: number;
  endOne(): void;
}

export function holdRequests(port: number, path: string, count: number): HeldRequests {
  const agent = new Agent({ maxSockets: count });
  const requests: ClientRequest[] = Array.from({ length: count }, () =>
    get({ host: '127.0.0.1', port, path, agent }, (response) => response.resume()).on('error', () => {
      // Ended from here.
    }),
  );
  return {
    count,
    endOne: () => requests.pop()?.destroy(),
    [Symbol.dispose]: () => agent.destroy(),
  };
}

export interface HeldWebSockets extends Disposable {
  open(): number;
}

export async function holdWebSockets(url: string, count: number): Promise<HeldWebSockets> {
  const sockets = Array.from({ length: count }, () => new WebSocket(url));
  await Promise.all(
    sockets.map(
      (socket) =>
        new Promise<void>((done, fail) => {
          socket.once('open', done);
          socket.once('error', fail);
        }),
    ),
  );
  return {
    open: () => sockets.filter((socket) => socket.readyState === WebSocket.OPEN).length,
    [Symbol.dispose]() {
      for (const socket of sockets) socket.terminate();
    },
  };
}
