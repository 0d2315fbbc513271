// Reads one message body: finds its end, checks its framing and hands on the bytes to forward as views of the
// input. Invariant: however the input is cut into reads, the bytes handed on, the end and the error are the
// same. RFC 9112 §6, §7. Pure; one reader per connection and direction, restarted for every message, called
// by the client and upstream connections.
//
// Chunked bodies stay chunked unless `decode` is set. What is forwarded is what was received, minus chunk
// extensions and refused trailers; nothing is copied but trailers.
import { BODY, type BodyKind } from '../exchange/message.ts';
import { EXTENSION, type ExtensionPosition, nextInExtension } from './chunk-extension.ts';
import { CR, LF, scanFields, TEXT, TOKEN } from './head-fields.ts';
import { trailerLines, travellingTrailers } from './trailer-fields.ts';

const SIZE_DIGITS = 16;
const EXTENSION_BYTES = 4096;
const EXTENSIONS_BYTES = 16_384;
const TRAILER_BYTES = 16_384;
const TRAILER_LINES = 100;
const SEMICOLON = 59;

const NO_FIELDS: readonly string[] = [];
const END_OF_SECTION = Buffer.from('\r\n', 'latin1');

/** Where the reader stands within a chunked body. */
const AT = {
  sizeStart: 0,
  size: 1,
  extension: 2,
  sizeLineFeed: 3,
  data: 4,
  dataReturn: 5,
  dataLineFeed: 6,
  trailerStart: 7,
  emptyLineFeed: 8,
  trailerLine: 9,
  trailerLineFeed: 10,
  trailerNext: 11,
  lastLineFeed: 12,
} as const;
type Position = (typeof AT)[keyof typeof AT];

/** Value of a hexadecimal digit, -1 for any other byte. */
const HEX = new Int8Array(256).fill(-1);
for (let digit = 0; digit < 16; digit++) {
  HEX[digit.toString(16).charCodeAt(0)] = digit;
  HEX[digit.toString(16).toUpperCase().charCodeAt(0)] = digit;
}

export class BodyReader {
  /** The body is complete; the next byte belongs to the next message. */
  done = true;
  /** A sentence once the framing is broken, after which nothing more is read. '' while fine. */
  error = '';
  /** Payload bytes so far, framing not counted. */
  bytes = 0;
  /** Trailers of a decoded body that may travel on, names and values in turn; known once it is done. */
  trailerFields: readonly string[] = NO_FIELDS;

  #kind: BodyKind = BODY.none;
  #decode = false;
  /** Bytes left of the body (`length`) or of the chunk under way (`chunked`). */
  #remaining = 0;
  #position: Position = AT.sizeStart;
  #digits = 0;
  #extension: ExtensionPosition = EXTENSION.nameStart;
  #extensionBytes = 0;
  #extensions = 0;
  #trailers = '';

  start(kind: BodyKind, contentLength: number, decode: boolean): void {
    this.#kind = kind;
    this.#decode = decode;
    this.#remaining = kind === BODY.length ? contentLength : 0;
    this.done = kind === BODY.none || (kind === BODY.length && contentLength <= 0);
    this.error = '';
    this.bytes = 0;
    this.trailerFields = NO_FIELDS;
    this.#position = AT.sizeStart;
    this.#digits = 0;
    this.#extensionBytes = 0;
    this.#extensions = 0;
    this.#trailers = '';
  }

