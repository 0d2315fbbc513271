// How long a connection stays open after our last byte: the client may still be sending, and closing
// at once would reset what it has not read yet. RFC 9112 §9.6. Owned by client-connection.ts.

const IDLE_MS = 5000;
const MAX_MS = 30_000;

export class LingeringClose {
  readonly #monotonicMs: () => number;
  #endMs = Number.POSITIVE_INFINITY;

  constructor(monotonicMs: () => number) {
    this.#monotonicMs = monotonicMs;
  }

  /** Our last byte has left: the wait for the client begins. */
  begin(): void {
    this.#endMs = this.#monotonicMs() + MAX_MS;
  }

  /** Time to wait from now on without hearing from the client; `writingMs` while we are still writing. */
  patienceMs(writingMs: number): number {
    if (this.#endMs === Number.POSITIVE_INFINITY) return writingMs;
    return Math.max(0, Math.min(IDLE_MS, this.#endMs - this.#monotonicMs()));
  }
}
