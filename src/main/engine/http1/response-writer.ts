// Writes the responses of one HTTP/1.1 client connection: frames each body the way its client can
// read it and decides whether the connection may go on behind it. Owned by client-connection.ts.
import type { Socket } from 'node:net';
import type { Forwarding } from '../exchange/forwarded.ts';
import { BODY, type BodyKind, type RequestHead, type ResponseHead } from '../exchange/message.ts';
import { plainResponse, responseHeadText } from './serialize.ts';
import { SocketWriter } from './socket-writer.ts';

const LAST_CHUNK = '0\r\n\r\n';
const CONTINUE = 'HTTP/1.1 100 Continue\r\n\r\n';

interface OwnAnswer {
  /** Null: what arrived was none. */
  request: RequestHead | null;
  mayGoOn: boolean;
  retryAfterS?: number | undefined;
  location?: string;
}

export class ResponseWriter {
  readonly #writer: SocketWriter;
  readonly #forwarding: Pick<Forwarding, 'via'>;
  /** What the last head told the client: another request may follow. */
  keepAlive = false;
  /** The backend's body ends with its connection; the client gets it chunked, so that its own may go on. */
  #chunking = false;

  constructor(socket: Socket, forwarding: Pick<Forwarding, 'via'>) {
    this.#writer = new SocketWriter(socket);
    this.#forwarding = forwarding;
  }

  /** Asks for the body the client holds back. */
  continue(): void {
    this.#writer.text(CONTINUE);
    this.#writer.flush();
  }

  /** A 1xx. All `head` methods answer the number of bytes. */
  interimHead(head: ResponseHead): number {
    const { via } = this.#forwarding;
    return this.#text(responseHeadText(head, { minor: 1, keepAlive: true, body: BODY.none, via }));
  }

  head(head: ResponseHead, request: RequestHead, mayGoOn: boolean): number {
    const { minor } = request;
    let body: BodyKind = head.body;
    this.#chunking = body === BODY.close && minor === 1;
    if (this.#chunking) body = BODY.chunked;
    else if (body === BODY.chunked && minor === 0) body = BODY.close;
    this.keepAlive = body !== BODY.close && mayGoOn;
    const { via } = this.#forwarding;
    return this.#text(responseHeadText(head, { minor, keepAlive: this.keepAlive, body, via }));
  }

  body(bytes: Buffer, lasting: boolean): void {
    if (!this.#chunking) {
      this.#writer.bytes(bytes, lasting);
      return;
    }
    this.#writer.text(`${bytes.length.toString(16)}\r\n`);
    this.#writer.bytes(bytes, lasting);
    this.#writer.text('\r\n');
  }

  end(): void {
    if (this.#chunking) this.#writer.text(LAST_CHUNK);
    this.#writer.flush();
  }

  /** A whole answer of our own. */
  answer(status: number, text: string, { request, mayGoOn, ...fields }: OwnAnswer): number {
    this.keepAlive = mayGoOn;
    const head = request?.method === 'HEAD';
    const minor = request?.minor ?? 1;
    const bytes = this.#text(plainResponse(status, text, { ...fields, keepAlive: mayGoOn, head, minor }));
    this.#writer.flush();
    return bytes;
  }

  /** False: the client has enough to read. */
  flush(): boolean {
    return this.#writer.flush();
  }

  holdsBytes(): boolean {
    return this.#writer.holdsBytes();
  }

  #text(text: string): number {
    this.#writer.text(text);
    return text.length;
  }
}
