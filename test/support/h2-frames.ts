// HTTP/2 written and read frame by frame (RFC 9113 §6), for what no decent client would send. Header
// lists go out as plain literals; of received ones only the status is read.
import type { Socket } from 'node:net';
import tls from 'node:tls';
import { RawStream } from './raw-stream.ts';

export const TYPE = {
  data: 0,
  headers: 1,
  priority: 2,
  reset: 3,
  settings: 4,
  pushPromise: 5,
  ping: 6,
  goaway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const;
export const END_STREAM = 1;
export const ACK = 1;
export const END_HEADERS = 4;

export const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
const HEADER_BYTES = 9;
const FRAME_MAX_BYTES = 16_384;
const STATIC_STATUSES = [200, 204, 206, 304, 400, 404, 500];
/** A header table of size 0, so that no status is sent as a reference to an earlier one. */
export const PLAIN_STATUS = [1, 0] as const;
/** Huffman codes of the digits (RFC 7541, appendix B). */
const DIGITS = '00000 00001 00010 011001 011010 011011 011100 011101 011110 011111'.split(' ');

export type Field = readonly [name: string, value: string];

export interface Frame {
  type: number;
  flags: number;
  stream: number;
  payload: Buffer;
}

export function frame(type: number, flags: number, stream: number, payload: Buffer | string = ''): Buffer {
  const bytes = typeof payload === 'string' ? Buffer.from(payload, 'latin1') : payload;
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUIntBE(bytes.length, 0, 3);
  header[3] = type;
  header[4] = flags;
  header.writeUInt32BE(stream, 5);
  return Buffer.concat([header, bytes]);
}

export function headerBlock(fields: readonly Field[]): Buffer {
  return Buffer.concat(fields.flatMap(([name, value]) => [Buffer.from([0]), literal(name), literal(value)]));
}

/** A header list: HEADERS, and as many CONTINUATION as it takes. */
export function headers(stream: number, fields: readonly Field[], flags = END_STREAM | END_HEADERS): Buffer {
  const block = headerBlock(fields);
  const frames: Buffer[] = [];
  for (let at = 0; at === 0 || at < block.length; at += FRAME_MAX_BYTES) {
    const last = at + FRAME_MAX_BYTES >= block.length;
    const type = at === 0 ? TYPE.headers : TYPE.continuation;
    const own = (at === 0 ? flags & ~END_HEADERS : 0) | (last ? flags & END_HEADERS : 0);
    frames.push(frame(type, own, stream, block.subarray(at, at + FRAME_MAX_BYTES)));
  }
  return Buffer.concat(frames);
}

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** A SETTINGS frame of `[identifier, value]` pairs. */
export function settings(...pairs: (readonly [number, number])[]): Buffer {
  const payload = Buffer.alloc(pairs.length * 6);
  pairs.forEach(([identifier, value], i) => {
    payload.writeUInt16BE(identifier, i * 6);
    payload.writeUInt32BE(value, i * 6 + 2);
  });
  return frame(TYPE.settings, 0, 0, payload);
}

/** The fields of a GET, with some replaced; an undefined value leaves one out. */
export function get(changes: Record<string, string | undefined> = {}, ...more: Field[]): Field[] {
  const fields = { ':method': 'GET', ':scheme': 'https', ':authority': 'a.test', ':path': '/', ...changes };
  const kept = Object.entries(fields).flatMap(([name, value]): Field[] =>
    value === undefined ? [] : [[name, value]],
  );
  return [...kept, ...more];
}

function literal(text: string): Buffer {
  const bytes = Buffer.from(text, 'latin1');
  if (bytes.length < 127) return Buffer.concat([Buffer.from([bytes.length]), bytes]);
  const length = [127];
  let rest = bytes.length - 127;
  for (; rest >= 128; rest >>= 7) length.push((rest & 127) | 128);
  return Buffer.concat([Buffer.from([...length, rest]), bytes]);
}

/** Speaks HTTP/2 to a listener, byte by byte; the preface and its SETTINGS are sent. */
export class H2RawClient extends RawStream implements AsyncDisposable {
  readonly frames: Frame[] = [];
  #rest = Buffer.alloc(0);
  #preface: number;

  /** `prefaceBytes` come before the first frame. */
  constructor(socket: Socket, prefaceBytes = 0) {
    super(socket);
    this.#preface = prefaceBytes;
    socket.prependListener('data', (chunk: Buffer) => this.#read(chunk));
  }

  static async connect(port: number, first: Buffer = settings(PLAIN_STATUS)): Promise<H2RawClient> {
    const socket = tls.connect({
      port,
      host: '127.0.0.1',
      ALPNProtocols: ['h2'],
      rejectUnauthorized: false,
    });
    // Else a piece waits for the one before it to be acknowledged.
    socket.setNoDelay(true);
    const client = new H2RawClient(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('secureConnect', resolve);
      socket.once('error', reject);
    });
    client.send(Buffer.concat([Buffer.from(PREFACE, 'latin1'), first]));
    return client;
  }

  of(type: number, stream: number): Frame[] {
    return this.frames.filter((received) => received.type === type && received.stream === stream);
  }

  /** The first frame of this kind, earlier or later. */
  async frame(type: number, stream: number): Promise<Frame> {
    await this.until(() => this.of(type, stream).length > 0, `frame ${type} of stream ${stream}`);
    return this.of(type, stream)[0]!;
  }

  /** Error code of the RST_STREAM that ended `stream`. */
  async resetCode(stream: number): Promise<number> {
    return (await this.frame(TYPE.reset, stream)).payload.readUInt32BE();
  }

  /** Error codes of every GOAWAY so far. */
  get goawayCodes(): number[] {
    return this.of(TYPE.goaway, 0).map(({ payload }) => payload.readUInt32BE(4));
  }

  async status(stream: number): Promise<number> {
    return statusOf((await this.frame(TYPE.headers, stream)).payload);
  }

  data(stream: number): string {
    return Buffer.concat(this.of(TYPE.data, stream).map(({ payload }) => payload)).toString('latin1');
  }

  /** Whether the stream was ended as a complete one. */
  isComplete(stream: number): boolean {
    return this.frames.some(
      (received) =>
        received.stream === stream &&
        (received.type === TYPE.data || received.type === TYPE.headers) &&
        (received.flags & END_STREAM) !== 0,
    );
  }

  #read(chunk: Buffer): void {
    const skipped = Math.min(this.#preface, chunk.length);
    this.#preface -= skipped;
    this.#rest = Buffer.concat([this.#rest, chunk.subarray(skipped)]);
    while (this.#rest.length >= HEADER_BYTES) {
      const end = HEADER_BYTES + this.#rest.readUIntBE(0, 3);
      if (this.#rest.length < end) return;
      this.frames.push({
        type: this.#rest[3]!,
        flags: this.#rest[4]!,
        stream: this.#rest.readUInt32BE(5),
        payload: this.#rest.subarray(HEADER_BYTES, end),
      });
      this.#rest = this.#rest.subarray(end);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.socket.destroy();
    await this.untilClosed();
  }
}

/** `:status` is the first field of a response: an entry of the static table, or a literal named by one. */
function statusOf(block: Buffer): number {
  let at = 0;
  // A change of the table's size may come first.
  while ((block[at]! & 0xe0) === 0x20) at++;
  const first = block[at]!;
  if (first >= 0x88 && first <= 0x8e) return STATIC_STATUSES[first - 0x88]!;
  const length = block[at + 1]!;
  const text = block.subarray(at + 2, at + 2 + (length & 127));
  if (length < 128) return Number(text.toString('latin1'));
  let bits = [...text].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  let digits = '';
  for (let digit = 0; digit !== -1; ) {
    digit = DIGITS.findIndex((code) => bits.startsWith(code));
    if (digit === -1) break;
    digits += digit;
    bits = bits.slice(DIGITS[digit]!.length);
  }
  return Number(digits);
}
