// What a client has sent and nobody has used yet: the start of a head, further pipelined requests, a
// body whose backend is still being connected. Owned by client-connection.ts, which bounds it.

export class HeldBytes {
  /** Null: nothing is held. The unused part begins at `from`. */
  bytes: Buffer | null = null;
  from = 0;

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

  append(chunk: Buffer): void {
    this.bytes = this.bytes === null ? chunk : Buffer.concat([this.bytes.subarray(this.from), chunk]);
    this.from = 0;
  }

  /** Holds what follows `from` in `chunk`, which may be nothing. */
  keep(chunk: Buffer, from: number): void {
    this.bytes = from < chunk.length ? chunk : null;
    this.from = from;
  }

  /** Hands everything over. */
  take(): Buffer | null {
    const rest = this.bytes === null ? null : this.bytes.subarray(this.from);
    this.bytes = null;
    return rest;
  }
}
