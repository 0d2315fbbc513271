// Writes to one socket with as few system calls as possible: text and small byte runs are collected into one
// latin1 string, written once at `flush`. Used by response-writer.ts and upstream-connection.ts; `flush` is
// due at the end of every batch of received bytes.
import type { Socket } from 'node:net';

/** Node writes a string up to this length straight from a stack buffer, without allocating. */
const JOIN_MAX_BYTES = 16_384;

export class SocketWriter {
  readonly #socket: Socket;
  #pending = '';

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  text(latin1: string): void {
    this.#pending += latin1;
  }

  /** `lasting`: the bytes stay as they are while `holdsBytes`; otherwise they are copied. */
  bytes(bytes: Buffer, lasting: boolean): void {
    if (this.#pending.length + bytes.length <= JOIN_MAX_BYTES) {
      this.#pending += bytes.toString('latin1', 0, bytes.length);
      return;
    }
    const owned = lasting ? bytes : Buffer.from(bytes);
    if (this.#pending === '') {
      this.#socket.write(owned);
      return;
    }
    this.#socket.cork();
    this.#writePending();
    this.#socket.write(owned);
    this.#socket.uncork();
  }

  /** The system has not taken all yet. */
  holdsBytes(): boolean {
    return this.#socket.writableLength > 0;
  }

  /** False: the socket has enough to do; wait for its 'drain'. */
  flush(): boolean {
    if (this.#pending !== '') this.#writePending();
    return !this.#socket.writableNeedDrain;
  }

  #writePending(): void {
    const text = this.#pending;
    this.#pending = '';
    this.#socket.write(text, 'latin1');
  }
}
