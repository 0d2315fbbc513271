// The grammar of chunk extensions, one byte at a time: `;name`, `;name=token` or `;name="text"`, any
// number of them, without blanks in between (RFC 9112 §7.1.1, less its BWS). Extensions are never
// forwarded; they are checked because servers disagree about where a malformed one ends. Called by
// body.ts after the first ";" of a chunk size line.
import { CR, TEXT, TOKEN } from './head-fields.ts';

export const EXTENSION = {
  nameStart: 0,
  name: 1,
  valueStart: 2,
  value: 3,
  quoted: 4,
  escaped: 5,
  afterQuoted: 6,
  /** CR follows the last extension; the LF is the reader's to check. */
  end: 7,
  broken: 8,
} as const;
export type ExtensionPosition = (typeof EXTENSION)[keyof typeof EXTENSION];

const SEMICOLON = 59;
const EQUALS = 61;
const QUOTE = 34;
const BACKSLASH = 92;

export function nextInExtension(position: ExtensionPosition, byte: number): ExtensionPosition {
  switch (position) {
    case EXTENSION.nameStart:
      return TOKEN[byte] === 1 ? EXTENSION.name : EXTENSION.broken;
    case EXTENSION.name:
      if (TOKEN[byte] === 1) return EXTENSION.name;
      return byte === EQUALS ? EXTENSION.valueStart : afterExtension(byte);
    case EXTENSION.valueStart:
      if (byte === QUOTE) return EXTENSION.quoted;
      return TOKEN[byte] === 1 ? EXTENSION.value : EXTENSION.broken;
    case EXTENSION.value:
      return TOKEN[byte] === 1 ? EXTENSION.value : afterExtension(byte);
    case EXTENSION.quoted:
      if (byte === QUOTE) return EXTENSION.afterQuoted;
      if (byte === BACKSLASH) return EXTENSION.escaped;
      return TEXT[byte] === 1 ? EXTENSION.quoted : EXTENSION.broken;
    case EXTENSION.escaped:
      return TEXT[byte] === 1 ? EXTENSION.quoted : EXTENSION.broken;
    case EXTENSION.afterQuoted:
      return afterExtension(byte);
    default:
      return EXTENSION.broken;
  }
}

function afterExtension(byte: number): ExtensionPosition {
  if (byte === CR) return EXTENSION.end;
  return byte === SEMICOLON ? EXTENSION.nameStart : EXTENSION.broken;
}
