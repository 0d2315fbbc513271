// What the long run has done so far: how often each kind of traffic ended as it should, and every time
// it did not. Filled by load.ts, read by the program.

const DESCRIBED_MAX = 20;

export class Tally {
  readonly done = new Map<string, number>();
  errors = 0;
  readonly failed = new Map<string, number>();
  /** The first ones, in words. */
  readonly described: string[] = [];
  readonly #startMs = performance.now();

  add(kind: string): void {
    this.done.set(kind, (this.done.get(kind) ?? 0) + 1);
  }

  fail(kind: string, error: unknown): void {
    this.errors++;
    this.failed.set(kind, (this.failed.get(kind) ?? 0) + 1);
    if (this.described.length >= DESCRIBED_MAX) return;
    const seconds = ((performance.now() - this.#startMs) / 1000).toFixed(1);
    const { message = String(error), code = '' } = error as { message?: string; code?: string };
    const line = `${seconds} s, ${kind}: ${message} ${code}`.trim();
    this.described.push(line);
    console.error(line);
  }

  get total(): number {
    return [...this.done.values()].reduce((sum, count) => sum + count, 0);
  }
}
