// Backends of either version that hold every request until the spec answers it, said the same way.
// Used by the vector specs that run against both.
import type { PoolWords } from '../engine-harness.ts';
import { H2Backend } from '../h2-backends.ts';
import { ok, RawServer } from '../raw-server.ts';

export interface HeldRequest {
  path: string;
  /** A whole answer. */
  answer(body: string): void;
  /** The head of an answer without a length, and what there is of its body. */
  begin(part: string, contentType?: string): void;
  /** More of the body that was begun. */
  goOn(part: string): void;
  /** Whether the engine has let go of it. */
  readonly over: boolean;
}

export interface HoldingBackend extends AsyncDisposable {
  readonly port: number;
  /** In the order they came. */
  readonly held: HeldRequest[];
  /** The `n`th ever, once it has come. */
  request(n?: number): Promise<HeldRequest>;
}

export interface AnyBackend {
  name: 'HTTP/1.1' | 'HTTP/2';
  pool: Partial<PoolWords>;
  listen(): Promise<HoldingBackend>;
}

export const ALL_BACKENDS: readonly AnyBackend[] = [
  { name: 'HTTP/1.1', pool: {}, listen: holdingHttp1 },
  { name: 'HTTP/2', pool: { protocol: 'http2' }, listen: holdingHttp2 },
];

class Arrivals {
  readonly held: HeldRequest[] = [];
  readonly #waiting = new Set<() => void>();

  add(request: HeldRequest): void {
    this.held.push(request);
    for (const look of [...this.#waiting]) look();
  }

  request(n = 0): Promise<HeldRequest> {
    return new Promise((resolve) => {
      const look = (): void => {
        const request = this.held[n];
        if (request === undefined) return;
        this.#waiting.delete(look);
        resolve(request);
      };
      this.#waiting.add(look);
      look();
    });
  }
}

async function holdingHttp1(): Promise<HoldingBackend> {
  const arrivals = new Arrivals();
  const chunk = (part: string): string => `${part.length.toString(16)}\r\n${part}\r\n`;
  const server = await RawServer.listen((request, connection) => {
    arrivals.add({
      path: request.target,
      answer: (body) => connection.send(ok(body)),
      begin: (part, type = 'text/plain') =>
        connection.send(
          `HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\nTransfer-Encoding: chunked\r\n\r\n${chunk(part)}`,
        ),
      goOn: (part) => connection.send(chunk(part)),
      get over() {
        return connection.ended || connection.closed;
      },
    });
    return undefined;
  });
  return {
    port: server.port,
    held: arrivals.held,
    request: (n) => arrivals.request(n),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

async function holdingHttp2(): Promise<HoldingBackend> {
  const arrivals = new Arrivals();
  const server = await H2Backend.listen(({ stream, headers }) => {
    stream.resume();
    arrivals.add({
      path: String(headers[':path']),
      answer: (body) => {
        stream.respond({ ':status': 200 });
        stream.end(body);
      },
      begin: (part, type = 'text/plain') => {
        stream.respond({ ':status': 200, 'content-type': type });
        stream.write(part);
      },
      goOn: (part) => void stream.write(part),
      get over() {
        return stream.closed;
      },
    });
  });
  return {
    port: server.port,
    held: arrivals.held,
    request: (n) => arrivals.request(n),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
