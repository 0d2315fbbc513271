// Field lines: splits a header section into names and values, and recognises the few names the
// proxy acts on. Invariant: what passes here holds no CR, LF, NUL or other control character, and
// every name is a token, so it can be written again without escaping. RFC 9112 §5, RFC 9110 §5.
// Called by the two head parsers and, for trailers, by body.ts.
import { HEAD_FAULTS, type HeadFault } from './head-faults.ts';

export const CR = 13;
export const LF = 10;
const TAB = 9;
export const SPACE = 32;
const COLON = 58;
const COMMA = 44;

/** 1 for each character of a token (RFC 9110 §5.6.2). */
export const TOKEN = new Uint8Array(256);
for (const character of "!#$%&'*+-.^_`|~0123456789") TOKEN[character.charCodeAt(0)] = 1;
for (let letter = 0; letter < 26; letter++) TOKEN[65 + letter] = TOKEN[97 + letter] = 1;

/** 1 for each byte of a field value or reason phrase: text, obs-text, SP and HTAB. */
export const TEXT = new Uint8Array(256).fill(1, SPACE);
TEXT[127] = 0;
TEXT[TAB] = 1;

/**
 * Reads field lines from `from` up to the empty line that ends `text`, appending to `names` and
 * `values`. Null means all of it was well formed.
 */
export function scanFields(
  text: string,
  from: number,
  names: string[],
  values: string[],
  maxLines: number,
): HeadFault | null {
  const emptyLine = text.length - 2;
  let at = from;
  while (at < emptyLine) {
    const nameStart = at;
    let code = text.charCodeAt(at);
    while (TOKEN[code] === 1) code = text.charCodeAt(++at);
    if (code !== COLON || at === nameStart) return nameFault(code, at === nameStart);
    if (names.length >= maxLines) return HEAD_FAULTS.fieldCount;
    names.push(text.substring(nameStart, at));

    code = text.charCodeAt(++at);
    while (code === SPACE || code === TAB) code = text.charCodeAt(++at);
    const valueStart = at;
    while (TEXT[code] === 1) code = text.charCodeAt(++at);
    if (code !== CR || text.charCodeAt(at + 1) !== LF) return lineFault(code);
    let valueEnd = at;
    if (valueEnd > valueStart && isBlank(text.charCodeAt(valueEnd - 1))) {
      valueEnd = trimmedEnd(text, valueStart, valueEnd);
      if (hidesCoding(names[names.length - 1]!, text, valueEnd, at)) return HEAD_FAULTS.codingBlank;
    }
    values.push(text.substring(valueStart, valueEnd));
    at += 2;
  }
  const ended = at === emptyLine && text.charCodeAt(at) === CR && text.charCodeAt(at + 1) === LF;
  return ended ? null : HEAD_FAULTS.unterminated;
}

function isBlank(code: number): boolean {
  return code === SPACE || code === TAB;
}

function trimmedEnd(text: string, start: number, end: number): number {
  let at = end;
  while (at > start && isBlank(text.charCodeAt(at - 1))) at--;
  return at;
}

/**
 * A tab after a value is blank space by the grammar, but parsers in wide use (llhttp for one) read
 * "chunked" followed by a tab as another coding and find another end of the message.
 */
function hidesCoding(name: string, text: string, valueEnd: number, lineEnd: number): boolean {
  if (fieldKind(name) !== FIELD.transferEncoding) return false;
  const tab = text.indexOf('\t', valueEnd);
  return tab !== -1 && tab < lineEnd;
}

function nameFault(code: number, empty: boolean): HeadFault {
  if (empty && isBlank(code)) return HEAD_FAULTS.fieldFolded;
  if (empty && code === COLON) return HEAD_FAULTS.fieldNameEmpty;
  if (code === LF) return HEAD_FAULTS.bareLineFeed;
  if (isBlank(code) || code === CR) return HEAD_FAULTS.fieldColon;
  return HEAD_FAULTS.fieldName;
}

/** What is wrong where a line of text stops at `code` instead of at CRLF. */
export function lineFault(code: number): HeadFault {
  return code === LF || code === CR ? HEAD_FAULTS.bareLineFeed : HEAD_FAULTS.fieldValue;
}

/** The fields the proxy reads, rewrites or removes. Everything else is `other` and passes through. */
export const FIELD = {
  other: 0,
  host: 1,
  contentLength: 2,
  transferEncoding: 3,
  connection: 4,
  upgrade: 5,
  expect: 6,
  te: 7,
  trailer: 8,
  keepAlive: 9,
  proxyConnection: 10,
  proxyAuthenticate: 11,
  proxyAuthorization: 12,
  http2Settings: 13,
  xForwardedFor: 14,
  xForwardedProto: 15,
  xForwardedHost: 16,
  forwarded: 17,
  xRealIp: 18,
} as const;
export type FieldKind = (typeof FIELD)[keyof typeof FIELD];

