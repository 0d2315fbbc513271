// The header list of an HTTP/2 response, from the model of message.ts. Invariant: names are lower
// case, fields keep their order and number, none is connection-specific (RFC 9113 §8.2.2). Pure;
// called by stream-front.ts.
import type { ResponseHead } from '../exchange/message.ts';
import { namesNoField } from '../http1/framing.ts';
import { FIELD, fieldKind } from '../http1/head-fields.ts';

const RESET_CONTENT = 205;

/** Alternates names and values, `:status` first. `via`: the name of this proxy, '' for none. */
export function http2ResponseFields(head: ResponseHead, status: number, via: string): string[] {
  const fields = [':status', `${status}`];
  const { names, values } = head;
  const plain = namesNoField(head.connectionTokens);
  for (let index = 0; index < names.length; index++) {
    const kind = fieldKind(names[index]!);
    const isLength = kind === FIELD.contentLength;
    if (kind !== FIELD.other && kind < FIELD.xForwardedFor && !isLength) continue;
    // A length that does not apply would be a fault in HTTP/2.
    if (isLength && (head.contentLength < 0 || status === RESET_CONTENT)) continue;
    const name = names[index]!.toLowerCase();
    // The answer to our own key says nothing to a client that sent none (RFC 8441 §5).
    if (head.status === 101 && name === 'sec-websocket-accept') continue;
    if (!plain && head.connectionTokens!.includes(name)) continue;
    fields.push(name, isLength ? `${head.contentLength}` : values[index]!);
  }
  if (via !== '') fields.push('via', `${head.version ?? `1.${head.minor}`} ${via}`);
  return fields;
}

/** A whole answer of the proxy itself: one line of text. */
export function ownAnswer(
  status: number,
  text: string,
  retryAfterS: number | undefined,
): { fields: string[]; line: string } {
  // As in HTTP/1.1: characters that are one byte in every encoding.
  const line = `${text.replace(/[^\x20-\x7e]/g, '?')}\n`;
  const fields = [':status', `${status}`, 'content-type', 'text/plain; charset=utf-8'];
  fields.push('content-length', `${line.length}`);
  if (retryAfterS !== undefined) fields.push('retry-after', `${retryAfterS}`);
  return { fields, line };
}

/** For trailers and interim responses, which node:http2 takes as an object only. */
export function fieldObject(fields: readonly string[]): Record<string, string | string[]> {
  const object: Record<string, string | string[]> = Object.create(null);
  for (let i = 0; i < fields.length; i += 2) {
    const name = fields[i]!;
    const value = fields[i + 1]!;
    const before = object[name];
    if (before === undefined) object[name] = value;
    else if (typeof before === 'string') object[name] = [before, value];
    else before.push(value);
  }
  return object;
}
