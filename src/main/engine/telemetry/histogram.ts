// Response times as counts in log-linear buckets (layout.ts): every power of two is cut in 32 equal
// steps, so a value read back is at most 1.6 % off. The engine records, the core reads percentiles,
// the store keeps the sparse form. Pure; recordLatency is on the path of every request.
import { BUCKETS_PER_ROW, SUB_BUCKET_BITS } from './layout.ts';

const STEPS = 1 << SUB_BUCKET_BITS;
const MAX_US = 0xffff_ffff;

/** Values outside 0 to 2^32 − 1 µs count as the nearest of the two. */
export function bucketOf(us: number): number {
  const value = us >= MAX_US ? MAX_US : us > 0 ? us >>> 0 : 0;
  if (value < STEPS) return value;
  // The leading bit picks the power of two, the five bits after it the step.
  const shift = 31 - SUB_BUCKET_BITS - Math.clz32(value);
  return (shift << SUB_BUCKET_BITS) + (value >>> shift);
}

/** Middle of the values that fall into `bucket`. */
export function bucketMidUs(bucket: number): number {
  if (bucket < STEPS) return bucket;
  const shift = (bucket >> SUB_BUCKET_BITS) - 1;
  const width = 2 ** shift;
  return ((bucket & (STEPS - 1)) + STEPS) * width + (width - 1) / 2;
}

export function recordLatency(buckets: Uint32Array, us: number): void {
  buckets[bucketOf(us)]!++;
}

/** The smallest recorded value, in ms, that at least `q` (0 to 1) of all `total` do not exceed. */
export function percentile(counts: ArrayLike<number>, total: number, q: number): number | null {
  if (total <= 0) return null;
  const rank = Math.max(1, Math.ceil(q * total));
  let seen = 0;
  let last = 0;
  for (let bucket = 0; bucket < counts.length; bucket++) {
    const count = counts[bucket]!;
    if (count === 0) continue;
    last = bucket;
    seen += count;
    if (seen >= rank) break;
  }
  return bucketMidUs(last) / 1000;
}

/**
 * The non-empty buckets as pairs of LEB128 varints: distance from the bucket before, count. Empty
 * without any. Stored rows carry no version: SUB_BUCKET_BITS is part of the database schema.
 */
export function encodeSparse(counts: ArrayLike<number>): Uint8Array {
  const bytes: number[] = [];
  let previous = 0;
  for (let bucket = 0; bucket < counts.length; bucket++) {
    const count = counts[bucket]!;
    if (count === 0) continue;
    pushVarint(bytes, bucket - previous);
    pushVarint(bytes, count);
    previous = bucket;
  }
  return Uint8Array.from(bytes);
}

/** Adds what `encodeSparse` wrote. A damaged blob adds what can be read of it. */
export function addSparse(target: Uint32Array | Float64Array, blob: Uint8Array): void {
  accumulateSparse(target, blob, 1);
}

/** Takes away what `addSparse` added. */
export function subtractSparse(target: Uint32Array | Float64Array, blob: Uint8Array): void {
  accumulateSparse(target, blob, -1);
}

function accumulateSparse(target: Uint32Array | Float64Array, blob: Uint8Array, sign: 1 | -1): void {
  const { length } = blob;
  let bucket = 0;
  let at = 0;
  while (at < length) {
    // Nearly every number is one byte; history decodes some million of them for a day.
    let distance = blob[at++]!;
    if (distance >= 0x80) {
      distance &= 0x7f;
      let scale = 0x80;
      while (at < length && blob[at]! >= 0x80) {
        distance += (blob[at++]! & 0x7f) * scale;
        scale *= 0x80;
      }
      if (at === length) return;
      distance += blob[at++]! * scale;
    }
    if (at === length) return;
    let count = blob[at++]!;
    if (count >= 0x80) {
      count &= 0x7f;
      let scale = 0x80;
      while (at < length && blob[at]! >= 0x80) {
        count += (blob[at++]! & 0x7f) * scale;
        scale *= 0x80;
      }
      if (at === length) return;
      count += blob[at++]! * scale;
    }
    bucket += distance;
    if (bucket >= target.length || bucket >= BUCKETS_PER_ROW) return;
    target[bucket] = target[bucket]! + sign * count;
  }
}

function pushVarint(bytes: number[], value: number): void {
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  bytes.push(rest);
}
