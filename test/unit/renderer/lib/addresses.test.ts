import { describe, expect, it } from 'vitest';
import {
  addressFieldOf,
  commonScheme,
  readAddress,
  tidyAddress,
} from '../../../../src/renderer/src/lib/addresses.ts';

const USE_HOST_PORT = /^use host:port/;
const NO_USER = /user name or password/;
const NO_PATH = /no path/;
const NO_QUERY = /no query/;

describe('a typed address', () => {
  it.each([
    ['3001', '127.0.0.1:3001', undefined],
    [':3001', '127.0.0.1:3001', undefined],
    ['  localhost:3001 ', 'localhost:3001', undefined],
    ['localhost:3001/', 'localhost:3001', undefined],
    ['[::1]:3001', '[::1]:3001', undefined],
    ['http://localhost:3001/', 'localhost:3001', 'http'],
    ['http://example.test', 'example.test:80', 'http'],
    ['https://example.test', 'example.test:443', 'https'],
    ['HTTPS://example.test:8443/', 'example.test:8443', 'https'],
    ['https://[::1]', '[::1]:443', 'https'],
    ['http://[::1]:3001', '[::1]:3001', 'http'],
  ])('%j is read as %s with scheme %s', (typed, address, scheme) => {
    expect(readAddress(typed)).toEqual({ ok: true, address, scheme });
  });

  it.each([
    ['', USE_HOST_PORT],
    ['nonsense', USE_HOST_PORT],
    ['300.1.1.1:80', /^300\.1\.1\.1 is no IP address: it has four numbers from 0 to 255$/],
    ['https://1.2.3', /^1\.2\.3 is no IP address/],
    ['127.0.0.1', USE_HOST_PORT],
    ['127.0.0.1:70000', USE_HOST_PORT],
    ['example.test', USE_HOST_PORT],
    ['http://[::1', USE_HOST_PORT],
    ['http://', USE_HOST_PORT],
    ['https://example.test:0', USE_HOST_PORT],
    ['https://example.test:70000', USE_HOST_PORT],
    ['https://example.test/app', NO_PATH],
    ['localhost:3001/app', NO_PATH],
    ['3001/app', NO_PATH],
    ['https://example.test?x=1', NO_QUERY],
    ['https://example.test/?x=1', NO_QUERY],
    ['localhost:3001#top', NO_QUERY],
    ['https://me:secret@example.test', NO_USER],
    ['me@localhost:3001', NO_USER],
    ['https://me@example.test/app?x', NO_USER],
    ['ftp://example.test:21', /^a backend speaks http or https, not ftp/],
    ['wss://example.test', /^a backend speaks http or https, not wss; use https:\/\//],
  ])('%j is refused', (typed, message) => {
    expect(readAddress(typed)).toEqual({ ok: false, message: expect.stringMatching(message) });
  });

  it.each([
    ['3001', '127.0.0.1:3001'],
    ['https://example.test/', 'https://example.test:443'],
    ['http://localhost:3001/', 'http://localhost:3001'],
    [' nonsense ', 'nonsense'],
    [' https://example.test/app', 'https://example.test/app'],
  ])('%j is shown as %j once it is left, with its scheme', (typed, shown) => {
    expect(tidyAddress(typed)).toBe(shown);
  });
});

describe('the scheme of several addresses', () => {
  it.each([
    [[], undefined],
    [[undefined, undefined], undefined],
    [[undefined, 'http'], 'http'],
    [['https', 'https'], 'https'],
    [['https', undefined], 'mixed'],
    [['http', 'https'], 'mixed'],
  ] as const)('of %j is %s', (schemes, expected) => {
    expect(commonScheme(schemes)).toBe(expected);
  });
});

describe('an address for a pool that is there', () => {
  it.each([
    ['speaks HTTP', false, '3001', '127.0.0.1:3001'],
    ['speaks HTTP', false, 'http://a.test', 'a.test:80'],
    ['speaks HTTPS', true, 'https://a.test', 'a.test:443'],
    ['speaks HTTPS', true, 'a.test:8443', 'a.test:8443'],
    ['is not known', undefined, 'https://a.test', 'a.test:443'],
  ])('which %s (%s) may be %s', (_, overTls, typed, address) => {
    expect(addressFieldOf(overTls).parse(typed)).toBe(address);
  });

  it.each([
    [false, 'https://a.test', /^this pool speaks HTTP to its backends; turn on HTTPS in Edit pool/],
    [true, 'http://a.test', /^this pool speaks HTTPS to its backends; .* in Edit pool/],
    [true, 'https://a.test/app', NO_PATH],
    [false, 'nonsense', USE_HOST_PORT],
  ])('over TLS (%s) is refused as %s', (overTls, typed, message) => {
    expect(addressFieldOf(overTls).safeParse(typed).error?.issues).toMatchObject([
      { message: expect.stringMatching(message) },
    ]);
  });

  it.each(['127.0.0.1:3001', '3001', 'http://127.0.0.1:3001/'])(
    'is refused as %s beside the same',
    (typed) => {
      const others = [{ name: 'api-1', address: '127.0.0.1:3001' }];
      expect(addressFieldOf(false, others).safeParse(typed).error?.issues).toMatchObject([
        { message: 'backend api-1 has the same address; use another one' },
      ]);
      expect(addressFieldOf(false, others).parse('3002')).toBe('127.0.0.1:3002');
    },
  );
});
