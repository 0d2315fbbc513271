// A backend that reads what arrives with llhttp and answers from a list, in pieces. Bytes behind a switch
// of protocols are collected, and it ends its side once `tunnelBytes` of them are there. Used by
// http1-engine-fuzz.spec.ts.
import { once } from 'node:events';
import net from 'node:net';
import { type HttpMessage, HttpReader } from './llhttp.ts';

export interface Answer {
  /** Written one by one, so that the other side reads them apart. */
  pieces: Buffer[];
  /** Its body ends with the connection. */
  closes: boolean;
  /** To a protocol other than HTTP. */
  switches: boolean;
}

export class FuzzBackend implements AsyncDisposable {
  /** Complete requests, over all connections, in the order of their end. */
  requests: HttpMessage[] = [];
  /** What llhttp refused of any connection. */
  errors: string[] = [];
  tunnelled: Buffer[] = [];
  answers: Answer[] = [];
  tunnelBytes = 0;
  /** The answer that switches is written. */
  #switched = false;
  readonly #server = net.createServer({ allowHalfOpen: true, noDelay: true }, (socket) =>
    this.#serve(socket),
  );
  readonly #sockets = new Set<net.Socket>();

  static async listen(): Promise<FuzzBackend> {
    const backend = new FuzzBackend();
    backend.#server.listen(0, '127.0.0.1');
    await once(backend.#server, 'listening');
    return backend;
  }

  get port(): number {
    return (this.#server.address() as net.AddressInfo).port;
  }

  /** Before the next client. */
  expect(answers: Answer[], tunnelBytes: number): void {
    this.requests = [];
    this.errors = [];
    this.tunnelled = [];
    this.answers = answers;
    this.tunnelBytes = tunnelBytes;
    this.#switched = false;
  }

  #serve(socket: net.Socket): void {
    this.#sockets.add(socket);
    let reader: HttpReader;
    const onComplete = (message: HttpMessage): void => {
      this.requests.push(message);
      const answer = this.answers.shift();
      // A server that answers an upgrade with something else goes on reading HTTP.
      if (message.upgrade && answer?.switches !== true) reader = new HttpReader('request', { onComplete });
      void this.#answer(socket, answer);
    };
    reader = new HttpReader('request', { onComplete });
    socket.on('data', (bytes) => {
      const reading = reader;
      reading.read(bytes);
      if (reading.error !== '') this.errors.push(reading.error);
      this.tunnelled.push(...reading.behind.splice(0));
      this.#endTunnel(socket);
    });
    socket.on('end', () => socket.end());
    socket.on('error', () => {});
    socket.on('close', () => this.#sockets.delete(socket));
  }

  async #answer(socket: net.Socket, answer: Answer | undefined): Promise<void> {
    if (answer === undefined) {
      socket.destroy();
      return;
    }
    await writePieces(socket, answer.pieces);
    this.#switched = answer.switches;
    if (answer.closes) socket.end();
    this.#endTunnel(socket);
  }

  /** Once both have said all they have to say. */
  #endTunnel(socket: net.Socket): void {
    const sizeBytes = this.tunnelled.reduce((sum, part) => sum + part.length, 0);
    if (this.#switched && sizeBytes >= this.tunnelBytes) socket.end();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}

/** A turn of the event loop between them: on loopback they then arrive apart, mostly. */
export async function writePieces(socket: net.Socket, pieces: readonly Buffer[]): Promise<void> {
  for (const [index, piece] of pieces.entries()) {
    if (index > 0) await new Promise((resolve) => setImmediate(resolve));
    if (socket.writable) socket.write(piece);
  }
}
