// Small HTTP backends that answer with their name and can be made ill, slow or dead at will. Probes
// (/health) and requests are counted apart. A closed one comes back on the same port.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export const HEALTH_PATH = '/health';
const WAIT_MS = 10_000;

export class NamedBackend implements AsyncDisposable {
  readonly name: string;
  port = 0;
  /** Answers probes with 200; otherwise 503. */
  healthy = true;
  requests = 0;
  probes = 0;
  /** Bodies received, in order. */
  readonly bodies: string[] = [];
  #server: Server | undefined;
  #holding = false;
  #held: (() => void)[] = [];
  readonly #waiting = new Set<() => void>();

  constructor(name: string) {
    this.name = name;
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  get held(): number {
    return this.#held.length;
  }

  /** Accepts; on the port it had, if it had one. */
  async listen(): Promise<this> {
    const server = createServer((request, response) => void this.#answer(request, response));
    server.keepAliveTimeout = 60_000;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.port, '127.0.0.1', resolve);
    });
    this.port = (server.address() as AddressInfo).port;
    this.#server = server;
    return this;
  }

  /** Dies: refuses connections and drops those it has. */
  async close(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (!server) return;
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
    this.#held = [];
    this.#holding = false;
  }

  /** From now on requests wait for `release`; probes are answered as ever. */
  hold(): void {
    this.#holding = true;
  }

  release(): void {
    this.#holding = false;
    for (const answer of this.#held.splice(0)) answer();
  }

  untilHeld(count: number): Promise<void> {
    return this.#until(`${this.name} holds ${count} requests`, () => this.#held.length >= count);
  }

  /** Waits for `count` more probes than there were. */
  untilProbed(count = 1): Promise<void> {
    const wanted = this.probes + count;
    return this.#until(`${this.name} was probed ${count} times`, () => this.probes >= wanted);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // A client or a proxy may leave in the middle; that is its right.
    request.on('error', () => response.destroy());
    if (request.url === HEALTH_PATH) {
      this.probes += 1;
      respond(response, this.healthy ? 200 : 503, this.healthy ? 'fine' : 'ill');
      this.#changed();
      return;
    }
    this.requests += 1;
    let body = '';
    request.setEncoding('latin1').on('data', (chunk: string) => {
      body += chunk;
    });
    request.on('end', () => {
      this.bodies.push(body);
      const status = Number(/^\/status\/(\d{3})$/.exec(request.url ?? '')?.[1] ?? 200);
      if (!this.#holding) return respond(response, status, this.name);
      this.#held.push(() => respond(response, status, this.name));
      this.#changed();
    });
  }

  #changed(): void {
    for (const look of [...this.#waiting]) look();
  }

  #until(what: string, holds: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(look);
        reject(new Error(`waited in vain until ${what}`));
      }, WAIT_MS);
      const look = () => {
        if (!holds()) return;
        clearTimeout(timer);
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
      look();
    });
  }
}

export function startBackend(name: string): Promise<NamedBackend> {
  return new NamedBackend(name).listen();
}

function respond(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'text/plain', 'content-length': Buffer.byteLength(body) });
  response.end(body);
}
