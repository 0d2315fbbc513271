// Reads the address of a backend the way people write it: `3001`, `localhost:3001`, `https://a.test`.
// Invariant: nothing of what was typed is dropped: a scheme is handed on, and what an address cannot hold
// is refused. Pure; used wherever such an address is typed.
import { z } from 'zod';
import { formatAddress, isHost, parseAddress } from '#shared/config/primitives.ts';

/** What a pool speaks to its backends, as the start of a URL says it. */
export type BackendScheme = 'http' | 'https';

export interface SchemedAddress {
  /** `host:port`. */
  address: string;
  /** Undefined when none was typed. */
  scheme: BackendScheme | undefined;
}

export type ReadAddress = ({ ok: true } & SchemedAddress) | { ok: false; message: string };

const DEFAULT_PORTS: Readonly<Record<BackendScheme, number>> = { http: 80, https: 443 };
const USE_HOST_PORT = 'use host:port, for example 127.0.0.1:3001 or [::1]:3001';

export function readAddress(text: string): ReadAddress {
  const [, typedScheme, afterScheme = ''] = /^(?:([a-z][a-z0-9+.-]*):\/\/)?(.*)$/is.exec(text.trim()) ?? [];
  const scheme = typedScheme?.toLowerCase();
  if (scheme !== undefined && !isScheme(scheme)) return refused(otherScheme(scheme));
  const end = afterScheme.search(/[/?#]/);
  const authority = end === -1 ? afterScheme : afterScheme.slice(0, end);
  if (authority.includes('@'))
    return refused('an address holds no user name or password; write host:port alone');
  const problem = end === -1 ? undefined : surplusProblem(afterScheme.slice(end));
  if (problem !== undefined) return refused(problem);
  const address = withDefaults(authority, scheme);
  return address === undefined ? refused(hostProblem(authority)) : { ok: true, address, scheme };
}

function refused(message: string): ReadAddress {
  return { ok: false, message };
}

function isScheme(scheme: string): scheme is BackendScheme {
  return scheme === 'http' || scheme === 'https';
}

function otherScheme(scheme: string): string {
  const instead = scheme === 'wss' ? 'https://' : scheme === 'ws' ? 'http://' : 'host:port';
  return `a backend speaks http or https, not ${scheme}; use ${instead}`;
}

/** What is wrong with the rest behind host and port; a lone slash says nothing. */
function surplusProblem(rest: string): string | undefined {
  if (rest === '/') return undefined;
  return /^\/?[?#]/.test(rest)
    ? 'an address holds no query or fragment; write host:port alone'
    : 'an address holds no path, requests keep their own; write host:port alone';
}

/** Numbers and dots before the port were meant as an IP address. */
function hostProblem(authority: string): string {
  const [, host = ''] = /^(\d[\d.]*\.[\d.]*)(?::\d*)?$/.exec(authority) ?? [];
  return host === '' || isHost(host)
    ? USE_HOST_PORT
    : `${host} is no IP address: it has four numbers from 0 to 255`;
}

/** `host:port` with what may be left out; undefined when it is none even so. */
function withDefaults(authority: string, scheme: BackendScheme | undefined): string | undefined {
  const whole = scheme === undefined && /^:?\d{1,5}$/.test(authority) ? local(authority) : authority;
  if (parseAddress(whole) !== undefined) return whole;
  if (scheme === undefined) return undefined;
  const withPort = `${authority}:${DEFAULT_PORTS[scheme]}`;
  return parseAddress(withPort) === undefined ? undefined : withPort;
}

function local(port: string): string {
  return formatAddress('127.0.0.1', Number(port.replace(':', '')));
}

/** What the field shows once it is left; unreadable text comes back trimmed, to be refused. */
export function tidyAddress(text: string): string {
  const read = readAddress(text);
  if (!read.ok) return text.trim();
  return read.scheme === undefined ? read.address : `${read.scheme}://${read.address}`;
}

/** The one scheme of a pool's addresses. Where none is typed, http is meant. */
export function commonScheme(
  schemes: readonly (BackendScheme | undefined)[],
): BackendScheme | 'mixed' | undefined {
  if (!schemes.includes('https')) return schemes.find((scheme) => scheme !== undefined);
  return schemes.every((scheme) => scheme === 'https') ? 'https' : 'mixed';
}

/** A field that holds such an address. */
export const AddressField = z.string().transform((text, context): SchemedAddress => {
  const read = readAddress(text);
  if (read.ok) return read;
  context.addIssue({ code: 'custom', message: read.message });
  return z.NEVER;
});

/** A pool has an address once, whoever writes it; `owner`: what has it already. */
export function sameAddressText(owner: string): string {
  return `${owner} has the same address; use another one`;
}

/**
 * The same for a pool that is there; `overTls`: whether it connects so, undefined where that is not known.
 * `others`: the rest of the pool.
 */
export function addressFieldOf(
  overTls: boolean | undefined,
  others: readonly { name: string; address: string }[] = [],
) {
  return AddressField.transform(({ address, scheme }, context) => {
    const owner = others.find((other) => other.address === address);
    const problem = contradiction(scheme, overTls) ?? (owner && sameAddressText(`backend ${owner.name}`));
    if (problem === undefined) return address;
    context.addIssue({ code: 'custom', message: problem });
    return z.NEVER;
  });
}

/** Why an address with this scheme cannot join the pool, with the fix. */
function contradiction(scheme: BackendScheme | undefined, overTls: boolean | undefined): string | undefined {
  if (scheme === undefined || overTls === undefined || (scheme === 'https') === overTls) return undefined;
  return overTls
    ? 'this pool speaks HTTPS to its backends; drop http://, or turn HTTPS off in Edit pool (Connect over TLS)'
    : 'this pool speaks HTTP to its backends; turn on HTTPS in Edit pool (Connect over TLS), or drop https://';
}
