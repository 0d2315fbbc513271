// What the connection-level fields of a head say: how its body ends, whether the sender keeps its
// connection, and which protocol it asks for. Invariant: a head that two readers could frame
// differently is a fault, never a guess. RFC 9112 §6, §9. Called by both head parsers.
import { HEAD_FAULTS, type HeadFault } from './head-faults.ts';
import { appendTokens, equalsIgnoringCase, FIELD, type FieldKind, TOKEN } from './head-fields.ts';

export interface Framing {
  /** -1 when absent. */
  contentLength: number;
  chunked: boolean;
  tokens: string[] | null;
  /** The one Upgrade value, '' when absent, a list or given twice. */
  upgrade: string;
  upgradeFields: number;
}

export function createFraming(): Framing {
  return { contentLength: -1, chunked: false, tokens: null, upgrade: '', upgradeFields: 0 };
}

// The two lists nearly every message carries, shared so that they cost no array each. Read only.
const KEEP_ALIVE_TOKENS = ['keep-alive'];
const CLOSE_TOKENS = ['close'];

/** Takes one field into account. Kinds that say nothing about framing are ignored. */
export function noteField(framing: Framing, kind: FieldKind, value: string): HeadFault | null {
  switch (kind) {
    case FIELD.contentLength: {
      // Repeated fields and lists of equal numbers could be collapsed; refusing them leaves no
      // recipient downstream to choose another one.
      if (framing.contentLength !== -1) return HEAD_FAULTS.lengthRepeated;
      framing.contentLength = contentLengthOf(value);
      return framing.contentLength === -1 ? HEAD_FAULTS.lengthInvalid : null;
    }
    case FIELD.transferEncoding:
      if (framing.chunked) return HEAD_FAULTS.codingRepeated;
      if (value === '') return HEAD_FAULTS.codingEmpty;
      framing.chunked = equalsIgnoringCase(value, 'chunked');
      return framing.chunked ? null : HEAD_FAULTS.codingUnknown;
    case FIELD.connection:
      return noteConnection(framing, value);
    case FIELD.upgrade:
      framing.upgradeFields++;
      framing.upgrade = framing.upgradeFields === 1 ? protocolOf(value) : '';
      return null;
    default:
      return null;
  }
}

/** What only shows once every field is known. */
export function framingFault(framing: Framing, minor: 0 | 1): HeadFault | null {
  if (!framing.chunked) return null;
  if (framing.contentLength !== -1) return HEAD_FAULTS.lengthAndCoding;
  return minor === 0 ? HEAD_FAULTS.codingVersion : null;
}

export function keepsAlive(framing: Framing, minor: 0 | 1): boolean {
  const tokens = framing.tokens;
  if (tokens === null) return minor === 1;
  if (tokens.includes('close')) return false;
  return minor === 1 || tokens.includes('keep-alive');
}

/** Whether a Connection list only holds options, so that no other field has to be removed for it. */
export function namesNoField(tokens: string[] | null): boolean {
  if (tokens === null || tokens === KEEP_ALIVE_TOKENS || tokens === CLOSE_TOKENS) return true;
  for (const token of tokens) {
    if (token !== 'keep-alive' && token !== 'close' && token !== 'upgrade' && token !== 'te') return false;
  }
  return true;
}

function noteConnection(framing: Framing, value: string): HeadFault | null {
  if (framing.tokens === null) {
    if (value === 'keep-alive') {
      framing.tokens = KEEP_ALIVE_TOKENS;
      return null;
    }
    if (value === 'close') {
      framing.tokens = CLOSE_TOKENS;
      return null;
    }
  }
  const tokens = framing.tokens === null ? [] : [...framing.tokens];
  if (!appendTokens(tokens, value)) return HEAD_FAULTS.connectionInvalid;
  framing.tokens = tokens;
  return null;
}

/** Digits only and below 2^53, else -1. Leading zeros are valid and vanish when written again. */
function contentLengthOf(value: string): number {
  const length = value.length;
  if (length === 0) return -1;
  let sum = 0;
  for (let at = 0; at < length; at++) {
    const digit = value.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return -1;
    sum = sum * 10 + digit;
    if (sum > Number.MAX_SAFE_INTEGER) return -1;
  }
  return sum;
}

/** A single `name` or `name/version`, lower case; '' for a list or anything malformed. */
function protocolOf(value: string): string {
  let slashes = 0;
  let parted = true;
  for (let at = 0; at < value.length; at++) {
    const code = value.charCodeAt(at);
    if (code === 47) {
      if (parted || slashes++ > 0) return '';
      parted = true;
    } else {
      if (TOKEN[code] !== 1) return '';
      parted = false;
    }
  }
  return parted ? '' : value.toLowerCase();
}
