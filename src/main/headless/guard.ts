// Who may talk to the control endpoint. Pure. Three locks: the Host header must name loopback at
// our port (a page on the internet can point its own name at 127.0.0.1), the Origin must be our own
// when there is one (a page elsewhere can post to us), and the bearer token must match.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { WireError } from '#shared/errors.ts';

export function checkHost(headers: IncomingHttpHeaders, port: number): WireError | undefined {
  const host = headers.host?.toLowerCase();
  if (host !== undefined && loopbackAuthorities(port).has(host)) return undefined;
  return {
    code: 'forbidden',
    message: `this endpoint answers only as 127.0.0.1:${port}, localhost:${port} or [::1]:${port}`,
  };
}

export function checkOrigin(headers: IncomingHttpHeaders, port: number): WireError | undefined {
  const origin = headers.origin?.toLowerCase();
  if (origin === undefined) return undefined;
  const own = [...loopbackAuthorities(port)].some((authority) => origin === `http://${authority}`);
  return own ? undefined : { code: 'forbidden', message: `pages of ${origin} may not use this endpoint` };
}

export function checkToken(headers: IncomingHttpHeaders, token: string): WireError | undefined {
  const given = /^Bearer ([\x21-\x7e]+)$/i.exec(headers.authorization ?? '')?.[1];
  if (given !== undefined && tokensEqual(given, token)) return undefined;
  return {
    code: 'unauthorized',
    message: 'send the token that was printed at start as "Authorization: Bearer <token>"',
  };
}

/** Compares in constant time whatever the lengths. */
export function tokensEqual(given: string, token: string): boolean {
  return timingSafeEqual(digest(given), digest(token));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function loopbackAuthorities(port: number): ReadonlySet<string> {
  const names = ['127.0.0.1', 'localhost', '[::1]'];
  return new Set([...names.map((name) => `${name}:${port}`), ...(port === 80 ? names : [])]);
}
