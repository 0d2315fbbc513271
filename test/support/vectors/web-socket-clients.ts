// Clients that ask for a WebSocket, over HTTP/1.1 by an upgrade and over HTTP/2 by an extended CONNECT
// (RFC 8441), and what goes through it. Used by vector-streams.spec.ts.
import type { ClientHttp2Stream } from 'node:http2';
import { answerOf, type H2Answer, H2Client } from '../h2-engine.ts';
import type { RawClient } from '../raw-client.ts';

/** Of an HTTP/1.1 client; one over HTTP/2 asks for the same. */
export const WEB_SOCKET_REQUEST =
  'GET /ws HTTP/1.1\r\nHost: a.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';

export interface WebSocketClient extends AsyncDisposable {
  /** `early` is sent right behind it. */
  ask(request: string, early?: string): void;
  granted(): Promise<void>;
  /** Status and body of an ordinary answer. */
  declined(): Promise<[number, string]>;
  /** Of an ordinary request on the same connection. */
  next(path: string): Promise<[number, string]>;
  send(bytes: string): void;
  /** Received through the tunnel. */
  readonly text: string;
  end(): void;
  abort(): void;
  /** The other side has ended it. */
  readonly over: boolean;
  /** It ended otherwise than in good order. */
  readonly broken: boolean;
}

export class Http1WebSocketClient implements WebSocketClient {
  readonly #client: RawClient;

  constructor(client: RawClient) {
    this.#client = client;
  }

  ask(request: string, early = ''): void {
    this.#client.send(request + early);
  }

  async granted(): Promise<void> {
    const [status] = await this.declined();
    if (status !== 101) throw new Error(`answered with ${status}`);
  }

  async declined(): Promise<[number, string]> {
    const { status, body } = await this.#client.message();
    return [status, body];
  }

  next(path: string): Promise<[number, string]> {
    this.#client.send(`GET ${path} HTTP/1.1\r\nHost: a.test\r\n\r\n`);
    return this.declined();
  }

  send(bytes: string): void {
    this.#client.send(bytes);
  }

  get text(): string {
    return this.#client.text;
  }

  end(): void {
    this.#client.end();
  }

  abort(): void {
    this.#client.reset();
  }

  get over(): boolean {
    return this.#client.ended || this.#client.closed;
  }

  get broken(): boolean {
    return this.#client.errorCode !== '';
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#client[Symbol.asyncDispose]();
  }
}

export class Http2WebSocketClient implements WebSocketClient {
  readonly #client: H2Client;
  #stream: ClientHttp2Stream | null = null;
  #answer: Promise<H2Answer> | null = null;
  #granted: Promise<number> | null = null;
  text = '';

  constructor(client: H2Client) {
    this.#client = client;
  }

  static async connect(port: number): Promise<Http2WebSocketClient> {
    return new Http2WebSocketClient(await H2Client.connect(port));
  }

  ask(request: string, early = ''): void {
    const stream = this.#client.open(
      {
        ':method': 'CONNECT',
        ':protocol': 'websocket',
        ':path': request.split(' ')[1],
        'sec-websocket-version': '13',
      },
      { endStream: false },
    );
    this.#stream = stream;
    this.#granted = new Promise((resolve) =>
      stream.once('response', (head) => resolve(Number(head[':status']))),
    );
    this.#answer = answerOf(stream);
    this.#answer.catch(() => undefined);
    stream.on('data', (chunk: Buffer) => {
      this.text += chunk.toString('latin1');
    });
    if (early !== '') stream.write(early);
  }

  async granted(): Promise<void> {
    const status = await this.#granted;
    if (status !== 200) throw new Error(`answered with ${status}`);
  }

  async declined(): Promise<[number, string]> {
    const { status, body } = await this.#answer!;
    return [status, body];
  }

  async next(path: string): Promise<[number, string]> {
    const { status, body } = await this.#client.request({ ':path': path });
    return [status, body];
  }

  send(bytes: string): void {
    this.#stream?.write(bytes);
  }

  end(): void {
    this.#stream?.end();
  }

  abort(): void {
    this.#stream?.close(8);
  }

  get over(): boolean {
    return this.#stream?.closed === true;
  }

  get broken(): boolean {
    return this.#stream?.rstCode !== 0;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#client[Symbol.asyncDispose]();
  }
}
