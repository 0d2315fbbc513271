// Raw HTTP/1.1 load, in clear text or over TLS: connections that each ask, wait for the whole answer and ask
// again. Everything that is not a complete 200 is a failure with a name; that a server ends a connection
// between two requests, or says so in an answer, is none. No waiting but for answers, or for the pace asked
// for.
import net from 'node:net';
import tls from 'node:tls';

/** Said of what goes wrong with a connection that has had no answer yet. */
const UNANSWERED = 'before the first answer';

/** The kernel's answer to a connection nobody had taken from the queue of a socket that is closed. */
export const RESET_IN_QUEUE = `ECONNRESET ${UNANSWERED}`;

export interface LoadShape {
  connections: number;
  /** Requests before a connection is replaced; without it only the server ends it. */
  requestsPerConnection?: number;
  /** Between two requests of one connection. */
  paceMs?: number;
  path?: string;
  /** Over TLS, for localhost, with any certificate; every connection is a handshake of its own. */
  secure?: boolean;
}

export class Load {
  ok = 0;
  opened = 0;
  /** How often what went wrong. */
  readonly failures: Record<string, number> = {};
  readonly #port: number;
  readonly #shape: LoadShape;
  readonly #done: Promise<unknown>;
  readonly #waiting = new Set<() => void>();
  #stopping = false;

  private constructor(port: number, shape: LoadShape) {
    this.#port = port;
    this.#shape = shape;
    this.#done = Promise.all(Array.from({ length: shape.connections }, () => this.#run()));
  }

  static start(port: number, shape: LoadShape): Load {
    return new Load(port, shape);
  }

  get failed(): number {
    return Object.values(this.failures).reduce((sum, count) => sum + count, 0);
  }

  /** Waits for so many more complete answers than there are. */
  untilAnswered(more: number): Promise<void> {
    const wanted = this.ok + more;
    return new Promise((resolve) => {
      const look = (): void => {
        if (this.ok < wanted) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
    });
  }

  /** Lets every request under way end. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#done;
  }

  async #run(): Promise<void> {
    while (!this.#stopping) await this.#connection();
  }

  /** One connection until it ends. */
  #connection(): Promise<void> {
    const { requestsPerConnection = Infinity, paceMs = 0, path = '/', secure = false } = this.#shape;
    const request = `GET ${path} HTTP/1.1\r\nHost: load.test\r\n\r\n`;
    return new Promise((resolve) => {
      const address = { port: this.#port, host: '127.0.0.1', noDelay: true };
      const socket = secure
        ? tls.connect({ ...address, servername: 'localhost', rejectUnauthorized: false })
        : net.connect(address);
      let received = '';
      let asked = 0;
      let answered = 0;
      let isWaiting = false;
      let isFinal = false;
      const ask = (): void => {
        if (this.#stopping || asked >= requestsPerConnection || isFinal) {
          socket.end();
          return;
        }
        asked++;
        isWaiting = true;
        socket.write(request);
      };
      socket.on(secure ? 'secureConnect' : 'connect', () => {
        this.opened++;
        ask();
      });
      socket.on('data', (chunk) => {
        received += chunk.toString('latin1');
        const answer = takeAnswer(received);
        if (answer === undefined) return;
        received = received.slice(answer.length);
        isWaiting = false;
        answered++;
        isFinal = answer.isFinal;
        if (answer.status === '200') this.ok++;
        else this.#fail(`status ${answer.status}`);
        for (const look of [...this.#waiting]) look();
        if (paceMs > 0) setTimeout(ask, paceMs);
        else ask();
      });
      socket.on('error', (error: NodeJS.ErrnoException) => {
        const code = error.code ?? error.message;
        if (isWaiting || asked === 0) this.#fail(answered === 0 ? `${code} ${UNANSWERED}` : code);
        isWaiting = false;
      });
      socket.on('close', () => {
        if (isWaiting) this.#fail(received === '' ? 'closed without an answer' : 'closed within an answer');
        resolve();
      });
    });
  }

  #fail(what: string): void {
    this.failures[what] = (this.failures[what] ?? 0) + 1;
  }
}

function takeAnswer(text: string): { status: string; length: number; isFinal: boolean } | undefined {
  const headEnd = text.indexOf('\r\n\r\n');
  if (headEnd === -1) return undefined;
  const head = text.slice(0, headEnd);
  const length = headEnd + 4 + Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
  if (text.length < length) return undefined;
  return { status: head.slice(9, 12), length, isFinal: /\r\nconnection: *close/i.test(head) };
}
