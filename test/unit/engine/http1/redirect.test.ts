// The address a request is sent to over https.
import { describe, expect, it } from 'vitest';
import { httpsLocation } from '../../../../src/main/engine/http1/redirect.ts';

describe('the address over https', () => {
  it.each([
    ['leaves the usual port out', 'a.test', '/x?y=1', 443, 'https://a.test/x?y=1'],
    ['names any other port', 'a.test', '/', 8443, 'https://a.test:8443/'],
    ['keeps the brackets of IPv6', '[::1]', '/', 8443, 'https://[::1]:8443/'],
    [
      'cannot be led to another host by the path',
      'a.test',
      '//evil.test/',
      443,
      'https://a.test//evil.test/',
    ],
    ['of the server as a whole has no path', 'a.test', '*', 443, 'https://a.test'],
  ])('%s', (_, hostname, target, port, location) => {
    expect(httpsLocation({ hostname, target }, port)).toBe(location);
  });
});
