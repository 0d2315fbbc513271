// A backend under the test's full control: it accepts, keeps every connection it ever had, and either
// answers by a script or leaves the talking to the test.
import net from 'node:net';
import tls from 'node:tls';
import { type RawMessage, RawStream } from './raw-stream.ts';

export type Answer = (request: RawMessage, connection: RawStream) => string | undefined;

export class RawServer implements AsyncDisposable {
  readonly connections: RawStream[] = [];
  /** Every request an answering server has seen, in order. */
  readonly requests: RawMessage[] = [];
  readonly #server: net.Server;
  readonly #waiting = new Set<() => void>();

  constructor(server: net.Server) {
    this.#server = server;
  }

  /** Without `answer` the test does the talking, through `connection`; with `encryption` over TLS. */
  static async listen(answer?: Answer, port = 0, encryption?: tls.TlsOptions): Promise<RawServer> {
    const options = { allowHalfOpen: true, noDelay: true };
    const server =
      encryption === undefined ? net.createServer(options) : tls.createServer({ ...options, ...encryption });
    const raw = new RawServer(server);
    server.on(encryption === undefined ? 'connection' : 'secureConnection', (socket: net.Socket) => {
      const connection = new RawStream(socket);
      raw.connections.push(connection);
      if (answer !== undefined) void raw.#serve(connection, answer);
      for (const check of [...raw.#waiting]) check();
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
    return raw;
  }

  /** Answers every request with its own name. */
  static named(name: string): Promise<RawServer> {
    return RawServer.listen(() => ok(name));
  }

  get port(): number {
    return (this.#server.address() as net.AddressInfo).port;
  }

  /** Connections the engine has not ended. */
  get openConnections(): number {
    return this.connections.filter((connection) => !connection.ended && !connection.closed).length;
  }

  /** The `n`th connection ever accepted, once there is one. */
  async connection(n = 0): Promise<RawStream> {
    while (this.connections.length <= n) {
      await new Promise<void>((resolve) => {
        const check = (): void => {
          this.#waiting.delete(check);
          resolve();
        };
        this.#waiting.add(check);
      });
    }
    return this.connections[n]!;
  }

  async #serve(connection: RawStream, answer: Answer): Promise<void> {
    for (;;) {
      await connection
        .until(() => connection.received.length > 0 || connection.ended || connection.closed)
        .catch(ignore);
      if (connection.closed || (connection.ended && connection.received.length === 0)) {
        connection.end();
        return;
      }
      if (connection.received.length === 0) continue;
      const request = await connection.message().catch(ignore);
      if (request === undefined) return;
      this.requests.push(request);
      const reply = answer(request, connection);
      if (reply !== undefined) connection.send(reply);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    for (const connection of this.connections) connection.socket.destroy();
    await Promise.all(this.connections.map((connection) => connection.untilClosed()));
  }
}

export function ok(body: string, ...lines: string[]): string {
  return ['HTTP/1.1 200 OK', `Content-Length: ${Buffer.byteLength(body, 'latin1')}`, ...lines, '', body].join(
    '\r\n',
  );
}

function ignore(): undefined {
  return undefined;
}
