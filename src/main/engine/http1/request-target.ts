// Authorities and request targets: which characters they may hold, and what host they name.
// Invariant: a hostname returned here is lower case, without port, and never empty. RFC 9112 §3.2,
// RFC 3986 §3.2.2. Called by head-request.ts.
import { HEAD_FAULTS, type HeadFault } from './head-faults.ts';
import { equalsIgnoringCase } from './head-fields.ts';

/**
 * 1 for each byte of a request target. Beyond RFC 3986 this lets through the printable characters
 * that real clients leave unescaped (such as "|" or "\"), which are passed on byte-exact; "#" would
 * be a fragment, which never travels.
 */
export const TARGET = new Uint8Array(256).fill(1, 0x21, 0x7f);
TARGET[35] = 0;

const LOWER = 1;
const UPPER = 2;
/**
 * Characters of a host name. Percent escapes and sub-delimiters are legal in RFC 3986 but occur in no
 * real name and are read differently by different servers, so they are refused.
 */
const HOST = new Uint8Array(256);
for (const character of 'abcdefghijklmnopqrstuvwxyz0123456789-._~') HOST[character.charCodeAt(0)] = LOWER;
for (let letter = 65; letter <= 90; letter++) HOST[letter] = UPPER;

const COLON = 58;
const SLASH = 47;
const QUESTION = 63;

/** Lower-case host of an authority, brackets kept, port left out; '' when the authority is invalid. */
export function hostnameOf(authority: string): string {
  const length = authority.length;
  if (authority.charCodeAt(0) === 91) return addressOf(authority);
  let upper = false;
  let at = 0;
  for (; at < length; at++) {
    const kind = HOST[authority.charCodeAt(at)];
    if (kind !== LOWER) {
      if (kind !== UPPER) break;
      upper = true;
    }
  }
  if (at === 0 || portAt(authority, at) === -1) return '';
  const name = at === length ? authority : authority.substring(0, at);
  return upper ? name.toLowerCase() : name;
}

/** The bracketed IPv6 form. Zones are local to the sender, so they are refused here. */
function addressOf(authority: string): string {
  const close = authority.indexOf(']');
  let colons = 0;
  for (let at = 1; at < close; at++) {
    const code = authority.charCodeAt(at);
    const hex = (code >= 48 && code <= 57) || ((code | 0x20) >= 97 && (code | 0x20) <= 102);
    if (code === COLON) colons++;
    else if (!hex && code !== 46) return '';
  }
  if (colons < 2 || portAt(authority, close + 1) === -1) return '';
  return authority.substring(0, close + 1).toLowerCase();
}

/** The port that starts at `at` with its colon; 0 when there is none or it is empty; -1 when invalid. */
function portAt(authority: string, at: number): number {
  const length = authority.length;
  if (at === length) return 0;
  if (authority.charCodeAt(at) !== COLON || length - at > 6) return -1;
  let port = 0;
  for (let next = at + 1; next < length; next++) {
    const digit = authority.charCodeAt(next) - 48;
    if (digit < 0 || digit > 9) return -1;
    port = port * 10 + digit;
  }
  return port <= 65_535 ? port : -1;
}

export interface ResolvedTarget {
  /** Path and query, or "*" for OPTIONS. */
  target: string;
  host: string;
}

/**
 * Resolves every form of target but a path: "*", http and https URLs, and what CONNECT takes. `host`
 * is the Host received, '' for none.
 */
export function resolveTarget(method: string, target: string, host: string): ResolvedTarget | HeadFault {
  if (method === 'CONNECT') return hostnameOf(target) === '' ? HEAD_FAULTS.targetForm : HEAD_FAULTS.connect;
  if (target === '*') return method === 'OPTIONS' ? { target, host } : HEAD_FAULTS.targetAsterisk;

  const scheme = target.indexOf('://');
  const name = scheme === -1 ? '' : target.substring(0, scheme);
  const secure = equalsIgnoringCase(name, 'https');
  if (!secure && !equalsIgnoringCase(name, 'http')) return HEAD_FAULTS.targetForm;

  const start = scheme + 3;
  let end = start;
  while (end < target.length && target.charCodeAt(end) !== SLASH && target.charCodeAt(end) !== QUESTION)
    end++;
  const authority = target.substring(start, end);
  if (hostnameOf(authority) === '') return HEAD_FAULTS.targetForm;
  // The URL's authority replaces Host (§3.2.2); a Host that differs is two answers to one question.
  if (host !== '' && !sameAuthority(authority, host, secure ? 443 : 80)) return HEAD_FAULTS.hostMismatch;
  return { target: originForm(method, target.substring(end)), host: authority };
}

/** A URL without a path stands for "/", and for "*" with OPTIONS (§3.2.4). */
function originForm(method: string, rest: string): string {
  if (rest === '') return method === 'OPTIONS' ? '*' : '/';
  return rest.charCodeAt(0) === QUESTION ? `/${rest}` : rest;
}

/** Whether two valid authorities name the same host and port, where a missing port is the default. */
function sameAuthority(a: string, b: string, defaultPort: number): boolean {
  const nameA = hostnameOf(a);
  const nameB = hostnameOf(b);
  if (nameA !== nameB || nameA === '') return false;
  return (portAt(a, nameA.length) || defaultPort) === (portAt(b, nameB.length) || defaultPort);
}
