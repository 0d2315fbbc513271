// Whose word about a request's origin is believed: a listener's networks, compiled once per plan and asked
// once per connection. Called by apply.ts; forwarded.ts asks what it made.
import { BlockList, isIP, isIPv4 } from 'node:net';
import { peerAddress } from './forwarded.ts';

/** Addresses whose word is believed. */
export interface TrustedProxies {
  /** `address` as `peerAddress` writes it. */
  has(address: string): boolean;
}

const NOBODY: TrustedProxies = { has: () => false };
const MAPPED_PREFIX_BITS = 96;

/**
 * Compiles `10.0.0.0/8`, `192.0.2.7`, `fd00::/8`. What is no address matches nobody: the mistake then
 * costs a header, where believing too much would cost the truth.
 */
export function compileTrustedProxies(networks: readonly string[]): TrustedProxies {
  if (networks.length === 0) return NOBODY;
  const list = new BlockList();
  for (const network of networks) addNetwork(list, network);
  return {
    has(address) {
      const family = isIP(address);
      return family !== 0 && list.check(address, family === 4 ? 'ipv4' : 'ipv6');
    },
  };
}

function addNetwork(list: BlockList, network: string): void {
  const slash = network.indexOf('/');
  const written = slash === -1 ? network : network.substring(0, slash);
  const address = peerAddress(written);
  const family = isIP(address);
  if (family === 0) return;
  const mapped = isIPv4(address) && written.includes(':');
  const widest = family === 4 ? 32 : 128;
  const bits =
    slash === -1 ? widest : Number(network.substring(slash + 1)) - (mapped ? MAPPED_PREFIX_BITS : 0);
  if (bits < 0 || bits > widest) return;
  list.addSubnet(address, bits, family === 4 ? 'ipv4' : 'ipv6');
}
