// The opening handshake of a WebSocket (RFC 6455 §4): a request without a proper key is refused, a
// switch without the proof that the key was read is no switch. Else a backend that is no WebSocket
// server could be talked to in bytes of the client's choice. Pure; called by head-request.ts,
// exchange.ts and, for handshakes that HTTP/2 leaves out, by http2.
import { createHash } from 'node:crypto';
import type { Failure } from '../failure.ts';
import { equalsIgnoringCase } from '../http1/head-fields.ts';
import type { RequestHead, ResponseHead } from './message.ts';

const SUFFIX = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
/** Sixteen bytes. */
const KEY = /^[A-Za-z0-9+/]{22}==$/;

export function hasWebSocketKey(names: readonly string[], values: readonly string[]): boolean {
  return KEY.test(onlyValue('sec-websocket-key', names, values));
}

/** What Sec-WebSocket-Accept must say. */
export function acceptOf(key: string): string {
  return createHash('sha1')
    .update(key + SUFFIX, 'latin1')
    .digest('base64');
}

/**
 * '' when a 101 switches to what the request asked for. One that nobody asked for would turn what the
 * client sends next into raw bytes for the backend.
 */
export function switchFailure(request: RequestHead, response: ResponseHead): Failure | '' {
  if (request.upgrade === '' || response.upgrade !== request.upgrade) return 'upgrade-mismatch';
  if (request.upgrade !== 'websocket') return '';
  const key = onlyValue('sec-websocket-key', request.names, request.values);
  const proof = onlyValue('sec-websocket-accept', response.names, response.values);
  return proof === acceptOf(key) ? '' : 'upgrade-unproven';
}

/** '' for a field that is not there exactly once. */
function onlyValue(lower: string, names: readonly string[], values: readonly string[]): string {
  let found = -1;
  for (let at = 0; at < names.length; at++) {
    if (!equalsIgnoringCase(names[at]!, lower)) continue;
    if (found !== -1) return '';
    found = at;
  }
  return found === -1 ? '' : values[found]!;
}
