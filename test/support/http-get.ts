// Plain HTTP requests with node's own client, keeping connections alive and knowing how many there were.
import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import type { Socket } from 'node:net';

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface Ask {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

const TIMEOUT_MS = 15_000;

/** A pool of keep-alive connections, as a busy service would have. */
export class HttpClient implements Disposable {
  /** Connections ever opened, and those the other side ended. */
  opened = 0;
  closed = 0;
  readonly #agent: Agent;
  readonly #seen = new WeakSet<Socket>();
  #disposed = false;

  constructor(maxConnections = 8) {
    this.#agent = new Agent({ keepAlive: true, maxSockets: maxConnections });
  }

  /** Rejects when the connection fails before the whole answer is here. */
  ask(url: string, { method = 'GET', headers = {}, body = '' }: Ask = {}): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const outgoing = request(url, { agent: this.#agent, method, headers }, (incoming) => {
        let text = '';
        incoming.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        incoming.on('end', () =>
          resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: text }),
        );
        incoming.on('error', reject);
      });
      outgoing.on('socket', (socket) => this.#watch(socket));
      outgoing.on('error', reject);
      outgoing.setTimeout(TIMEOUT_MS, () => outgoing.destroy(new Error(`no answer from ${url}`)));
      outgoing.end(body);
    });
  }

  /** `count` requests, `atOnce` under way at a time; how often each body came back with which status. */
  async many(url: string, count: number, atOnce = 8): Promise<Record<string, number>> {
    const seen: Record<string, number> = {};
    let left = count;
    const worker = async () => {
      while (left > 0) {
        left -= 1;
        const { status, body } = await this.ask(url);
        const key = status === 200 ? body : `${status}: ${body}`;
        seen[key] = (seen[key] ?? 0) + 1;
      }
    };
    await Promise.all(Array.from({ length: Math.min(atOnce, count) }, worker));
    return seen;
  }

  [Symbol.dispose](): void {
    this.#disposed = true;
    this.#agent.destroy();
  }

  #watch(socket: Socket): void {
    if (this.#seen.has(socket)) return;
    this.#seen.add(socket);
    this.opened += 1;
    socket.once('close', () => {
      if (!this.#disposed) this.closed += 1;
    });
  }
}

/** One request on a connection of its own. */
export async function ask(url: string, options: Ask = {}): Promise<Answer> {
  using client = new HttpClient(1);
  return await client.ask(url, options);
}
