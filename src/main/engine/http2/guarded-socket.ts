// The byte stream node:http2 gets in place of a client's socket, so that every byte passes a guard
// first and no client has the loop to itself. Invariant: backpressure, half-close and errors of the
// socket pass unchanged. Made by connection.ts.
import { Duplex } from 'node:stream';

/** 'last': the session gets it, and what follows in another turn of the loop. */
export type Verdict = 'pass' | 'last' | 'drop';

type Done = (error?: Error | null) => void;

export class GuardedSocket extends Duplex {
  /** All that was handed to the socket. */
  sentBytes = 0;
  readonly #socket: Duplex;
  /** The session wants no more for now. */
  #isFull = false;
  /** What follows is for another turn. */
  #turnOver = false;

  constructor(socket: Duplex, inspect: (chunk: Buffer) => Verdict) {
    super({ allowHalfOpen: true });
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => {
      const verdict = inspect(chunk);
      if (verdict === 'drop') return;
      if (verdict === 'last') this.#endTurn();
      // Set before: the session may ask for more while it is given this.
      this.#isFull = true;
      if (this.push(chunk)) this.#isFull = false;
      else if (this.#isFull) socket.pause();
    });
    socket.on('end', () => this.push(null));
    socket.on('error', (error) => this.destroy(error));
    socket.on('close', () => this.destroy());
  }

  /** Sends a frame of our own. The session hands over whole frames at a time, so this is between two. */
  insert(frame: Buffer): void {
    this.#socket.write(frame);
  }

  #endTurn(): void {
    this.#turnOver = true;
    this.#socket.pause();
    // By then all others have been heard.
    setImmediate(() => {
      this.#turnOver = false;
      this.#resume();
    });
  }

  #resume(): void {
    if (!this.#isFull && !this.#turnOver && this.#socket.isPaused()) this.#socket.resume();
  }

  override _read(): void {
    this.#isFull = false;
    this.#resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: Done): void {
    this.sentBytes += chunk.length;
    this.#socket.write(chunk, done);
  }

  override _writev(chunks: { chunk: Buffer }[], done: Done): void {
    const last = chunks.length - 1;
    this.#socket.cork();
    for (let i = 0; i < last; i++) {
      this.sentBytes += chunks[i]!.chunk.length;
      this.#socket.write(chunks[i]!.chunk);
    }
    this.sentBytes += chunks[last]!.chunk.length;
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
