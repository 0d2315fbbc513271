// Memory that connections read into. Nearly every read is handled completely before the next, so one
// buffer serves all connections of the thread; what must outlive the read is copied. While a long body
// passes, its connection reads into a buffer of its own, and nothing is copied. Used by
// upstream-connection.ts and client-socket.ts.

const READ_BYTES = 65_536;
/** A body that goes on with reads this long is worth a buffer of its own. */
export const LONG_READ_BYTES = 16_384;
const SPARE_MAX = 64;

export const SHARED_BUFFER: Buffer = Buffer.allocUnsafeSlow(READ_BYTES);

const spare: Buffer[] = [];

/** Which memory one connection reads into. */
export class ReadMemory {
  /** Parts of what was read last wait to be written elsewhere: it is not to be read into again. */
  lent = false;
  #buffer: Buffer = SHARED_BUFFER;

  /** Due before every read. `long`: a long body is passing. */
  next(long: boolean): Buffer {
    const current = this.#buffer;
    if (current !== SHARED_BUFFER && !this.lent) {
      if (long) return current;
      if (spare.length < SPARE_MAX) spare.push(current);
    }
    this.lent = false;
    this.#buffer = long ? (spare.pop() ?? Buffer.allocUnsafeSlow(READ_BYTES)) : SHARED_BUFFER;
    return this.#buffer;
  }
}
