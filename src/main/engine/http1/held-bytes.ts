// What a client has sent and nobody has used yet: the start of a head, further pipelined requests, a
// body whose backend is still being connected. Owned by client-connection.ts, which bounds it.
// Invariant: however small the pieces a client sends, each byte is copied and searched about once.
import { findHeadEnd } from './head-end.ts';

/** What follows a byte that was searched may complete a head's end that began in front of it. */
const SEARCH_AGAIN_BYTES = 3;

export class HeldBytes {
  /** Null: nothing is held. The unused part begins at `from`. */
  bytes: Buffer | null = null;
  from = 0;
  /** Where the pieces of `bytes` were put together, with room for more; null while there was one piece. */
  #storage: Buffer | null = null;
  /** `bytes` are the caller's. */
  #borrowed = false;
  #searched = 0;

  get length(): number {
    return this.bytes === null ? 0 : this.bytes.length - this.from;
  }

  /** Nothing but CR and LF. */
  areLineEnds(): boolean {
    for (let at = this.from; this.bytes !== null && at < this.bytes.length; at++) {
      if (this.bytes[at] !== 13 && this.bytes[at] !== 10) return false;
    }
    return true;
  }

  /** Index in `bytes` behind the first head, -1 while it is incomplete. */
  findHeadEnd(): number {
    if (this.bytes === null) return -1;
    const end = this.bytes.length;
    const found = findHeadEnd(this.bytes, Math.max(this.from, this.#searched - SEARCH_AGAIN_BYTES), end);
    if (found === -1) this.#searched = end;
    return found;
  }

  /** `borrowed`: the caller's bytes change later; `own` is due before they do. */
  append(chunk: Buffer, borrowed = false): void {
    if (this.bytes === null) {
      this.keep(chunk, 0, borrowed);
      return;
    }
    const end = this.bytes.length + chunk.length;
    if (this.#storage === null || end > this.#storage.length) this.#grow(chunk.length);
    const storage = this.#storage!;
    const at = this.bytes.length;
    chunk.copy(storage, at);
    this.bytes = storage.subarray(0, at + chunk.length);
  }

  /** Holds what follows `from` in `chunk`, which may be nothing. `borrowed` as in `append`. */
  keep(chunk: Buffer, from: number, borrowed = false): void {
    if (chunk !== this.bytes) {
      this.#storage = null;
      this.#borrowed = borrowed;
    } else if (from >= chunk.length) this.#storage = null;
    this.bytes = from < chunk.length ? chunk : null;
    this.from = from;
    this.#searched = 0;
  }

  /** Copies what is left of borrowed bytes. */
  own(): void {
    if (!this.#borrowed || this.bytes === null) return;
    this.keep(Buffer.from(this.bytes.subarray(this.from)), 0);
  }

  /** Hands everything over. */
  take(): Buffer | null {
    this.own();
    const rest = this.bytes === null ? null : this.bytes.subarray(this.from);
    this.bytes = null;
    this.#storage = null;
    return rest;
  }

  /** Moves the unused part to the start of a storage twice as long as it and `more` bytes need. */
  #grow(more: number): void {
    const unused = this.bytes!.subarray(this.from);
    const storage = Buffer.allocUnsafe(2 * (unused.length + more));
    this.#borrowed = false;
    unused.copy(storage);
    this.#storage = storage;
    this.bytes = storage.subarray(0, unused.length);
    this.#searched = Math.max(0, this.#searched - this.from);
    this.from = 0;
  }
}
