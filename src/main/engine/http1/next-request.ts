// Cuts the next request head out of what a client has sent, within the listener's limits. Pure; called
// by client-connection.ts for as long as it has time for another request.
import type { RequestHead } from '../exchange/message.ts';
import type { ListenerPlan } from '../plan.ts';
import { HEAD_FAULTS, type HeadFault } from './head-faults.ts';
import { CR, LF, SPACE } from './head-fields.ts';
import { isHeadError, parseRequestHead } from './head-request.ts';
import type { HeldBytes } from './held-bytes.ts';

const VERSION_BYTES = 'HTTP/1.1'.length;
const SLASH = 47;

/** Null: it is not complete. A request leaves `held`, anything else stays in it. */
export function nextRequest(
  held: HeldBytes,
  { limits, redirectPort }: Pick<ListenerPlan, 'limits' | 'redirectPort'>,
): RequestHead | HeadFault | null {
  const { bytes, from } = held;
  if (bytes === null) return null;
  const headEnd = held.findHeadEnd();
  const headBytes = (headEnd === -1 ? bytes.length : headEnd) - from;
  if (headBytes > limits.headerBytes) return oversizedFault(bytes, from, limits.urlBytes);
  if (headEnd === -1) return endsWithoutVersion(bytes, from) ? HEAD_FAULTS.requestLine : null;
  const head = parseRequestHead(bytes.toString('latin1', from, headEnd), limits);
  if (isHeadError(head)) return head;
  // Nowhere to redirect to; everything else can do without a host, as HTTP/1.0 allows.
  if (redirectPort !== 0 && head.hostname === '') return HEAD_FAULTS.hostMissing;
  held.keep(bytes, headEnd);
  return head;
}

/** The target alone may be too long, which has a status of its own, whether or not the rest has arrived. */
function oversizedFault(bytes: Buffer, from: number, urlBytes: number): HeadFault {
  let at = from;
  if (bytes[at] === CR && bytes[at + 1] === LF) at += 2;
  const target = endOfWord(bytes, at) + 1;
  return endOfWord(bytes, target) - target > urlBytes ? HEAD_FAULTS.targetLength : HEAD_FAULTS.headerLength;
}

/**
 * A request line of HTTP/0.9 is all its client sends: waiting for the rest of a head would be in vain.
 * False while the line is incomplete.
 */
function endsWithoutVersion(bytes: Buffer, from: number): boolean {
  const start = bytes[from] === CR && bytes[from + 1] === LF ? from + 2 : from;
  const lineFeed = bytes.indexOf(LF, start);
  if (lineFeed === -1) return false;
  const end = lineFeed > start && bytes[lineFeed - 1] === CR ? lineFeed - 1 : lineFeed;
  // What is left over behind a body is no request line.
  if (end === start) return false;
  const version = end - VERSION_BYTES;
  return version <= start || bytes[version - 1] !== SPACE || bytes[version + 4] !== SLASH;
}

function endOfWord(bytes: Buffer, from: number): number {
  let at = from;
  while (at < bytes.length && bytes[at] !== SPACE && bytes[at] !== CR && bytes[at] !== LF) at++;
  return at;
}
