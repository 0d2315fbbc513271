// The preview beside the port of a listener: never an address that could not be opened.
import { describe, expect, it } from 'vitest';
import { newCertificate } from '../../../../src/renderer/src/features/forms/listener-tls-values.ts';
import { localhostWarning, opensAsText } from '../../../../src/renderer/src/features/forms/opens-as.ts';

describe('the preview of a listener’s address', () => {
  it.each([
    ['http', '', '8080', 'Opens as http://localhost:8080'],
    ['https', '127.0.0.1', '443', 'Opens as https://localhost'],
    ['http', '192.0.2.7', ' 8080 ', 'Opens as http://192.0.2.7:8080'],
    ['http', 'fd00::1', '80', 'Opens as http://[fd00::1]'],
    ['http', '0.0.0.0', '9000', 'Reachable from the network on port 9000 of every address of this machine.'],
    ['http', '', '', 'Opens as http://localhost:…'],
    ['http', '', '-1', 'Opens as http://localhost:…'],
    ['http', '', '70000', 'Opens as http://localhost:…'],
    ['http', '', '80.5', 'Opens as http://localhost:…'],
    ['http', '', 'web', 'Opens as http://localhost:…'],
    ['http', '0.0.0.0', '99999', 'Reachable from the network on port … of every address of this machine.'],
    ['http', 'no host', '8080', 'Opens as http://…:8080'],
  ] as const)('%s, address %j, port %j: %s', (protocol, host, port, text) => {
    expect(opensAsText(protocol, host, port)).toBe(text);
  });

  it.each([
    [['localhost', '*.localhost'], 'Opens as https://localhost:8443'],
    [['foo', 'app.localhost'], 'Opens as https://app.localhost:8443'],
    [[], 'Opens as https://localhost:8443'],
    [
      ['foo', 'bar'],
      'Opens as https://localhost:8443, which clients refuse: no certificate is for localhost.',
    ],
  ])('goes by what the certificates are for: %j', (names, text) => {
    expect(opensAsText('https', '', '8443', names)).toBe(text);
  });

  it.each(['0', ' 0 ', '00'])('explains port %j', (port) => {
    expect(opensAsText('http', '', port)).toMatch(/^Port 0 lets the system choose/);
  });
});

describe('the hosts of a listener that only this machine reaches', () => {
  const local = (hosts: string) => ({ ...newCertificate('a'), hosts });
  const files = { ...newCertificate('b'), source: 'files' as const, hosts: '' };
  it.each([
    ['without localhost', '127.0.0.1', [local('foo bar')], true],
    ['with another name below it', '', [local('*.localhost')], true],
    ['with localhost', '127.0.0.1', [local('foo, localhost')], false],
    ['with localhost in the second certificate', '::1', [local('foo'), local('localhost')], false],
    ['left as they are', 'localhost', [local(' ')], false],
    ['that stand in a file', '127.0.0.1', [local('foo'), files], false],
    ['of a listener on the network', '0.0.0.0', [local('foo')], false],
  ])('%s: %s', (_what, host, certificates, warned) => {
    const said = warned ? 'localhost is not among them, so clients refuse https://localhost.' : undefined;
    expect(localhostWarning(host, certificates)).toBe(said);
  });
});
