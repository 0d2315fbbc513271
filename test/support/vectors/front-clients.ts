// One request at a time through any front, and what its client makes of the answer: the view that
// HTTP/1.1 and HTTP/2 share. Used by the vector specs.
import type { EngineHarness, ListenerWords, PoolWords } from '../engine-harness.ts';
import { HTTP1_FRONTS, type Http1Front } from '../fronts.ts';
import { H2Client, http2Listener, servingHttp2 } from '../h2-engine.ts';
import type { RawClient } from '../raw-client.ts';
import { type SlowClient, SlowHttp1Client, SlowHttp2Client } from './slow-clients.ts';
import { Http1WebSocketClient, Http2WebSocketClient, type WebSocketClient } from './web-socket-clients.ts';

export interface ClientView {
  interim: number[];
  /** 0: the connection broke before the answer. */
  status: number;
  body: string;
  /** Ended as a complete answer is. */
  complete: boolean;
  contentLength: string | undefined;
  /** `name: value`, names in lower case. */
  fields: string[];
  trailers: string[];
}

/** Keeps one connection for as long as the engine does. */
export interface FrontClient extends AsyncDisposable {
  ask(method: string, path: string): Promise<ClientView>;
}

export interface AnyFront {
  name: string;
  isHttp2: boolean;
  /** A pool "api" of these backends behind the listener "web". */
  serving(
    backends: PoolWords['backends'],
    pool?: Partial<PoolWords>,
    listener?: ListenerWords,
  ): Promise<EngineHarness>;
  /** For engines made in another way. */
  listener(words: ListenerWords): Promise<ListenerWords>;
  client(engine: EngineHarness): FrontClient;
  slowClient(engine: EngineHarness): Promise<SlowClient>;
  webSocketClient(engine: EngineHarness): Promise<WebSocketClient>;
}

const HTTP2: AnyFront = {
  name: 'HTTP/2',
  isHttp2: true,
  serving: servingHttp2,
  listener: http2Listener,
  client: (engine) => new Http2FrontClient(engine),
  slowClient: (engine) => SlowHttp2Client.connect(engine.port()),
  webSocketClient: (engine) => Http2WebSocketClient.connect(engine.port()),
};

export const ALL_FRONTS: readonly AnyFront[] = [
  ...HTTP1_FRONTS.map((front) => ({
    name: front.name,
    isHttp2: false,
    serving: front.serving,
    listener: front.listener,
    client: (engine: EngineHarness) => new Http1FrontClient(front, engine),
    slowClient: async (engine: EngineHarness) => new SlowHttp1Client(await front.client(engine)),
    webSocketClient: async (engine: EngineHarness) => new Http1WebSocketClient(await front.client(engine)),
  })),
  HTTP2,
];

class Http1FrontClient implements FrontClient {
  readonly #front: Http1Front;
  readonly #engine: EngineHarness;
  #kept: RawClient | null = null;

  constructor(front: Http1Front, engine: EngineHarness) {
    this.#front = front;
    this.#engine = engine;
  }

  async ask(method: string, path: string): Promise<ClientView> {
    this.#kept ??= await this.#front.client(this.#engine);
    const client = this.#kept;
    client.send(`${method} ${path} HTTP/1.1\r\nHost: a.test\r\n\r\n`);
    const interim: number[] = [];
    for (;;) {
      const message = await Promise.race([
        client.message(method).catch(() => null),
        // Whoever got a FIN or a reset may still hold a complete message.
        client.untilClosed().then(
          () => null,
          () => null,
        ),
      ]);
      if (message === null) return this.#broken(client, interim);
      if (message.status < 200 && message.status !== 101) {
        interim.push(message.status);
        continue;
      }
      const { status, body, trailers } = message;
      if (message.field('connection') === 'close') await this[Symbol.asyncDispose]();
      return {
        interim,
        status,
        body,
        complete: true,
        contentLength: message.field('content-length'),
        fields: message.lines.map((line) => line.replace(/^[^:]*/, (name) => name.toLowerCase())),
        trailers: trailers.map((line) => line.toLowerCase()),
      };
    }
  }

  async #broken(client: RawClient, interim: number[]): Promise<ClientView> {
    const status = Number(/^HTTP\/1\.1 (\d+)/.exec(client.text)?.[1] ?? 0);
    await this[Symbol.asyncDispose]();
    return { interim, status, body: '', complete: false, contentLength: undefined, fields: [], trailers: [] };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#kept?.[Symbol.asyncDispose]();
    this.#kept = null;
  }
}

class Http2FrontClient implements FrontClient {
  readonly #engine: EngineHarness;
  #kept: H2Client | null = null;

  constructor(engine: EngineHarness) {
    this.#engine = engine;
  }

  async ask(method: string, path: string): Promise<ClientView> {
    this.#kept ??= await H2Client.connect(this.#engine.port());
    let status = 0;
    const stream = this.#kept.open({ ':method': method, ':path': path }, { endStream: true });
    const view: ClientView = {
      interim: [],
      status,
      body: '',
      complete: false,
      contentLength: undefined,
      fields: [],
      trailers: [],
    };
    stream.on('headers', (headers) => view.interim.push(Number(headers[':status'])));
    stream.on('response', (headers, _flags, raw) => {
      status = Number(headers[':status']);
      view.fields = raw.flatMap((name, i) => (i % 2 === 0 ? [`${name}: ${raw[i + 1]}`] : []));
      view.contentLength = headers['content-length'];
    });
    stream.on('trailers', (trailers) => {
      view.trailers = Object.entries(trailers).map(([name, value]) => `${name}: ${String(value)}`);
    });
    stream.on('data', (chunk: Buffer) => {
      view.body += chunk.toString('latin1');
    });
    stream.on('end', () => {
      view.complete = true;
    });
    await new Promise<void>((resolve) => stream.once('close', () => resolve()));
    return { ...view, status, complete: view.complete && stream.rstCode === 0 };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#kept?.[Symbol.asyncDispose]();
    this.#kept = null;
  }
}
