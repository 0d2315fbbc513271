// Decides which trailer fields may travel on, in both directions and versions. A trailer arrives after the
// message was judged by its head, so one that frames, routes, authenticates, controls or describes the
// content must never pass for a header downstream (RFC 9110 §6.5.1). These are listed, not those that may
// pass: gRPC ends its calls with trailers of any name the application gives them. Pure; called by body.ts,
// request-data.ts and upstream-stream.ts.
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
  // Servers that turn names into variables cannot tell underscores from hyphens.
  const plain = name.toLowerCase().replaceAll('_', '-');
  // Whatever the proxy itself acts on in a head has no business in a trailer.
  if (fieldKind(plain) !== FIELD.other) return false;
  return !REFUSED.has(plain) && !REFUSED_PREFIXES.some((prefix) => plain.startsWith(prefix));
}
