// Counts the fields of HPACK header blocks (RFC 7541 §6) without decoding them, however they are cut.
// node:http2 silently leaves out a field whose name or value is invalid; a request that reaches us
// with fewer fields than were sent was malformed (RFC 9113 §8.2.1). Pure; called by frame-guard.ts.

const AT = { field: 0, index: 1, length: 2, lengthMore: 3, text: 4 } as const;
type Position = (typeof AT)[keyof typeof AT];

export class HeaderBlock {
  /** Fields of the block so far. */
  fields = 0;
  #at: Position = AT.field;
  /** Strings left of the field under way: its name and value, or only the value. */
  #strings = 0;
  #length = 0;
  #scale = 1;

  start(): void {
    this.fields = 0;
    this.#at = AT.field;
  }

  /** Reads chunk[from, end). What is malformed is left to the decoder, which ends the connection. */
  read(chunk: Buffer, from: number, end: number): void {
    let at = from;
    while (at < end) {
      if (this.#at === AT.text) {
        const step = Math.min(this.#length, end - at);
        at += step;
        this.#length -= step;
        if (this.#length === 0) this.#endString();
        continue;
      }
      const byte = chunk[at++]!;
      switch (this.#at) {
        case AT.field:
          this.#startField(byte);
          break;
        case AT.index:
          if (byte < 0x80) this.#endIndex();
          break;
        case AT.length:
          this.#length = byte & 0x7f;
          this.#scale = 1;
          if (this.#length === 0x7f) this.#at = AT.lengthMore;
          else this.#startText();
          break;
        default:
          this.#length += (byte & 0x7f) * this.#scale;
          this.#scale *= 128;
          if (byte < 0x80) this.#startText();
      }
    }
  }

  #startField(byte: number): void {
    let prefix = 0x0f;
    if (byte >= 0x80) prefix = 0x7f;
    else if (byte >= 0x40) prefix = 0x3f;
    else if (byte >= 0x20) prefix = 0x1f;
    const index = byte & prefix;
    // 001: a change of the table's size, which is no field.
    const isField = prefix !== 0x1f;
    if (isField) this.fields++;
    const hasText = isField && prefix !== 0x7f;
    this.#strings = hasText ? (index === 0 ? 2 : 1) : 0;
    if (index === prefix) this.#at = AT.index;
    else this.#endIndex();
  }

  #endIndex(): void {
    this.#at = this.#strings === 0 ? AT.field : AT.length;
  }

  #startText(): void {
    this.#at = AT.text;
    if (this.#length === 0) this.#endString();
  }

  #endString(): void {
    this.#strings--;
    this.#endIndex();
  }
}
