import { describe, expect, it } from 'vitest';
import { externalAddress, isOwnPage } from '../../../src/main/shell/navigation.ts';

describe('our own page', () => {
  const cases: [address: string, devServer: string | undefined, own: boolean, why: string][] = [
    ['app://sluice/', undefined, true, 'the page itself'],
    ['app://sluice/index.html#/pools/api', undefined, true, 'a place in it'],
    ['app://evil/', undefined, false, 'another host of the scheme'],
    ['app://sluice.evil/', undefined, false, 'a host that begins like ours'],
    ['file:///etc/passwd', undefined, false, 'a file'],
    ['https://sluice/', undefined, false, 'our host over another scheme'],
    ['javascript:alert(1)', undefined, false, 'a script'],
    ['about:blank', undefined, false, 'an empty page'],
    ['', undefined, false, 'no address'],
    ['http://localhost:5173/', undefined, false, 'a dev server outside development'],
    ['http://localhost:5173/pools', 'http://localhost:5173', true, 'the dev server in development'],
    ['http://localhost:51730/', 'http://localhost:5173', false, 'a port that begins like the dev server’s'],
    ['http://localhost:5173@evil.example/', 'http://localhost:5173', false, 'the dev server as a user name'],
  ];
  it.each(cases)('%s with dev server %s is own: %s (%s)', (address, devServer, own) => {
    expect(isOwnPage(address, devServer)).toBe(own);
  });
});

describe('an address for the system browser', () => {
  const cases: [address: string, opened: string | undefined][] = [
    ['https://github.com/a/b', 'https://github.com/a/b'],
    ['https://www.rfc-editor.org/rfc/rfc9112', 'https://www.rfc-editor.org/rfc/rfc9112'],
    ['http://github.com/', undefined],
    ['https://github.com.evil.example/', undefined],
    ['https://github.com:8443/', undefined],
    ['https://user:secret@github.com/', undefined],
    ['https://user@github.com/', undefined],
    ['file:///usr/bin/env', undefined],
    ['smb://github.com/share', undefined],
    ['github.com', undefined],
    ['http://localhost:8080/', 'http://localhost:8080/'],
    ['https://localhost/', 'https://localhost/'],
    ['https://api.localhost:8443/v1?q=1', 'https://api.localhost:8443/v1?q=1'],
    ['http://127.0.0.1:3001/', 'http://127.0.0.1:3001/'],
    ['http://127.8.9.10/', 'http://127.8.9.10/'],
    ['https://[::1]:8443/', 'https://[::1]:8443/'],
    ['HTTP://LOCALHOST:8080', 'http://localhost:8080/'],
    ['http://user:secret@localhost:8080/', undefined],
    ['http://localhost:8080@evil.example/', undefined],
    ['http://localhost.evil.example:8080/', undefined],
    ['http://notlocalhost:8080/', undefined],
    ['http://127.0.0.1.evil.example/', undefined],
    ['http://127.evil.example/', undefined],
    ['http://128.0.0.1/', undefined],
    ['http://10.0.0.7:8080/', undefined],
    ['http://[::2]:8080/', undefined],
    ['http://[fe80::1]:8080/', undefined],
    ['ftp://localhost/', undefined],
    ['ws://localhost:8080/', undefined],
    ['file://localhost/etc/passwd', undefined],
    ['app://localhost/', undefined],
  ];
  it.each(cases)('%s opens %s', (address, opened) => {
    expect(externalAddress(address)).toBe(opened);
  });
});
