// Memory that upstream connections read into. Nearly every read is handled completely before the
// next, so one buffer serves all connections of the thread; what must outlive the read is copied.
// While a long body passes, its connection reads into a buffer of its own, and nothing is copied.
// Used by upstream-connection.ts only.

export const READ_BYTES = 65_536;
/** A body that goes on with reads this long is worth a buffer of its own. */
export const LONG_READ_BYTES = 16_384;
const SPARE_MAX = 64;

export const SHARED_BUFFER: Buffer = Buffer.allocUnsafeSlow(READ_BYTES);

const spare: Buffer[] = [];

export function takeBuffer(): Buffer {
  return spare.pop() ?? Buffer.allocUnsafeSlow(READ_BYTES);
}

/** Only for a buffer nothing refers to any more. */
export function giveBuffer(buffer: Buffer): void {
  if (spare.length < SPARE_MAX) spare.push(buffer);
}
