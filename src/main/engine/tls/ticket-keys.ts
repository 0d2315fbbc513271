// The keys that session tickets of one certificate context are sealed with (RFC 5077 §4, RFC 8446 §4.6.1).
// Invariant: the same secret and context give the same keys in every engine thread, another context
// gives others, so no session is resumed under rules it was not made under. Called by contexts.ts.
import { hkdfSync } from 'node:crypto';

/** What OpenSSL takes: name, MAC key and cipher key of 16 bytes each. */
const KEYS_BYTES = 48;

/** `content`: the digest of all that decides how the context behaves. */
export function ticketKeys(secret: string, content: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, content, 'session tickets', KEYS_BYTES));
}
