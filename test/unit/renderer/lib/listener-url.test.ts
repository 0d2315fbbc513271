import { describe, expect, it } from 'vitest';
import { listenerOrigin } from '../../../../src/renderer/src/lib/listener-url.ts';

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
