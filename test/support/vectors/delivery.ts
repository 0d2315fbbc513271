// How the bytes of a vector reach the engine: in one piece, one byte at a time, and in two pieces cut
// at every place. Used by the vector specs, on either side of the engine.
import type { RawStream } from '../raw-stream.ts';

/** Pieces to write one after the other, each seen by the reader on its own. */
export type Delivery = readonly string[];

/** Bytes from where a long vector is cut at every `stride`th place only. */
const LONG_BYTES = 600;

export function whole(bytes: string): Delivery[] {
  return [[bytes]];
}

export function byteByByte(bytes: string): Delivery[] {
  return [[...bytes]];
}

/** Long vectors are one character over and over: they are cut everywhere at both ends, else now and then. */
export function splitEverywhere(bytes: string): Delivery[] {
  const cuts: Delivery[] = [];
  for (let at = 1; at < bytes.length; at++) {
    const inside = bytes.length > LONG_BYTES && at > 100 && at < bytes.length - 100;
    if (inside && at % 251 !== 0) continue;
    cuts.push([bytes.slice(0, at), bytes.slice(at)]);
  }
  return cuts;
}

export const DELIVERIES = [
  ['whole', whole],
  ['byte by byte', byteByByte],
  ['split at every byte', splitEverywhere],
] as const;

/** Over TLS each piece is a record of its own, which the reader gets as such. */
export async function deliver(to: RawStream, pieces: Delivery): Promise<void> {
  for (const piece of pieces) {
    if (to.closed) return;
    await new Promise<void>((resolve) => to.socket.write(Buffer.from(piece, 'latin1'), () => resolve()));
    // Between two turns the loop, which is the engine's too, has read what is there.
    for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Runs `action` for each item, so many at a time. */
export async function inBatches<T>(
  items: readonly T[],
  size: number,
  action: (item: T) => Promise<void>,
): Promise<void> {
  const left = [...items];
  const worker = async (): Promise<void> => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await action(item);
  };
  await Promise.all(Array.from({ length: size }, worker));
}
