// Watches the frames of one HTTP/2 client before node:http2 acts on them: what costs us more than it
// costs the client is charged to an account that recovers with time, and one who overdraws it is
// disconnected (CVE-2019-9511 to 9518, CVE-2023-44487, CVE-2025-8671). Also knows what node:http2 does
// not tell: how many fields a request had, that it was cancelled in the same breath, and which streams
// the client has reset. Pure; owned by connection.ts.
import { HeaderBlock } from './header-block.ts';

/** The account's depth, and what it recovers each second. */
const CREDIT = 1000;
const RECOVERY_PER_S = 100;

/** What things cost. Data and window updates are what a connection is for: they are free. */
export const CHARGE = {
  frame: 1,
  settings: 10,
  /** A request under way ended by the client, or by a mistake of its. */
  lostExchange: 2,
  /** An answer the client asked for and did not take. */
  stalledStream: 40,
} as const;

const FRAME = {
  data: 0,
  headers: 1,
  resetStream: 3,
  settings: 4,
  windowUpdate: 8,
  continuation: 9,
} as const;
const FLAG = { endStream: 1, endHeaders: 4, padded: 8, priority: 32 } as const;

const STREAM_MASK = 0x7fff_ffff;
const PREFACE_BYTES = 24;
const HEADER_BYTES = 9;
const PRIORITY_BYTES = 5;

const NONE: readonly number[] = [];

export interface BegunRequest {
  stream: number;
  /** Header fields as the client sent them. */
  fields: number;
  /** It was ended again before anyone heard of it. */
  cancelled: boolean;
}

export class FrameGuard {
  /** A header block has begun and not ended. */
  inHeaders = false;
  readonly #block = new HeaderBlock();
  readonly #header = Buffer.alloc(HEADER_BYTES);
  #headerRead = 0;
  #preface = PREFACE_BYTES;
  /** Bytes left of the frame under way. */
  #left = 0;
  /** Its first bytes before the fields: the length of its padding, its priority. */
  #leading = 0;
  #padding = 0;
  #paddingDue = false;
  #isBlock = false;
  #endsBlock = false;
  /** Stream of the header block under way. */
  #stream = 0;
  /** The highest stream seen: header blocks of lower ones are trailers. */
  #lastStream = 0;
  /** Requests node:http2 has not told about yet, oldest first. It never does of those it refuses. */
  readonly #begun: BegunRequest[] = [];
  #reset: number[] = [];
  #owed = 0;
  #owedAtMs = 0;

  /** False: the client has overdrawn its account; `chunk` must not be acted on. */
  receive(chunk: Buffer, nowMs: number): boolean {
    this.#recover(nowMs);
    let at = Math.min(this.#preface, chunk.length);
    this.#preface -= at;
    while (at < chunk.length) {
      if (this.#headerRead < HEADER_BYTES) {
        this.#header[this.#headerRead++] = chunk[at++]!;
        if (this.#headerRead === HEADER_BYTES) this.#startFrame();
      } else {
        const end = Math.min(chunk.length, at + this.#left);
        if (this.#isBlock) this.#readBlock(chunk, at, end);
        this.#left -= end - at;
        at = end;
      }
      if (this.#headerRead === HEADER_BYTES && this.#left === 0) this.#endFrame();
    }
    return this.#owed <= CREDIT && this.#begun.length <= CREDIT;
  }

  /** False: overdrawn. */
  charge(cost: number): boolean {
    this.#owed += cost;
    return this.#owed <= CREDIT;
  }

  /** What was seen of the request that node:http2 tells about now. Asked once per request. */
  take(stream: number): BegunRequest | undefined {
    for (let request = this.#begun.shift(); request !== undefined; request = this.#begun.shift())
      if (request.stream >= stream) return request.stream === stream ? request : undefined;
    return undefined;
  }

  /** Streams the client has reset since this was asked last. */
  takeReset(): readonly number[] {
    const reset = this.#reset;
    if (reset.length === 0) return NONE;
    this.#reset = [];
    return reset;
  }

  #recover(nowMs: number): void {
    this.#owed = Math.max(0, this.#owed - ((nowMs - this.#owedAtMs) / 1000) * RECOVERY_PER_S);
    this.#owedAtMs = nowMs;
  }

  #startFrame(): void {
    const header = this.#header;
    const type = header[3]!;
    const flags = header[4]!;
    this.#left = header.readUIntBE(0, 3);
    this.#isBlock = type === FRAME.headers || type === FRAME.continuation;
    this.#endsBlock = (flags & FLAG.endHeaders) !== 0;
    this.#leading = 0;
    this.#padding = 0;
    this.#paddingDue = false;
    switch (type) {
      case FRAME.data:
        if (this.#left === 0 && (flags & FLAG.endStream) === 0) this.#owed += CHARGE.frame;
        return;
      case FRAME.headers:
        this.#stream = header.readUInt32BE(5) & STREAM_MASK;
        this.#block.start();
        this.inHeaders = true;
        this.#paddingDue = (flags & FLAG.padded) !== 0;
        if ((flags & FLAG.priority) !== 0) this.#leading = PRIORITY_BYTES;
        return;
      case FRAME.windowUpdate:
        return;
      case FRAME.settings:
        this.#owed += CHARGE.settings;
        return;
      case FRAME.resetStream:
        this.#owed += CHARGE.frame;
        this.#onReset(header.readUInt32BE(5) & STREAM_MASK);
        return;
      default:
        this.#owed += CHARGE.frame;
    }
  }

  #readBlock(chunk: Buffer, start: number, end: number): void {
    let from = start;
    if (this.#paddingDue && from < end) {
      this.#padding = chunk[from++]!;
      this.#paddingDue = false;
    }
    const skipped = Math.min(this.#leading, end - from);
    this.#leading -= skipped;
    from += skipped;
    // The padding is at the end of the frame, which may lie beyond this chunk.
    const fieldsEnd = start + this.#left - this.#padding;
    if (from < fieldsEnd) this.#block.read(chunk, from, Math.min(end, fieldsEnd));
  }

  #endFrame(): void {
    this.#headerRead = 0;
    if (!this.#isBlock || !this.#endsBlock) return;
    this.inHeaders = false;
    if (this.#stream <= this.#lastStream) return;
    this.#lastStream = this.#stream;
    this.#begun.push({ stream: this.#stream, fields: this.#block.fields, cancelled: false });
  }

  #onReset(stream: number): void {
    this.#reset.push(stream);
    for (const request of this.#begun) if (request.stream === stream) request.cancelled = true;
  }
}