  /** Reads chunk[start, end), appends what to forward to `out`, returns the index after the last byte read. */
  read(chunk: Buffer, start: number, end: number, out: Buffer[]): number {
    if (this.done || this.error !== '' || start >= end) return start;
    if (this.#kind === BODY.chunked) return this.#readChunked(chunk, start, end, out);
    let until = end;
    if (this.#kind === BODY.length) {
      if (end - start >= this.#remaining) {
        until = start + this.#remaining;
        this.done = true;
      }
      this.#remaining -= until - start;
    }
    this.bytes += until - start;
    forward(chunk, start, until, out);
    return until;
  }

  /** The sender closed. True if that leaves a complete body, which only a close-delimited one allows. */
  eof(): boolean {
    if (this.#kind === BODY.close && this.error === '') this.done = true;
    return this.done;
  }

  #readChunked(chunk: Buffer, start: number, end: number, out: Buffer[]): number {
    const decode = this.#decode;
    // Bytes from `keep` up to `at` are to be forwarded and not yet in `out`; -1: none are.
    let keep = decode || this.#position === AT.extension ? -1 : start;
    let at = start;
    while (at < end) {
      const byte = chunk[at]!;
      switch (this.#position) {
        case AT.sizeStart:
        case AT.size: {
          const digit = HEX[byte]!;
          if (digit >= 0) {
            if (++this.#digits > SIZE_DIGITS)
              return this.#fail('A chunk size has too many digits', chunk, keep, at, out);
            this.#remaining = this.#remaining * 16 + digit;
            if (this.#remaining > Number.MAX_SAFE_INTEGER)
              return this.#fail('A chunk is too large', chunk, keep, at, out);
            this.#position = AT.size;
          } else if (byte === CR && this.#digits > 0) this.#position = AT.sizeLineFeed;
          else if (byte === SEMICOLON && this.#digits > 0) {
            if (keep !== -1) forward(chunk, keep, at, out);
            keep = -1;
            this.#extension = EXTENSION.nameStart;
            this.#extensionBytes = 1;
            this.#position = AT.extension;
          } else return this.#fail('Malformed chunk size', chunk, keep, at, out);
          at++;
          break;
        }
        case AT.extension:
          this.#extension = nextInExtension(this.#extension, byte);
          if (this.#extension === EXTENSION.broken) {
            return this.#fail('Malformed chunk extension', chunk, keep, at, out);
          }
          if (this.#extension === EXTENSION.end) {
            this.#extensions += this.#extensionBytes;
            if (!decode) keep = at;
            this.#position = AT.sizeLineFeed;
          } else {
            this.#extensionBytes++;
            if (
              this.#extensionBytes > EXTENSION_BYTES ||
              this.#extensions + this.#extensionBytes > EXTENSIONS_BYTES
            ) {
              return this.#fail('Chunk extensions are too long', chunk, keep, at, out);
            }
          }
          at++;
          break;
        case AT.sizeLineFeed:
          if (byte !== LF) return this.#fail('A chunk size does not end with CRLF', chunk, keep, at, out);
          this.#position = this.#remaining === 0 ? AT.trailerStart : AT.data;
          this.#digits = 0;
          at++;
          break;
        case AT.data: {
          const size = Math.min(this.#remaining, end - at);
          if (decode) forward(chunk, at, at + size, out);
          this.bytes += size;
          this.#remaining -= size;
          at += size;
          if (this.#remaining === 0) this.#position = AT.dataReturn;
          break;
        }
        case AT.dataReturn:
          if (byte !== CR) return this.#fail('A chunk is longer than its size', chunk, keep, at, out);
          this.#position = AT.dataLineFeed;
          at++;
          break;
        case AT.dataLineFeed:
          if (byte !== LF) return this.#fail('A chunk does not end with CRLF', chunk, keep, at, out);
          this.#position = AT.sizeStart;
          at++;
          break;
        case AT.trailerStart:
          if (byte === CR) {
            this.#position = AT.emptyLineFeed;
            at++;
            break;
          }
          if (keep !== -1) forward(chunk, keep, at, out);
          keep = -1;
          this.#position = AT.trailerLine;
          break;
        case AT.emptyLineFeed:
          if (byte !== LF)
            return this.#fail('The last chunk does not end with an empty line', chunk, keep, at, out);
          at++;
          if (keep !== -1) forward(chunk, keep, at, out);
          this.done = true;
          return at;
        default:
          return this.#readTrailers(chunk, at, end, out);
      }
    }
    if (keep !== -1) forward(chunk, keep, end, out);
    return end;
  }

  /** Trailers are held back until their section is complete: only then is it known which ones go on. */
  #readTrailers(chunk: Buffer, start: number, end: number, out: Buffer[]): number {
    let at = start;
    for (; at < end && !this.done; at++) {
      if (this.#trailers.length + (at - start) >= TRAILER_BYTES)
        return this.#refuse('The trailers are too long', at);
      const byte = chunk[at]!;
      switch (this.#position) {
        case AT.trailerLine:
          if (byte === CR) this.#position = AT.trailerLineFeed;
          else if (TEXT[byte] !== 1) return this.#refuse('Malformed trailer', at);
          break;
        case AT.trailerLineFeed:
          if (byte !== LF) return this.#refuse('A trailer does not end with CRLF', at);
          this.#position = AT.trailerNext;
          break;
        case AT.trailerNext:
          if (byte === CR) this.#position = AT.lastLineFeed;
          else if (TOKEN[byte] === 1) this.#position = AT.trailerLine;
          else return this.#refuse('Malformed trailer', at);
          break;
        default:
          if (byte !== LF) return this.#refuse('The trailers do not end with an empty line', at);
          this.done = true;
      }
    }
    this.#trailers += chunk.toString('latin1', start, at);
    if (this.done) this.#endTrailers(out);
    return at;
  }

  #endTrailers(out: Buffer[]): void {
    const names: string[] = [];
    const values: string[] = [];
    if (scanFields(this.#trailers, 0, names, values, TRAILER_LINES) !== null) {
      this.done = false;
      this.error = 'Malformed trailer';
      return;
    }
    if (this.#decode) {
      this.trailerFields = travellingTrailers(names, values);
      return;
    }
    const lines = trailerLines(names, values);
    if (lines !== '') out.push(Buffer.from(lines, 'latin1'));
    out.push(END_OF_SECTION);
  }

  #fail(reason: string, chunk: Buffer, keep: number, at: number, out: Buffer[]): number {
    if (keep !== -1) forward(chunk, keep, at, out);
    return this.#refuse(reason, at);
  }

  #refuse(reason: string, at: number): number {
    this.error = reason;
    return at;
  }
}

function forward(chunk: Buffer, start: number, end: number, out: Buffer[]): void {
  if (start === end) return;
  out.push(start === 0 && end === chunk.length ? chunk : chunk.subarray(start, end));
}
