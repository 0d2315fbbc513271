// The handshake that HTTP/1.1 backends want of a WebSocket and HTTP/2 clients do not make (RFC 6455
// §4.2.2, RFC 8441 §5): a random key, and the proof that it was read by a WebSocket server.
import { createHash, randomBytes } from 'node:crypto';

const SUFFIX = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

export function createWebSocketKey(): string {
  return randomBytes(16).toString('base64');
}

/** What Sec-WebSocket-Accept must say. */
export function acceptOf(key: string): string {
  return createHash('sha1')
    .update(key + SUFFIX, 'latin1')
    .digest('base64');
}
