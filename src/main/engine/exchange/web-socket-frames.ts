// Follows one direction of a WebSocket (RFC 6455 §5.2) without reading its messages: where frames
// begin and end, so that a frame of our own can be put between two of them. Pure; fed by tunnel.ts.
const OPCODE_MASK = 0x0f;
const CLOSE_OPCODE = 0x8;
const MASKED = 0x80;
const LENGTH_MASK = 0x7f;
const MASK_KEY_BYTES = 4;
/** "Going away": the endpoint is about to be out of service, come again elsewhere. RFC 6455 §7.4.1. */
const GOING_AWAY = [0x03, 0xe9] as const;

type Part = 'first' | 'second' | 'length' | 'key' | 'payload';

export class FrameTracker {
  /** A Close frame went by: nothing may follow it. */
  closing = false;
  #part: Part = 'first';
  #lengthBytesLeft = 0;
  #keyBytesLeft = 0;
  #payloadLeft = 0;

  /** Whether another frame may be written now. */
  get betweenFrames(): boolean {
    return this.#part === 'first' && !this.closing;
  }

  pass(bytes: Uint8Array): void {
    const { length } = bytes;
    let at = 0;
    while (at < length) {
      if (this.#part === 'payload') {
        const skipped = Math.min(this.#payloadLeft, length - at);
        at += skipped;
        this.#payloadLeft -= skipped;
        if (this.#payloadLeft === 0) this.#part = 'first';
      } else {
        this.#header(bytes[at]!);
        at++;
      }
    }
  }

  #header(byte: number): void {
    switch (this.#part) {
      case 'first':
        if ((byte & OPCODE_MASK) === CLOSE_OPCODE) this.closing = true;
        this.#part = 'second';
        return;
      case 'second': {
        const length = byte & LENGTH_MASK;
        this.#lengthBytesLeft = length === 126 ? 2 : length === 127 ? 8 : 0;
        this.#payloadLeft = this.#lengthBytesLeft === 0 ? length : 0;
        this.#keyBytesLeft = (byte & MASKED) === 0 ? 0 : MASK_KEY_BYTES;
        break;
      }
      case 'length':
        this.#payloadLeft = this.#payloadLeft * 256 + byte;
        this.#lengthBytesLeft--;
        break;
      default:
        this.#keyBytesLeft--;
    }
    this.#part = this.#nextPart();
  }

  #nextPart(): Part {
    if (this.#lengthBytesLeft > 0) return 'length';
    if (this.#keyBytesLeft > 0) return 'key';
    return this.#payloadLeft > 0 ? 'payload' : 'first';
  }
}

/** What a server sends. */
export function goingAwayToClient(): Buffer {
  return Buffer.from([0x88, GOING_AWAY.length, ...GOING_AWAY]);
}

/** What a client sends: masked, with a key nobody can foresee (RFC 6455 §5.3). */
export function goingAwayToServer(random: () => number): Buffer {
  const key = Array.from({ length: MASK_KEY_BYTES }, () => Math.floor(random() * 256));
  const payload = GOING_AWAY.map((byte, i) => byte ^ key[i]!);
  return Buffer.from([0x88, MASKED | GOING_AWAY.length, ...key, ...payload]);
}
