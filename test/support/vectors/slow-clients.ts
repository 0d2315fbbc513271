// Clients that begin something and do not get on with it, over HTTP/1.1 and HTTP/2: a head, a body, the
// taking of an answer; or who give it up. Each says the same to its spec. Used by vector-timeouts.spec.ts
// and vector-aborts.spec.ts.
import { END_HEADERS, frame, get, H2RawClient, headers, TYPE, uint32 } from '../h2-frames.ts';
import type { RawClient } from '../raw-client.ts';
import type { RawStream } from '../raw-stream.ts';

export interface SlowClient extends AsyncDisposable {
  readonly connection: RawStream;
  /** A whole request without a body. */
  ask(): void;
  /** All of a head but its end. */
  beginHead(): void;
  /** A head that promises more than the three bytes of its body that come with it. */
  beginBody(): void;
  /** One more byte of what was begun, which does not end it. */
  goOn(): void;
  /** Gives up its last request: a reset, of the stream where there are some. */
  abort(): void;
  /** Of the answer, once its head is here. */
  status(): Promise<number>;
  /** Once the body, of a known length or not, holds this. */
  untilBody(part: string): Promise<void>;
  /** Whether anything that looks like an answer has come. */
  readonly answered: boolean;
  /** Whether the answer has ended as a complete one does. */
  readonly complete: boolean;
}

const CANCEL = 8;
const GET = 'GET / HTTP/1.1\r\nHost: a.test\r\n';

export class SlowHttp1Client implements SlowClient {
  readonly connection: RawClient;

  constructor(connection: RawClient) {
    this.connection = connection;
  }

  ask(): void {
    this.connection.send(`${GET}\r\n`);
  }

  beginHead(): void {
    this.connection.send(`${GET}X: `);
  }

  beginBody(): void {
    this.connection.send('POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 100000\r\n\r\nabc');
  }

  goOn(): void {
    if (!this.connection.closed) this.connection.send('x');
  }

  abort(): void {
    this.connection.reset();
  }

  untilBody(part: string): Promise<void> {
    return this.connection.untilText(part);
  }

  async status(): Promise<number> {
    await this.connection.untilText('\r\n\r\n');
    return Number(this.connection.text.split(' ')[1]);
  }

  get answered(): boolean {
    return this.connection.receivedTotal > 0;
  }

  get complete(): boolean {
    const { text } = this.connection;
    const headEnd = text.indexOf('\r\n\r\n');
    const length = /^content-length: (\d+)/im.exec(text)?.[1];
    return headEnd !== -1 && length !== undefined && text.length - headEnd - 4 >= Number(length);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.connection[Symbol.asyncDispose]();
  }
}

export class SlowHttp2Client implements SlowClient {
  readonly connection: H2RawClient;
  /** Odd, one for each request. */
  #stream = -1;
  /** What is left of a header block, whose frame has announced all of it. */
  #block: Buffer = Buffer.alloc(0);

  constructor(connection: H2RawClient) {
    this.connection = connection;
  }

  static async connect(port: number): Promise<SlowHttp2Client> {
    return new SlowHttp2Client(await H2RawClient.connect(port));
  }

  ask(): void {
    this.#stream += 2;
    this.connection.send(headers(this.#stream, get()));
  }

  beginHead(): void {
    this.#stream += 2;
    const whole = headers(this.#stream, get({}, ['x', 'x'.repeat(4000)]));
    const begun = whole.length - 3990;
    this.connection.send(whole.subarray(0, begun));
    this.#block = whole.subarray(begun);
  }

  beginBody(): void {
    this.#stream += 2;
    this.connection
      .send(headers(this.#stream, get({ ':method': 'POST' }, ['content-length', '100000']), END_HEADERS))
      .send(frame(TYPE.data, 0, this.#stream, 'abc'));
  }

  goOn(): void {
    if (this.connection.closed) return;
    if (this.#block.length === 0) {
      this.connection.send(frame(TYPE.data, 0, this.#stream, 'x'));
      return;
    }
    this.connection.send(this.#block.subarray(0, 1));
    this.#block = this.#block.subarray(1);
  }

  abort(): void {
    this.connection.send(frame(TYPE.reset, 0, this.#stream, uint32(CANCEL)));
  }

  untilBody(part: string): Promise<void> {
    return this.connection.until(() => this.connection.data(this.#stream).includes(part), part);
  }

  status(): Promise<number> {
    return this.connection.status(this.#stream);
  }

  get answered(): boolean {
    return this.connection.frames.some(({ type }) => type === TYPE.headers);
  }

  get complete(): boolean {
    return this.connection.isComplete(this.#stream);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.connection[Symbol.asyncDispose]();
  }
}
