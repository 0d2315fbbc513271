// How long the fuzz tests run, and from which seed. SLUICE_FUZZ_SECONDS makes each of them longer,
// SLUICE_FUZZ_SEED gives other messages; a failure prints the bytes that led to it, so neither is needed
// to repeat it.
import { expect } from 'vitest';

const SECONDS = Number(process.env.SLUICE_FUZZ_SECONDS ?? 2);
export const SEED = Number(process.env.SLUICE_FUZZ_SEED ?? 20_261_120);
/** The time is looked at between batches; the rest is for a machine that is busy otherwise. */
export const TIMEOUT_MS = SECONDS * 1000 + 20_000;

/**
 * Repeats `batch`, which answers how many messages it judged, until the time is up. On however slow a
 * machine it judges `least`: so many it takes to meet every kind.
 */
export async function fuzz(least: number, batch: () => number | Promise<number>): Promise<void> {
  const deadline = performance.now() + SECONDS * 1000;
  for (let judged = 0; judged < least || performance.now() < deadline; ) {
    judged += await batch();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** `expect(actual).toEqual(expected)`, with the bytes that led to it when it fails. */
export function expectSame(actual: unknown, expected: unknown, what: string, bytes: Buffer): void {
  expect(actual, `${what} of ${JSON.stringify(bytes.toString('latin1'))}`).toEqual(expected);
}
