// Reads the server name out of the first bytes of a connection, before TLS is begun, so that each
// certificate can have a context, tickets and all, of its own: a session can then never be resumed
// under another one (CVE-2026-48934). Decides nothing else: what is malformed goes on to OpenSSL,
// which answers it with the proper alert. Pure; called by handshake.ts. RFC 8446 §4.1.2, RFC 6066 §3.

export type FirstBytes =
  | { kind: 'incomplete' }
  /** No TLS record: another protocol, most likely HTTP in clear text. */
  | { kind: 'clear-text' }
  /** `serverName` is in lower case, '' when there is none to be read. */
  | { kind: 'hello'; serverName: string };

/** A hello that goes on for longer is OpenSSL's business; ordinary ones have 200 to 2000 bytes. */
export const MAX_HELLO_BYTES = 16_384;

const RECORD_HEADER_BYTES = 5;
const HANDSHAKE_HEADER_BYTES = 4;
const HANDSHAKE_RECORD = 22;
const CLIENT_HELLO = 1;
const VERSION_AND_RANDOM_BYTES = 34;
const SERVER_NAME = 0;
const HOST_NAME = 0;

const INCOMPLETE: FirstBytes = { kind: 'incomplete' };
const CLEAR_TEXT: FirstBytes = { kind: 'clear-text' };
const NAMELESS: FirstBytes = { kind: 'hello', serverName: '' };

export function readFirstBytes(bytes: Buffer): FirstBytes {
  if (bytes.length === 0) return INCOMPLETE;
  if (bytes[0] !== HANDSHAKE_RECORD) return CLEAR_TEXT;
  if (bytes.length > MAX_HELLO_BYTES) return NAMELESS;
  const message = handshakeMessage(bytes);
  if (message === undefined) return INCOMPLETE;
  return message === null ? NAMELESS : { kind: 'hello', serverName: serverNameOf(message) };
}

/** The body of the client hello, its records joined; undefined: more to come; null: not one. */
function handshakeMessage(bytes: Buffer): Buffer | undefined | null {
  const fragments: Buffer[] = [];
  let length = 0;
  for (let at = 0; at + RECORD_HEADER_BYTES <= bytes.length; ) {
    const size = bytes.readUInt16BE(at + 3);
    if (bytes[at] !== HANDSHAKE_RECORD || bytes[at + 1] !== 3 || size === 0) return null;
    const fragment = bytes.subarray(at + RECORD_HEADER_BYTES, at + RECORD_HEADER_BYTES + size);
    fragments.push(fragment);
    length += fragment.length;
    at += RECORD_HEADER_BYTES + size;
  }
  if (length < HANDSHAKE_HEADER_BYTES) return undefined;
  const joined = fragments.length === 1 ? fragments[0]! : Buffer.concat(fragments, length);
  if (joined[0] !== CLIENT_HELLO) return null;
  const end = HANDSHAKE_HEADER_BYTES + joined.readUIntBE(1, 3);
  if (end > MAX_HELLO_BYTES) return null;
  return joined.length < end ? undefined : joined.subarray(HANDSHAKE_HEADER_BYTES, end);
}

function serverNameOf(hello: Buffer): string {
  let at = VERSION_AND_RANDOM_BYTES;
  at = afterVector(hello, at, 1); // session id
  at = afterVector(hello, at, 2); // cipher suites
  at = afterVector(hello, at, 1); // compression methods
  const extensions = vectorAt(hello, at, 2);
  for (let i = 0; i + 4 <= extensions.length; ) {
    const type = extensions.readUInt16BE(i);
    if (type === SERVER_NAME) return hostNameOf(vectorAt(extensions, i + 2, 2));
    i = afterVector(extensions, i + 2, 2);
  }
  return '';
}

function hostNameOf(extension: Buffer): string {
  const names = vectorAt(extension, 0, 2);
  return names[0] === HOST_NAME ? vectorAt(names, 1, 2).toString('latin1').toLowerCase() : '';
}

/** What a length of `lengthBytes` at `at` announces; empty when it does not fit. */
function vectorAt(bytes: Buffer, at: number, lengthBytes: 1 | 2): Buffer {
  const from = at + lengthBytes;
  if (from > bytes.length) return bytes.subarray(0, 0);
  const to = from + bytes.readUIntBE(at, lengthBytes);
  return to > bytes.length ? bytes.subarray(0, 0) : bytes.subarray(from, to);
}

function afterVector(bytes: Buffer, at: number, lengthBytes: 1 | 2): number {
  const from = at + lengthBytes;
  return from > bytes.length ? bytes.length : from + bytes.readUIntBE(at, lengthBytes);
}
