// What a backend that speaks HTTP/2 is asked when one that speaks HTTP/1.1 would be asked this: the
// tables of requests say it once. Used by vector-http2-requests.spec.ts.
import type { IncomingHttpHeaders } from 'node:http2';
import type { SeenRequest } from './forwarded-requests.ts';

export interface Http2SeenRequest {
  method: string;
  authority: string;
  path: string;
  /** `name: value`, but for pseudo-fields and X-Forwarded-…. */
  fields: string[];
  forwarded: string[];
  body: string;
  trailers: string[];
}

const FORWARDED = /^x-forwarded-(for|proto|host): /;
/** Said by :authority, by frames and by the version. */
const UNSAID = ['host', 'transfer-encoding', 'connection'];

/** `scheme` is the one the client came by. */
export function http2Seen(
  { first, lines, body, trailers = [] }: SeenRequest,
  scheme: 'http' | 'https',
): Http2SeenRequest {
  const [method = '', path = ''] = first.split(' ');
  const fields = lines.map(lowerCaseName);
  const authority = fields.find((field) => field.startsWith('host: '))?.slice('host: '.length) ?? '';
  return {
    method,
    authority,
    path,
    fields: fields.filter((field) => !UNSAID.includes(field.slice(0, field.indexOf(':')))),
    forwarded: [
      'x-forwarded-for: 127.0.0.1',
      `x-forwarded-proto: ${scheme}`,
      `x-forwarded-host: ${authority}`,
    ],
    body,
    trailers: trailers.map(lowerCaseName),
  };
}

/** `raw` alternates names and values, as received. */
export function http2Received(
  raw: readonly string[],
  body: string,
  trailers: IncomingHttpHeaders,
): Http2SeenRequest {
  const all = raw.flatMap((name, i) => (i % 2 === 0 ? [`${name}: ${raw[i + 1]}`] : []));
  const pseudo = (name: string): string =>
    all.find((field) => field.startsWith(`:${name}: `))?.slice(name.length + 3) ?? '';
  const plain = all.filter((field) => !field.startsWith(':'));
  return {
    method: pseudo('method'),
    authority: pseudo('authority'),
    path: pseudo('path'),
    fields: plain.filter((field) => !FORWARDED.test(field)),
    forwarded: plain.filter((field) => FORWARDED.test(field)),
    body,
    trailers: Object.entries(trailers).map(([name, value]) => `${name}: ${String(value)}`),
  };
}

function lowerCaseName(line: string): string {
  return line.replace(/^[^:]*/, (name) => name.toLowerCase());
}