/** Length first: most names are told apart from all known ones by it and one more character. */
export function fieldKind(name: string): FieldKind {
  switch (name.length) {
    case 2:
      return equalsIgnoringCase(name, 'te') ? FIELD.te : FIELD.other;
    case 4:
      return equalsIgnoringCase(name, 'host') ? FIELD.host : FIELD.other;
    case 6:
      return equalsIgnoringCase(name, 'expect') ? FIELD.expect : FIELD.other;
    case 7:
      if (equalsIgnoringCase(name, 'upgrade')) return FIELD.upgrade;
      return equalsIgnoringCase(name, 'trailer') ? FIELD.trailer : FIELD.other;
    case 9:
      if (equalsIgnoringCase(name, 'forwarded')) return FIELD.forwarded;
      return equalsIgnoringCase(name, 'x-real-ip') ? FIELD.xRealIp : FIELD.other;
    case 10:
      if (equalsIgnoringCase(name, 'connection')) return FIELD.connection;
      return equalsIgnoringCase(name, 'keep-alive') ? FIELD.keepAlive : FIELD.other;
    case 14:
      if (equalsIgnoringCase(name, 'content-length')) return FIELD.contentLength;
      return equalsIgnoringCase(name, 'http2-settings') ? FIELD.http2Settings : FIELD.other;
    case 15:
      return equalsIgnoringCase(name, 'x-forwarded-for') ? FIELD.xForwardedFor : FIELD.other;
    case 16:
      if (equalsIgnoringCase(name, 'proxy-connection')) return FIELD.proxyConnection;
      return equalsIgnoringCase(name, 'x-forwarded-host') ? FIELD.xForwardedHost : FIELD.other;
    case 17:
      if (equalsIgnoringCase(name, 'transfer-encoding')) return FIELD.transferEncoding;
      return equalsIgnoringCase(name, 'x-forwarded-proto') ? FIELD.xForwardedProto : FIELD.other;
    case 18:
      return equalsIgnoringCase(name, 'proxy-authenticate') ? FIELD.proxyAuthenticate : FIELD.other;
    case 19:
      return equalsIgnoringCase(name, 'proxy-authorization') ? FIELD.proxyAuthorization : FIELD.other;
    default:
      return FIELD.other;
  }
}

/**
 * Whether `text` is `lower` in any letter case. Setting bit 0x20 folds letters; it could also turn
 * a control character into a digit or "-", but scanFields lets none through.
 */
export function equalsIgnoringCase(text: string, lower: string): boolean {
  const length = lower.length;
  if (text.length !== length) return false;
  for (let at = 0; at < length; at++) {
    if ((text.charCodeAt(at) | 0x20) !== lower.charCodeAt(at)) return false;
  }
  return true;
}

/**
 * Calls nothing and allocates only the result: the lower-case elements of a comma-separated list of
 * tokens, empty elements skipped (RFC 9110 §5.6.1), appended to `tokens`. False when an element is
 * not a token.
 */
export function appendTokens(tokens: string[], value: string): boolean {
  let at = 0;
  while (at < value.length) {
    let code = value.charCodeAt(at);
    if (isBlank(code) || code === COMMA) {
      at++;
      continue;
    }
    const start = at;
    while (TOKEN[code] === 1) code = value.charCodeAt(++at);
    if (at === start) return false;
    tokens.push(value.substring(start, at).toLowerCase());
    while (isBlank(value.charCodeAt(at))) at++;
    if (at < value.length && value.charCodeAt(at) !== COMMA) return false;
  }
  return true;
}

/** Whether a comma-separated list holds exactly the element `lower`: no weight, no parameter. */
export function listHas(value: string, lower: string): boolean {
  if (value.length === lower.length) return equalsIgnoringCase(value, lower);
  let from = 0;
  while (from <= value.length) {
    const comma = value.indexOf(',', from);
    const until = comma === -1 ? value.length : comma;
    let start = from;
    let end = until;
    while (start < end && isBlank(value.charCodeAt(start))) start++;
    while (end > start && isBlank(value.charCodeAt(end - 1))) end--;
    if (end - start === lower.length && equalsIgnoringCase(value.substring(start, end), lower)) return true;
    from = until + 1;
  }
  return false;
}
