// Watches the frames of one HTTP/2 client before node:http2 acts on them: what costs us more than it
// costs the client is charged to accounts that recover with time, and one who overdraws any of them is
// disconnected (CVE-2019-9511 to 9518, CVE-2023-44487, CVE-2025-8671). Also knows what node:http2 does
// not tell: how many fields a request had, that it was cancelled in the same breath, and which streams
// the client has reset. Pure; owned by connection.ts.
import { Account } from './account.ts';
import { HeaderBlock } from './header-block.ts';

/** At most so many requests nobody has heard of yet; the depth of the account of what is rarely needed. */
const CREDIT = 1000;
const RECOVERY_PER_S = 100;

/**
 * Data and window updates are what a connection is for, but each costs a frame's work however little
 * it carries. An honest client sends thin ones at the pace of a keyboard or of what it receives; ten
 * thousand a second are a tenth of a core at the most, for as long as it likes.
 */
export const THIN = {
  /** Data below this is thin. The smallest message there is has five bytes: an empty one of gRPC. */
  dataBytes: 5,
  /** At once. */
  frames: 20_000,
  recoveryPerS: 10_000,
  /** A request may bring so many: a short body, and its end in a frame of its own. */
  perRequest: 2,
  /** Each so many bytes sent pay for one update of a window: the smallest DATA frame pays for two. */
  sentBytes: 7,
  /** Updates paid for ahead: a client may answer late what it was sent. */
  updatesAhead: 100_000,
} as const;

/** After so many the connection waits for its next turn, be they worth it or not: others have theirs. */
export const FRAMES_PER_TURN = 256;

/** What things cost that are rarely needed. */
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
  /** The DATA frame under way is the last of its stream. */
  #endsStream = false;
  /** Stream of the header block under way. */
  #stream = 0;
  /** The highest stream seen: header blocks of lower ones are trailers. */
  #lastStream = 0;
  /** Requests node:http2 has not told about yet, oldest first. It never does of those it refuses. */
  readonly #begun: BegunRequest[] = [];
  #reset: number[] = [];
  readonly #rare = new Account({ depth: CREDIT, recoveryPerS: RECOVERY_PER_S, savings: 0 });
  readonly #thinData = new Account({ depth: THIN.frames, recoveryPerS: THIN.recoveryPerS, savings: 0 });
  readonly #windows = new Account({
    depth: THIN.frames,
    recoveryPerS: THIN.recoveryPerS,
    savings: THIN.updatesAhead,
  });
  #sentBytes = 0;
  #framesOfTurn = 0;

  /** False: the client has overdrawn an account; `chunk` must not be acted on. */
  receive(chunk: Buffer, nowMs: number): boolean {
    this.#rare.recover(nowMs);
    this.#thinData.recover(nowMs);
    this.#windows.recover(nowMs);
    let at = Math.min(this.#preface, chunk.length);
    this.#preface -= at;
    while (at < chunk.length) {
      if (this.#headerRead < HEADER_BYTES) {
        this.#header[this.#headerRead++] = chunk[at++]!;
        if (this.#headerRead === HEADER_BYTES) this.#startFrame();
      } else {
        const end = Math.min(chunk.length, at + this.#left);
        if (this.#isBlock) this.#readBlock(chunk, at, end);
        else if (this.#paddingDue && at < end) this.#readPaddingOfData(chunk[at]!);
        this.#left -= end - at;
        at = end;
      }
      if (this.#headerRead === HEADER_BYTES && this.#left === 0) this.#endFrame();
    }
    if (this.#rare.overdrawn || this.#thinData.overdrawn || this.#windows.overdrawn) return false;
    return this.#begun.length <= CREDIT;
  }

  /** False: overdrawn. */
  charge(cost: number): boolean {
    this.#rare.charge(cost);
    return !this.#rare.overdrawn;
  }

  /** How much the client has been sent since it came. */
  sent(totalBytes: number): void {
    if (totalBytes === this.#sentBytes) return;
    this.#windows.earn((totalBytes - this.#sentBytes) / THIN.sentBytes);
    this.#sentBytes = totalBytes;
  }

  /** What has been received is enough for one turn. Asked after each chunk. */
  endsTurn(): boolean {
    if (this.#framesOfTurn < FRAMES_PER_TURN) return false;
    this.#framesOfTurn = 0;
    return true;
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

  #startFrame(): void {
    const header = this.#header;
    const type = header[3]!;
    const flags = header[4]!;
    this.#framesOfTurn++;
    this.#left = header.readUIntBE(0, 3);
    this.#isBlock = type === FRAME.headers || type === FRAME.continuation;
    this.#endsBlock = (flags & FLAG.endHeaders) !== 0;
    this.#leading = 0;
    this.#padding = 0;
    this.#paddingDue = false;
    switch (type) {
      case FRAME.data:
        this.#endsStream = (flags & FLAG.endStream) !== 0;
        if ((flags & FLAG.padded) !== 0 && this.#left > 0) this.#paddingDue = true;
        else this.#onData(this.#left);
        return;
      case FRAME.headers:
        this.#stream = header.readUInt32BE(5) & STREAM_MASK;
        this.#block.start();
        this.inHeaders = true;
        this.#paddingDue = (flags & FLAG.padded) !== 0;
        if ((flags & FLAG.priority) !== 0) this.#leading = PRIORITY_BYTES;
        return;
      case FRAME.windowUpdate:
        this.#windows.charge(1);
        return;
      case FRAME.settings:
        this.#rare.charge(CHARGE.settings);
        return;
      case FRAME.resetStream:
        this.#rare.charge(CHARGE.frame);
        this.#onReset(header.readUInt32BE(5) & STREAM_MASK);
        return;
      default:
        this.#rare.charge(CHARGE.frame);
    }
  }

  #readPaddingOfData(padding: number): void {
    this.#paddingDue = false;
    this.#onData(this.#left - 1 - padding);
  }

  #onData(bytes: number): void {
    if (bytes >= THIN.dataBytes) return;
    if (bytes <= 0 && !this.#endsStream) this.#rare.charge(CHARGE.frame);
    else this.#thinData.charge(1);
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
    this.#thinData.earn(THIN.perRequest);
    this.#begun.push({ stream: this.#stream, fields: this.#block.fields, cancelled: false });
  }

  #onReset(stream: number): void {
    this.#reset.push(stream);
    for (const request of this.#begun) if (request.stream === stream) request.cancelled = true;
  }
}
