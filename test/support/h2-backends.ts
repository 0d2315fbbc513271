// Backends that speak HTTP/2, in clear text or over TLS: node:http2 for what is right, raw frames for
// what is wrong.
import http2, { type IncomingHttpHeaders, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import net from 'node:net';
import type { TlsOptions } from 'node:tls';
import { H2RawClient, PREFACE, settings } from './h2-frames.ts';

export interface H2Request {
  stream: ServerHttp2Stream;
  headers: IncomingHttpHeaders;
  /** Names and values as received. */
  fields: string[];
  /** All of the body, latin1. */
  body(): Promise<string>;
  /** Once the body has been read. */
  trailers: IncomingHttpHeaders;
}

export type H2Handler = (request: H2Request) => void;

export class H2Backend implements AsyncDisposable {
  readonly requests: H2Request[] = [];
  readonly sessions: ServerHttp2Session[] = [];
  readonly #server: http2.Http2Server;

  constructor(server: http2.Http2Server, handler: H2Handler) {
    this.#server = server;
    server.on('session', (session) => {
      this.sessions.push(session);
      session.on('error', () => undefined);
    });
    server.on('sessionError', () => undefined);
    server.on('stream', (stream, headers, _flags, fields) => {
      stream.on('error', () => undefined);
      const request: H2Request = { stream, headers, fields, trailers: {}, body: () => bodyOf(stream) };
      stream.on('trailers', (trailers) => {
        request.trailers = trailers;
      });
      this.requests.push(request);
      handler(request);
    });
  }

  /** With `encryption` over TLS. */
  static async listen(
    handler: H2Handler,
    options: http2.ServerOptions = {},
    encryption?: TlsOptions,
    port = 0,
  ): Promise<H2Backend> {
    const server =
      encryption === undefined
        ? http2.createServer(options)
        : http2.createSecureServer({ ...options, ...encryption });
    const backend = new H2Backend(server as http2.Http2Server, handler);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
    return backend;
  }

  get port(): number {
    return (this.#server.address() as net.AddressInfo).port;
  }

  get openSessions(): number {
    return this.sessions.filter((session) => !session.closed && !session.destroyed).length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const session of this.sessions) session.destroy();
    await closed;
  }
}

/** Answers with this status, these headers and this body. */
export function respond({ stream }: H2Request, body: string, headers: http2.OutgoingHttpHeaders = {}): void {
  stream.respond({ ':status': 200, ...headers });
  stream.end(body);
}

function bodyOf(stream: ServerHttp2Stream): Promise<string> {
  return new Promise((resolve, reject) => {
    let body = '';
    stream.on('data', (chunk: Buffer) => {
      body += chunk.toString('latin1');
    });
    stream.on('end', () => resolve(body));
    stream.on('aborted', () => reject(new Error('the request was cut short')));
  });
}

/** The engine's connection, frame by frame. */
export class H2RawBackend implements AsyncDisposable {
  readonly connections: H2RawClient[] = [];
  readonly #server: net.Server;
  readonly #waiting = new Set<() => void>();

  constructor(first: Buffer | null) {
    this.#server = net.createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
      const connection = new H2RawClient(socket, PREFACE.length);
      this.connections.push(connection);
      if (first !== null) connection.send(first);
      for (const check of [...this.#waiting]) check();
    });
  }

  /** `first` is what it sends on its own; null: nothing. */
  static async listen(first: Buffer | null = settings()): Promise<H2RawBackend> {
    const backend = new H2RawBackend(first);
    await new Promise<void>((resolve, reject) => {
      backend.#server.once('error', reject);
      backend.#server.listen(0, '127.0.0.1', resolve);
    });
    return backend;
  }

  get port(): number {
    return (this.#server.address() as net.AddressInfo).port;
  }

  /** The `n`th connection ever accepted, once there is one. */
  async connection(n = 0): Promise<H2RawClient> {
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

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    for (const connection of this.connections) connection.socket.destroy();
    await Promise.all(this.connections.map((connection) => connection.untilClosed()));
  }
}
