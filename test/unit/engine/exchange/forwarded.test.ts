// Where a request came from: whose word counts, and how an address is written.
import { describe, expect, it } from 'vitest';
import {
  createForwarding,
  forwardedElement,
  peerAddress,
  renewForwarding,
  tellsOrigin,
} from '../../../../src/main/engine/exchange/forwarded.ts';
import { compileTrustedProxies } from '../../../../src/main/engine/exchange/trusted-proxies.ts';
import type { ListenerPlan } from '../../../../src/main/engine/plan.ts';

describe('the address of a peer', () => {
  it.each([
    ['loses its zone', 'fe80::1%eth0', 'fe80::1'],
    ['of mapped IPv4 is IPv4', '::ffff:127.0.0.1', '127.0.0.1'],
    ['of mapped IPv4 is IPv4 in any case', '::FFFF:10.0.0.1', '10.0.0.1'],
    ['stays as it is otherwise', '2001:db8::1', '2001:db8::1'],
    ['stays IPv4', '192.0.2.7', '192.0.2.7'],
    ['may be missing', '', ''],
  ])('H6 %s', (_, received, written) => {
    expect(peerAddress(received)).toBe(written);
  });
});

describe('an element of Forwarded', () => {
  it.each([
    ['quotes an IPv6 address', '2001:db8::1', 'a', 'for="[2001:db8::1]";host=a;proto=http'],
    ['quotes a host with a port', '10.0.0.9', 'a:8080', 'for=10.0.0.9;host="a:8080";proto=http'],
    ['names no host where there is none', '10.0.0.9', '', 'for=10.0.0.9;proto=http'],
    ['says so when the client is unknown', '', 'a', 'for=unknown;host=a;proto=http'],
  ])('H6 %s', (_, address, host, element) => {
    expect(forwardedElement(address, host, 'http')).toBe(element);
  });
});

describe('trusted proxies', () => {
  it.each<[string, string[], string[], string[]]>([
    ['are a network', ['10.1.0.0/16'], ['10.1.0.0', '10.1.255.255'], ['10.2.0.0', '::1']],
    ['are an address', ['192.0.2.7'], ['192.0.2.7'], ['192.0.2.6', '192.0.2.8']],
    ['are an IPv6 network', ['fd00::/8', '::1'], ['fd12::9', '::1'], ['fe00::1', '127.0.0.1']],
    ['are mapped IPv4 written as IPv6', ['::ffff:10.0.0.0/104'], ['10.255.0.1'], ['11.0.0.1']],
    ['are everybody', ['0.0.0.0/0', '::/0'], ['1.2.3.4', '::1'], ['']],
    ['are nobody', [], [], ['127.0.0.1', '::1', '']],
    ['are nobody for what is no address', ['999.1.1.1', '1:2', '10.0.0.1'], ['10.0.0.1'], ['99.1.1.1']],
  ])('H5 %s', (_, networks, trusted, others) => {
    const proxies = compileTrustedProxies(networks);
    expect(trusted.filter((address) => !proxies.has(address))).toEqual([]);
    expect(others.filter((address) => proxies.has(address))).toEqual([]);
  });

  it('H5 are looked up again when the plan has changed, and only then', () => {
    const plan = { forwarded: false, via: '' } as ListenerPlan;
    const listener = { plan, trusted: compileTrustedProxies([]) };
    const forwarding = createForwarding(listener, '::ffff:10.0.0.9', 'http', 1);
    expect([forwarding.clientAddress, forwarding.trusted]).toEqual(['10.0.0.9', false]);
    listener.trusted = compileTrustedProxies(['10.0.0.0/8']);
    renewForwarding(forwarding, listener);
    expect(forwarding.trusted).toBe(false);
    listener.plan = { ...plan, forwarded: true, via: 'me' };
    renewForwarding(forwarding, listener);
    expect([forwarding.trusted, forwarding.forwarded, forwarding.via]).toEqual([true, true, 'me']);
  });
});

describe('tellsOrigin', () => {
  it('H5 knows the family in any case and with underscores, and nothing else', () => {
    const family = ['X-Forwarded-Port', 'x-forwarded-a', 'X_FORWARDED_FOR', 'X-Forwarded_Proto', 'x_real_ip'];
    expect(family.filter((name) => !tellsOrigin(name))).toEqual([]);
    const others = [
      'X-Forwarded-',
      'X-Forwarding-For',
      'XForwarded-For',
      'X-Frame',
      'X-Realm-ip',
      'X',
      'Accept',
    ];
    expect(others.filter(tellsOrigin)).toEqual([]);
  });
});
