import { describe, expect, it } from 'vitest';
import { ListenerConfig } from '#shared/config/listener.ts';
import {
  askedNames,
  listenerOrigin,
  namedOrigin,
  unnamedHost,
} from '../../../../src/renderer/src/lib/listener-url.ts';

describe('the URL of a listener', () => {
  it.each([
    ['http', '127.0.0.1:8080', undefined, 'http://localhost:8080'],
    ['https', '0.0.0.0:8443', undefined, 'https://localhost:8443'],
    ['https', '[::]:443', undefined, 'https://localhost'],
    ['https', '127.0.0.1:80', undefined, 'https://localhost:80'],
    ['http', '[2001:db8::1]:80', undefined, 'http://[2001:db8::1]'],
    ['https', '192.168.0.5:443', 'shop.test', 'https://shop.test'],
  ] as const)('of %s at %s for host %s is %s', (scheme, address, host, url) => {
    expect(listenerOrigin(scheme, address, host)).toBe(url);
  });
});

describe('the URL a listener is opened by', () => {
  it.each([
    ['https', '127.0.0.1:8443', ['app.localhost', 'localhost'], 'https://localhost:8443'],
    ['https', '127.0.0.1:443', ['LocalHost'], 'https://localhost'],
    ['https', '0.0.0.0:8443', ['*.localhost', 'App.localhost', 'b.localhost'], 'https://app.localhost:8443'],
    ['https', '[::1]:8443', ['shop.test', 'app.localhost'], 'https://app.localhost:8443'],
    // Nothing better is known.
    ['https', '127.0.0.1:8443', ['*.localhost'], 'https://localhost:8443'],
    ['https', '127.0.0.1:8443', ['shop.test'], 'https://localhost:8443'],
    ['https', '127.0.0.1:8443', [], 'https://localhost:8443'],
    // A name below localhost does not lead there.
    ['https', '192.168.0.5:8443', ['localhost', 'app.localhost'], 'https://192.168.0.5:8443'],
    ['http', '127.0.0.1:8080', ['app.localhost'], 'http://localhost:8080'],
  ] as const)('over %s at %s with a certificate for %j is %s', (scheme, address, names, url) => {
    expect(namedOrigin(scheme, address, names)).toBe(url);
  });
});

describe('the host that no certificate is for', () => {
  it.each([
    ['https://localhost:8443', ['foo', 'bar'], 'localhost'],
    ['https://localhost', ['*.localhost'], 'localhost'],
    ['https://a.b.localhost', ['*.localhost'], 'a.b.localhost'],
    ['https://[fd00::1]:8443', ['localhost'], '[fd00::1]'],
    ['https://localhost:8443', ['foo', 'LocalHost'], undefined],
    ['https://App.localhost:8443', ['*.localhost'], undefined],
    ['https://192.168.0.5', ['192.168.0.5'], undefined],
    ['https://localhost:8443', [], undefined],
    ['http://localhost:8080', ['foo'], undefined],
  ] as const)('of %s with certificates for %j is %s', (origin, names, host) => {
    expect(unnamedHost(origin, names)).toBe(host);
  });
});

describe('the names that a listener asks of its certificates', () => {
  const files = { name: 'f', source: 'files', certFile: '/c', keyFile: '/k' } as const;
  const own = { name: 'own', source: 'local-ca', hosts: ['Own.localhost'] } as const;
  it.each([
    ['the default ones without a word about TLS', undefined, undefined, ['localhost', '*.localhost']],
    [
      'with the hosts of routes below localhost',
      undefined,
      'App.localhost',
      ['localhost', '*.localhost', 'app.localhost'],
    ],
    ['without other hosts', undefined, 'shop.test', ['localhost', '*.localhost']],
    ['without wildcards of routes', undefined, '*.app.localhost', ['localhost', '*.localhost']],
    [
      'those written',
      { certificates: [own, { ...files, hosts: ['f.test'] }] },
      'a.localhost',
      ['own.localhost', 'f.test', 'a.localhost'],
    ],
    ['none of files that speak for themselves', { certificates: [files] }, 'a.localhost', []],
  ] as const)('are %s', (_, tls, host, names) => {
    const routes = [{ name: 'r', match: { host }, pool: 'p' }];
    expect(askedNames(ListenerConfig.parse({ name: 'l', protocol: 'https', port: 1, tls, routes }))).toEqual(
      names,
    );
  });

  it('are none in clear text', () => {
    expect(askedNames(ListenerConfig.parse({ name: 'l', port: 1 }))).toEqual([]);
  });
});
