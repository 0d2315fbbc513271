// The data of one stream that arrived together, as one piece: however small a client cuts it, a backend
// is written to once per read. Invariant: nothing waits longer than the callback that brought it. One
// per stream; owned by stream-front.ts.

export class ReadBatch {
  readonly #onRead: () => void;
  #pieces: Buffer[] = [];

  /** `onRead`: all that arrived together has been added. */
  constructor(onRead: () => void) {
    this.#onRead = onRead;
  }

  add(piece: Buffer): void {
    // node:http2 tells of every frame of a read before this runs.
    if (this.#pieces.push(piece) === 1) process.nextTick(this.#onRead);
  }

  /** Null: it has been taken already. */
  take(): Buffer | null {
    const pieces = this.#pieces;
    if (pieces.length === 0) return null;
    this.#pieces = [];
    return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
  }
}
