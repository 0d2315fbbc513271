// The byte stream node:http2 gets in place of a client's socket, so that every byte passes a guard
// first. Invariant: backpressure, half-close and errors of the socket pass unchanged. Made by
// connection.ts.
import { Duplex } from 'node:stream';

type Done = (error?: Error | null) => void;

export class GuardedSocket extends Duplex {
  readonly #socket: Duplex;

  /** `inspect`: false keeps the chunk back. */
  constructor(socket: Duplex, inspect: (chunk: Buffer) => boolean) {
    super({ allowHalfOpen: true });
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => {
      if (inspect(chunk) && !this.push(chunk)) socket.pause();
    });
    socket.on('end', () => this.push(null));
    socket.on('error', (error) => this.destroy(error));
    socket.on('close', () => this.destroy());
  }

  /** Sends a frame of our own. The session hands over whole frames at a time, so this is between two. */
  insert(frame: Buffer): void {
    this.#socket.write(frame);
  }

  override _read(): void {
    if (this.#socket.isPaused()) this.#socket.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: Done): void {
    this.#socket.write(chunk, done);
  }

  override _writev(chunks: { chunk: Buffer }[], done: Done): void {
    const last = chunks.length - 1;
    this.#socket.cork();
    for (let i = 0; i < last; i++) this.#socket.write(chunks[i]!.chunk);
    this.#socket.write(chunks[last]!.chunk, done);
    this.#socket.uncork();
  }

  override _final(done: Done): void {
    this.#socket.end(done);
  }

  override _destroy(error: Error | null, done: Done): void {
    this.#socket.destroy();
    done(error);
  }
}
