// Decides whether a text that looks like an address or a network (Cidr in primitives.ts) is one. Invariant:
// what passes here is an address or a network to the engine as well. Pure; asked by cross-check.ts.

/** The numbers between the separators, from the left, each `bits` wide. */
interface Parts {
  numbers: number[];
  bits: 8 | 16;
}

const MAPPED_PREFIX_BITS = 96;

/** What is wrong with `text` and what to write instead; undefined when it is an address or a network. */
export function networkFault(text: string): string | undefined {
  const slash = text.indexOf('/');
  const address = slash === -1 ? text : text.slice(0, slash);
  const parts = address.includes(':') ? ipv6Parts(address) : ipv4Parts(address);
  if (parts === undefined) return notAnAddress(address);
  if (slash === -1) return undefined;
  const prefix = Number(text.slice(slash + 1));
  const widest = parts.numbers.length * parts.bits;
  if (prefix > widest) return `a prefix of ${address} is 0 to ${widest} bits long, not ${prefix}`;
  if (isMapped(parts) && prefix < MAPPED_PREFIX_BITS) {
    return `${address} is IPv4 within IPv6: a prefix of it is 96 to 128 bits long, not ${prefix}`;
  }
  const network = formatted(maskedTo(parts, prefix));
  if (network === formatted(parts)) return undefined;
  return `${address} is inside the network; use ${network}/${prefix}, or ${address} for this address alone`;
}

function notAnAddress(address: string): string {
  return address.includes(':')
    ? `${address} is no IPv6 address: it has eight groups of up to four hex digits, "::" once for groups of 0`
    : `${address} is no IPv4 address: it has four numbers from 0 to 255, without leading zeros`;
}

function ipv4Parts(address: string): Parts | undefined {
  const numbers = address.split('.');
  const valid = numbers.length === 4 && numbers.every((n) => /^(0|[1-9]\d{0,2})$/.test(n) && Number(n) < 256);
  return valid ? { numbers: numbers.map(Number), bits: 8 } : undefined;
}

/** RFC 4291 §2.2: eight groups, one run of zeros left out, the last two perhaps as IPv4. */
function ipv6Parts(address: string): Parts | undefined {
  const sides = address.split('::');
  if (sides.length > 2) return undefined;
  const [before, after] = sides.map((side, i) => groupsOf(side, i === sides.length - 1));
  if (before === undefined || (sides.length === 2 && after === undefined)) return undefined;
  const given = [...before, ...(after ?? [])];
  if (sides.length === 1) return given.length === 8 ? { numbers: given, bits: 16 } : undefined;
  if (given.length > 7) return undefined;
  const zeros = new Array<number>(8 - given.length).fill(0);
  return { numbers: [...before, ...zeros, ...(after ?? [])], bits: 16 };
}

function groupsOf(side: string, mayEndInIpv4: boolean): number[] | undefined {
  if (side === '') return [];
  const groups: number[] = [];
  const texts = side.split(':');
  for (const [i, text] of texts.entries()) {
    const ipv4 = mayEndInIpv4 && i === texts.length - 1 ? ipv4Parts(text)?.numbers : undefined;
    if (ipv4 !== undefined) groups.push(ipv4[0]! * 256 + ipv4[1]!, ipv4[2]! * 256 + ipv4[3]!);
    else if (/^[0-9a-f]{1,4}$/i.test(text)) groups.push(Number.parseInt(text, 16));
    else return undefined;
  }
  return groups;
}

/** ::ffff:0:0/96, IPv4 within IPv6. */
function isMapped({ numbers, bits }: Parts): boolean {
  return bits === 16 && numbers.slice(0, 5).every((n) => n === 0) && numbers[5] === 0xffff;
}

function maskedTo({ numbers, bits }: Parts, prefix: number): Parts {
  const masked = numbers.map((n, i) => {
    const kept = Math.min(bits, Math.max(0, prefix - i * bits));
    return n - (n % 2 ** (bits - kept));
  });
  return { numbers: masked, bits };
}

/** IPv6 as RFC 5952 §4 writes it: the longest run of zeros is left out, the first of equal ones. */
function formatted({ numbers, bits }: Parts): string {
  if (bits === 8) return numbers.join('.');
  let start = 0;
  let length = 1;
  numbers.forEach((_, i) => {
    const next = numbers.findIndex((n, j) => j >= i && n !== 0);
    const run = (next === -1 ? numbers.length : next) - i;
    if (run > length) [start, length] = [i, run];
  });
  const groups = numbers.map((n) => n.toString(16));
  if (length === 1) return groups.join(':');
  return `${groups.slice(0, start).join(':')}::${groups.slice(start + length).join(':')}`;
}
