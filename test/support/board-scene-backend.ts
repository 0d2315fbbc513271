// One server of the board scene: answers after a believable time, keeps long requests and WebSockets
// open, and can fall ill. Called by board-scene.ts.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';

export interface SceneBackend extends AsyncDisposable {
  port: number;
  /** Refuses connections from now on. */
  close(): Promise<void>;
  /** Slow from now on, with errors that grow, and two of three probes fail. */
  sicken(): void;
}

const GROWS_OVER_MS = 60_000;
/** Well below any idle timeout. */
const DRIP_MS = 10_000;

export async function startSceneBackend(port: number, typicalMs: number): Promise<SceneBackend> {
  let sickSince: number | null = null;
  let probes = 0;
  /** 0 while well, then growing to 1. */
  const sickness = () => (sickSince === null ? 0 : Math.min(1, (Date.now() - sickSince) / GROWS_OVER_MS));

  const answer = (request: IncomingMessage, response: ServerResponse) => {
    const url = request.url ?? '/';
    if (url === '/health') {
      probes += 1;
      const well = sickSince === null || probes % 3 === 0;
      end(response, well ? 200 : 503, well ? 'fine' : 'database unreachable');
    } else if (url.startsWith('/api/report.csv')) {
      // Ends when its client has seen enough.
      response.writeHead(200, { 'content-type': 'text/csv' });
      const drip = setInterval(() => response.write('42,7\n'), DRIP_MS);
      response.once('close', () => clearInterval(drip));
      response.write('id,total\n');
    } else {
      const ill = sickness();
      const failing = Math.random() < ill * 0.07;
      const status = failing ? 503 : Math.random() < 0.003 ? 404 : 200;
      setTimeout(() => end(response, status, status === 200 ? 'ok' : 'no'), spentMs(typicalMs, ill));
    }
  };

  const server = createServer(answer);
  server.keepAliveTimeout = 120_000;
  const sockets = new WebSocketServer({ server });
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.listen(port, '127.0.0.1', done);
  });
  const close = async () => {
    for (const socket of sockets.clients) socket.terminate();
    const closed = new Promise<void>((done) => server.close(() => done()));
    server.closeAllConnections();
    await closed;
  };
  return {
    port: (server.address() as AddressInfo).port,
    close,
    sicken() {
      sickSince = Date.now();
    },
    [Symbol.asyncDispose]: close,
  };
}

/** Mostly near the typical time, now and then several times as long; an ill server is slow in its tail. */
function spentMs(typicalMs: number, ill: number): number {
  const usual = typicalMs * (0.7 + 0.6 * Math.random());
  const slow = Math.random() < 0.07 + 0.15 * ill;
  return slow ? usual * (2 + 4 * Math.random() + 20 * ill * Math.random()) : usual;
}

function end(response: ServerResponse, status: number, body: string): void {
  if (response.destroyed) return;
  response.writeHead(status, { 'content-type': 'text/plain', 'content-length': body.length });
  response.end(body);
}
