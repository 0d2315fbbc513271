// What backends are told about where a request came from, in X-Forwarded-*, Forwarded (RFC 7239) and
// Via: decided once per connection and plan, written per request by serialize.ts. Invariant: what a
// client says about itself is passed on only if its address is a trusted proxy's. Used by the fronts.
import { equalsIgnoringCase } from '../http1/head-fields.ts';
import type { ListenerPlan } from '../plan.ts';
import type { ListenerState } from '../state.ts';

/** What a backend is told about the client. */
export interface Forwarding {
  /** Address of the client's connection, as `peerAddress` writes it. '' when it has none. */
  clientAddress: string;
  proto: 'http' | 'https';
  /** Whether what the client itself says in X-Forwarded-* and Forwarded is believed and extended. */
  trusted: boolean;
  /** Whether Forwarded is sent in any case; one that is believed is always extended. */
  forwarded: boolean;
  /** Name of this proxy in Via, '' for none. */
  via: string;
  /** Major version of HTTP the client speaks, for Via. */
  major: 1 | 2;
}

/** Of one client's connection: knows what it was made from. */
export interface ClientForwarding extends Forwarding {
  plan: ListenerPlan;
}

/** `remoteAddress` is the socket's. */
export function createForwarding(
  { plan, trusted }: Pick<ListenerState, 'plan' | 'trusted'>,
  remoteAddress: string | undefined,
  proto: 'http' | 'https',
  major: 1 | 2,
): ClientForwarding {
  const clientAddress = peerAddress(remoteAddress ?? '');
  return {
    clientAddress,
    proto,
    trusted: trusted.has(clientAddress),
    forwarded: plan.forwarded,
    via: plan.via,
    major,
    plan,
  };
}

/** Due before each request: the plan may have changed since the last one. */
export function renewForwarding(
  forwarding: ClientForwarding,
  { plan, trusted }: Pick<ListenerState, 'plan' | 'trusted'>,
): void {
  if (forwarding.plan === plan) return;
  forwarding.plan = plan;
  forwarding.trusted = trusted.has(forwarding.clientAddress);
  forwarding.forwarded = plan.forwarded;
  forwarding.via = plan.via;
}

/** The bare address: no zone, which means nothing on another machine, and IPv4 in its own form. */
export function peerAddress(address: string): string {
  if (!address.includes(':')) return address;
  const zone = address.indexOf('%');
  const bare = (zone === -1 ? address : address.substring(0, zone)).toLowerCase();
  return bare.startsWith('::ffff:') && bare.includes('.') ? bare.substring(7) : bare;
}

/** One element of a Forwarded list for this hop. `host` is the authority asked for, '' for none. */
export function forwardedElement(address: string, host: string, proto: string): string {
  const node = address === '' ? 'unknown' : address.includes(':') ? `"[${address}]"` : address;
  if (host === '') return `for=${node};proto=${proto}`;
  // A colon, of a port or an IPv6 address, is no token character: then the value has to be quoted.
  return `for=${node};host=${host.includes(':') ? `"${host}"` : host};proto=${proto}`;
}

const FORWARDED_PREFIX = 'x-forwarded-';

/**
 * Whether a field says where a request came from and is none that `fieldKind` knows. Underscores
 * count as hyphens: servers that turn names into variables cannot tell them apart.
 */
export function tellsOrigin(name: string): boolean {
  const length = name.length;
  if (length < 9 || (name.charCodeAt(0) | 0x20) !== 120) return false;
  const second = name.charCodeAt(1);
  if (second !== 45 && second !== 95) return false;
  const plain = name.includes('_') ? name.replaceAll('_', '-') : name;
  if (length === 9) return equalsIgnoringCase(plain, 'x-real-ip');
  return (
    length > FORWARDED_PREFIX.length &&
    equalsIgnoringCase(plain.substring(0, FORWARDED_PREFIX.length), FORWARDED_PREFIX)
  );
}
