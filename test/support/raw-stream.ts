// One end of a TCP connection driven byte by byte: what was received is kept and waited for, messages
// are cut out of it by a small reader of their own, independent of the engine's codec. Base of
// raw-client.ts and raw-server.ts.
import type { Socket } from 'node:net';

const WAIT_MS = 4000;
/** Looks in a row at which a socket has written nothing before it counts as stuck. */
const STUCK_TURNS = 150;

export interface RawMessage {
  /** Request line or status line. */
  first: string;
  status: number;
  method: string;
  target: string;
  /** `Name: value` lines as received. */
  lines: string[];
  /** Body with its framing removed, latin1. */
  body: string;
  /** `Name: value` lines behind the last chunk. */
  trailers: string[];
  /** Value of a field, by any case; undefined when absent. */
  field(name: string): string | undefined;
}

export class RawStream {
  readonly socket: Socket;
  receivedTotal = 0;
  /** The other side sent its FIN. */
  ended = false;
  closed = false;
  /** Code of the socket's error, such as ECONNRESET; '' without one. */
  errorCode = '';
  readonly #waiting = new Set<() => void>();
  #chunks: Buffer[] = [];

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk: Buffer) => {
      this.#chunks.push(chunk);
      this.receivedTotal += chunk.length;
      this.#wake();
    });
    socket.on('end', () => {
      this.ended = true;
      this.#wake();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      this.errorCode = error.code ?? 'unknown';
      this.#wake();
    });
    socket.on('close', () => {
      this.closed = true;
      this.#wake();
    });
  }

  /** Received and not yet taken by `message` or `take`. */
  get received(): Buffer {
    if (this.#chunks.length !== 1) this.#chunks = [Buffer.concat(this.#chunks)];
    return this.#chunks[0]!;
  }

  get text(): string {
    return this.received.toString('latin1');
  }

  send(data: string | Buffer): this {
    this.socket.write(typeof data === 'string' ? Buffer.from(data, 'latin1') : data);
    return this;
  }

  /** Each byte as a write of its own, the next one only when the one before has left. */
  async trickle(data: string): Promise<void> {
    for (const byte of Buffer.from(data, 'latin1')) {
      await new Promise<void>((resolve) =>
        this.socket.write(Buffer.from([byte]), () => setImmediate(resolve)),
      );
    }
  }

  /**
   * Sends `pattern` over and over until nothing more is taken or `limitBytes` are: both kernels and
   * everything between are full. Answers how many bytes left this process.
   */
  async fill(pattern: Buffer, limitBytes: number): Promise<number> {
    const before = this.socket.bytesWritten;
    for (let left = limitBytes; left > 0; left -= pattern.length) {
      this.send(pattern.subarray(0, Math.min(pattern.length, left)));
      if (!(await this.#drained())) break;
    }
    return this.socket.bytesWritten - before - this.socket.writableLength;
  }

  /** Waits until `measure` has stood still for a while. */
  async stuck(measure: () => number): Promise<void> {
    let last = measure();
    for (let still = 0; still < STUCK_TURNS; ) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      still = measure() === last ? still + 1 : 0;
      last = measure();
    }
  }

  /** False: nothing has moved for a while. */
  async #drained(): Promise<boolean> {
    let left = this.socket.writableLength;
    for (let still = 0; left > 0 && still < STUCK_TURNS; ) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      still = this.socket.writableLength === left ? still + 1 : 0;
      left = this.socket.writableLength;
    }
    return left === 0;
  }

  /** Sends FIN; receiving goes on. */
  end(): this {
    this.socket.end();
    return this;
  }

  reset(): void {
    this.socket.resetAndDestroy();
  }

  destroy(): void {
    this.socket.destroy();
  }

  /** Waits until `condition` holds after some event of the socket. */
  until(condition: () => boolean, what = 'the condition'): Promise<void> {
    if (condition()) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const check = (): void => {
        if (!condition()) return;
        clearTimeout(timer);
        this.#waiting.delete(check);
        resolve();
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(check);
        reject(
          new Error(`${what} did not come; received ${JSON.stringify(this.text.slice(0, 400))} ${this.fate}`),
        );
      }, WAIT_MS);
      this.#waiting.add(check);
    });
  }

  get fate(): string {
    return `(ended ${this.ended}, closed ${this.closed}, error "${this.errorCode}")`;
  }

  untilText(part: string): Promise<void> {
    return this.until(() => this.text.includes(part), JSON.stringify(part));
  }

  untilClosed(): Promise<void> {
    return this.until(() => this.closed, 'close');
  }

  /** FIN, close or reset of the other side. */
  untilOver(): Promise<void> {
    return this.until(() => this.ended || this.closed, 'the end');
  }

  /** Takes the next complete message. `method` of the request answered: HEAD has no body. */
  async message(method = 'GET'): Promise<RawMessage> {
    let cut: ReturnType<typeof cutMessage>;
    await this.until(() => {
      cut = cutMessage(this.received, method, this.ended || this.closed);
      return cut !== undefined;
    }, 'a complete message');
    this.#chunks = [this.received.subarray(cut!.length)];
    return cut!.message;
  }

  take(): string {
    const { text } = this;
    this.#chunks = [];
    return text;
  }

  #wake(): void {
    for (const check of [...this.#waiting]) check();
  }
}

