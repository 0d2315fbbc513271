// Networks whose numbers are wrong are refused with what to write instead; what is accepted is an
// address to the system as well.
import { isIP } from 'node:net';
import { describe, expect, it } from 'vitest';
import { parseConfig, parseSaved } from '#shared/config/config.ts';

function config(trustedProxies: string[]) {
  return { version: 1, listeners: [{ name: 'web', port: 8080, trustedProxies }] };
}

function said(network: string): string | undefined {
  const parsed = parseConfig(config([network]));
  if (parsed.ok) return undefined;
  expect(parsed.issues.map(({ path }) => path)).toEqual(['listeners.0.trustedProxies.0']);
  return parsed.issues[0]!.message;
}

describe('a trusted network', () => {
  it.each([
    '192.0.2.7',
    '0.0.0.0/0',
    '10.0.0.0/8',
    '10.128.0.0/9',
    '172.16.0.0/12',
    '192.0.2.7/32',
    '255.255.255.255',
    '::',
    '::/0',
    '::1',
    '::1/128',
    'fd00::/8',
    'FD00::/8',
    'fe80::/10',
    '2001:db8::/32',
    '2001:db8:0:1::/64',
    '1:2:3:4:5:6:7:8',
    '1:2:3:4:5:6:7::',
    '::2:3:4:5:6:7:8',
    '::ffff:10.0.0.0/104',
    '::ffff:192.0.2.7',
    '64:ff9b::192.0.2.7',
  ])('may be %s', (network) => {
    expect(said(network)).toBeUndefined();
    expect(isIP(network.split('/')[0]!)).not.toBe(0);
  });

  it.each<[string, string]>([
    ['999.1.1.1', '999.1.1.1 is no IPv4 address: it has four numbers from 0 to 255, without leading zeros'],
    ['10.0.0.256/8', '10.0.0.256 is no IPv4 address: '],
    ['010.0.0.0/8', '010.0.0.0 is no IPv4 address: '],
    ['10.0.0/8', 'use an address or a network, for example 10.0.0.0/8, '],
    ['10.0.0.0/33', 'use an address or a network, for example 10.0.0.0/8, '],
    ['10.0.0.0/-1', 'use an address or a network, for example 10.0.0.0/8, '],
    ['10.0.0.0/', 'use an address or a network, for example 10.0.0.0/8, '],
    ['fd00::/129', 'use an address or a network, for example 10.0.0.0/8, '],
    [
      ':::',
      '::: is no IPv6 address: it has eight groups of up to four hex digits, "::" once for groups of 0',
    ],
    ['1::2::3', '1::2::3 is no IPv6 address: '],
    ['1:2:3', '1:2:3 is no IPv6 address: '],
    ['1:2:3:4:5:6:7:8:9', '1:2:3:4:5:6:7:8:9 is no IPv6 address: '],
    ['1:2:3:4::5:6:7:8', '1:2:3:4::5:6:7:8 is no IPv6 address: '],
    [':1::', ':1:: is no IPv6 address: '],
    ['12345::', '12345:: is no IPv6 address: '],
    ['::ffff:300.1.1.1', '::ffff:300.1.1.1 is no IPv6 address: '],
    [
      '::ffff:10.0.0.0/8',
      '::ffff:10.0.0.0 is IPv4 within IPv6: a prefix of it is 96 to 128 bits long, not 8',
    ],
    ['10.0.0.5/8', '10.0.0.5 is inside the network; use 10.0.0.0/8, or 10.0.0.5 for this address alone'],
    ['10.129.0.0/9', '10.129.0.0 is inside the network; use 10.128.0.0/9, '],
    ['192.0.2.7/31', '192.0.2.7 is inside the network; use 192.0.2.6/31, '],
    ['1.2.3.4/0', '1.2.3.4 is inside the network; use 0.0.0.0/0, '],
    ['fd00::1/8', 'fd00::1 is inside the network; use fd00::/8, or fd00::1 for this address alone'],
    ['2001:db8:10:0:1::1/64', '2001:db8:10:0:1::1 is inside the network; use 2001:db8:10::/64, '],
    ['::1/127', '::1 is inside the network; use ::/127, '],
    ['1:0:0:2:0:0:0:3/127', '1:0:0:2:0:0:0:3 is inside the network; use 1:0:0:2::2/127, '],
  ])('cannot be %s', (network, message) => {
    expect(said(network)).toContain(message);
  });

  it('that was saved before its numbers were checked keeps nothing from running', () => {
    expect(parseSaved(config(['999.1.1.1', '10.0.0.5/8']))).toMatchObject({ ok: true });
  });

  it('is found also while another field is wrong', () => {
    const parsed = parseConfig({ ...config(['999.1.1.1']), pools: {} });
    expect(parsed.ok ? [] : parsed.issues.map(({ path }) => path).sort()).toEqual([
      'listeners.0.trustedProxies.0',
      'pools',
    ]);
  });
});
