// Writes to one socket with as few system calls as possible: text and small byte runs are collected
// into one latin1 string, written once at `flush`. Used by client-connection.ts and
// upstream-connection.ts; `flush` is due at the end of every batch of received bytes.
import type { Socket } from 'node:net';

/** Node writes a string up to this length straight from a stack buffer, without allocating. */
const JOIN_MAX_BYTES = 16_384;

export class SocketWriter {
  readonly #socket: Socket;
  /** The bytes given lie in a read buffer that is overwritten when the caller returns. */
  readonly #borrowed: boolean;
  #pending = '';

  constructor(socket: Socket, borrowed: boolean) {
    this.#socket = socket;
    this.#borrowed = borrowed;
  }

  text(latin1: string): void {
    this.#pending += latin1;
  }

  bytes(bytes: Buffer): void {
    if (this.#pending.length + bytes.length <= JOIN_MAX_BYTES) {
      this.#pending += bytes.toString('latin1', 0, bytes.length);
      return;
    }
    const owned = this.#borrowed ? Buffer.from(bytes) : bytes;
    if (this.#pending === '') {
      this.#socket.write(owned);
      return;
    }
    this.#socket.cork();
    this.#writePending();
    this.#socket.write(owned);
    this.#socket.uncork();
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