function cutMessage(
  received: Buffer,
  method: string,
  over: boolean,
): { message: RawMessage; length: number } | undefined {
  const text = received.toString('latin1');
  const headEnd = text.indexOf('\r\n\r\n');
  if (headEnd === -1) return undefined;
  const [first = '', ...lines] = text.slice(0, headEnd).split('\r\n');
  const field = (name: string): string | undefined =>
    lines
      .find((line) => line.toLowerCase().startsWith(`${name.toLowerCase()}:`))
      ?.slice(name.length + 1)
      .trim();
  const isResponse = first.startsWith('HTTP/');
  const [, second = ''] = first.split(' ');
  const status = isResponse ? Number(second) : 0;
  const from = headEnd + 4;
  const body = cutBody(text, from, { isResponse, status, method, over, field });
  if (body === undefined) return undefined;
  const message: RawMessage = {
    first,
    status,
    method: isResponse ? '' : first.slice(0, first.indexOf(' ')),
    target: isResponse ? '' : second,
    lines,
    body: body.text,
    trailers: body.trailers ?? [],
    field,
  };
  return { message, length: body.end };
}

function cutBody(
  text: string,
  from: number,
  about: {
    isResponse: boolean;
    status: number;
    method: string;
    over: boolean;
    field: (name: string) => string | undefined;
  },
): { text: string; end: number; trailers?: string[] } | undefined {
  const { isResponse, status, field } = about;
  if (isResponse && (status < 200 || status === 204 || status === 304 || about.method === 'HEAD')) {
    return { text: '', end: from };
  }
  if (field('transfer-encoding') === 'chunked') return cutChunks(text, from);
  const length = field('content-length');
  if (length !== undefined) {
    const end = from + Number(length);
    return text.length < end ? undefined : { text: text.slice(from, end), end };
  }
  if (!isResponse) return { text: '', end: from };
  return about.over ? { text: text.slice(from), end: text.length } : undefined;
}

function cutChunks(
  text: string,
  from: number,
): { text: string; end: number; trailers?: string[] } | undefined {
  let body = '';
  let at = from;
  for (;;) {
    const lineEnd = text.indexOf('\r\n', at);
    if (lineEnd === -1) return undefined;
    const size = Number.parseInt(text.slice(at, lineEnd), 16);
    at = lineEnd + 2;
    if (size === 0) {
      if (text.startsWith('\r\n', at)) return { text: body, end: at + 2 };
      const end = text.indexOf('\r\n\r\n', at);
      return end === -1
        ? undefined
        : { text: body, end: end + 4, trailers: text.slice(at, end).split('\r\n') };
    }
    if (text.length < at + size + 2) return undefined;
    body += text.slice(at, at + size);
    at += size + 2;
  }
}
