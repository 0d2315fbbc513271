// The key that HTTP/1.1 backends want of a WebSocket and HTTP/2 clients do not send (RFC 8441 §5).
import { randomBytes } from 'node:crypto';

export function createWebSocketKey(): string {
  return randomBytes(16).toString('base64');
}
