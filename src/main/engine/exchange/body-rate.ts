// Tells a request body that arrives too slowly: over each WINDOW_MS in which we were ready to read,
// enough bytes must have come. Time in which the backend held us up does not count. Pure; the timer
// is its owner's, request-body.ts.

export const WINDOW_MS = 5000;

export class BodyRate {
  #minBytesPerS = 0;
  #readySinceMs = 0;
  #ready = false;
  /** Of the window under way, up to `readySinceMs`. */
  #readyMs = 0;
  #bytesBefore = 0;

  start(minBytesPerS: number): void {
    this.#minBytesPerS = minBytesPerS;
    this.#ready = false;
    this.#readyMs = 0;
    this.#bytesBefore = 0;
  }

  /** We read from now on. Answers the rest of the window, ms. */
  resume(nowMs: number): number {
    if (this.#ready) this.#readyMs += nowMs - this.#readySinceMs;
    this.#ready = true;
    this.#readySinceMs = nowMs;
    return Math.max(0, WINDOW_MS - this.#readyMs);
  }

  pause(nowMs: number): void {
    if (this.#ready) this.#readyMs += nowMs - this.#readySinceMs;
    this.#ready = false;
  }

  /** The window is over and `bytes` have come in all. False: too few of them in this one. */
  next(bytes: number): boolean {
    const enough = bytes - this.#bytesBefore >= (this.#minBytesPerS * WINDOW_MS) / 1000;
    this.#readyMs = 0;
    this.#ready = false;
    this.#bytesBefore = bytes;
    return enough;
  }
}
