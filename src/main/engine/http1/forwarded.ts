// How a client's address is written for backends in X-Forwarded-For and Forwarded (RFC 7239 §4, §6).
// Called by serialize.ts.

/** The bare address: no zone, which means nothing on another machine, and IPv4 in its own form. */
export function forwardedAddress(address: string): string {
  if (!address.includes(':')) return address;
  const zone = address.indexOf('%');
  const bare = zone === -1 ? address : address.substring(0, zone);
  return bare.startsWith('::ffff:') && bare.includes('.') ? bare.substring(7) : bare;
}

/** One element of a Forwarded list for this hop. IPv6 goes in brackets and therefore in quotes. */
export function forwardedElement(address: string, proto: string): string {
  const node = address.includes(':') ? `"[${address}]"` : address;
  return `for=${node};proto=${proto}`;
}
