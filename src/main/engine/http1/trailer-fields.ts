// Decides which trailer fields may travel on. A trailer arrives after the request was routed and
// judged by its head, so one that frames, routes, authenticates, controls or describes the content
// must never pass for a header downstream. RFC 9110 §6.5.1. Called by body.ts.
import { FIELD, fieldKind } from './head-fields.ts';

const REFUSED = new Set([
  'accept',
  'age',
  'authentication-info',
  'authorization',
  'cache-control',
  'cookie',
  'cookie2',
  'date',
  'expires',
  'from',
  'location',
  'max-forwards',
  'origin',
  'pragma',
  'range',
  'referer',
  'retry-after',
  'set-cookie',
  'set-cookie2',
  'user-agent',
  'vary',
  'via',
  'warning',
  'www-authenticate',
]);
const REFUSED_PREFIXES = ['accept-', 'access-control-', 'content-', 'if-', 'proxy-', 'sec-', 'x-forwarded-'];

/** The allowed fields as canonical lines, without the empty line that ends the section. */
export function trailerLines(names: readonly string[], values: readonly string[]): string {
  let lines = '';
  for (let index = 0; index < names.length; index++) {
    const name = names[index]!;
    if (mayTravel(name)) lines += `${name}: ${values[index]!}\r\n`;
  }
  return lines;
}

/** The allowed fields, names and values in turn. */
export function travellingTrailers(names: readonly string[], values: readonly string[]): string[] {
  const fields: string[] = [];
  for (let index = 0; index < names.length; index++) {
    const name = names[index]!;
    if (mayTravel(name)) fields.push(name, values[index]!);
  }
  return fields;
}

function mayTravel(name: string): boolean {
  // Whatever the proxy itself acts on in a head has no business in a trailer.
  if (fieldKind(name) !== FIELD.other) return false;
  const lower = name.toLowerCase();
  return !REFUSED.has(lower) && !REFUSED_PREFIXES.some((prefix) => lower.startsWith(prefix));
}
