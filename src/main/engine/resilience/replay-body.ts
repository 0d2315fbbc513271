// The part of a request body that was sent so far, kept so that it can be sent again, byte for byte.
// Invariant: `whole` means that `kept` is everything taken from the client; once more than the limit
// was sent, nothing is kept and `whole` stays false until the next request. Pure; owned by
// exchange/outgoing-request.ts.

const EMPTY = Buffer.alloc(0);
const FIRST_COPY_BYTES = 4096;

export class ReplayBody {
  whole = true;
  #limitBytes = 0;
  #bytes: Buffer = EMPTY;
  #length = 0;
  /** `#bytes` is our own copy with room to grow, not a piece of what the client sent. */
  #own = false;

  start(limitBytes: number): void {
    this.whole = true;
    this.#limitBytes = limitBytes;
    if (this.#length !== 0) this.#release();
  }

  get kept(): Buffer {
    return this.#length === this.#bytes.length ? this.#bytes : this.#bytes.subarray(0, this.#length);
  }

  /** Pieces are held, which must not change meanwhile. */
  get holds(): boolean {
    return this.#length !== 0;
  }

  /** A piece that is being sent: kept as long as all of them fit. */
  sending(piece: Buffer): void {
    if (!this.whole) return;
    if (this.#length + piece.length > this.#limitBytes) this.drop();
    else this.#append(piece);
  }

  /** A piece that came while nobody could take it: kept whatever its size, `sent` follows. */
  holding(piece: Buffer): void {
    this.#append(piece);
  }

  /** Everything kept has been sent: what is over the limit need not be held any longer. */
  sent(): void {
    if (this.#length > this.#limitBytes) this.drop();
  }

  /** Nothing will be sent again. */
  drop(): void {
    this.whole = false;
    this.#release();
  }

  #append(piece: Buffer): void {
    // Most bodies are one piece, which is then not copied.
    if (this.#length === 0) {
      this.#bytes = piece;
      this.#length = piece.length;
      this.#own = false;
      return;
    }
    const length = this.#length + piece.length;
    if (!this.#own || length > this.#bytes.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(length * 2, FIRST_COPY_BYTES));
      this.#bytes.copy(grown, 0, 0, this.#length);
      this.#bytes = grown;
      this.#own = true;
    }
    piece.copy(this.#bytes, this.#length);
    this.#length = length;
  }

  #release(): void {
    this.#bytes = EMPTY;
    this.#length = 0;
    this.#own = false;
  }
}
