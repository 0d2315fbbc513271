import { describe, expect, it } from 'vitest';
import { parseConfig } from '#shared/config/config.ts';
import {
  SplitForm,
  splitConfig,
  splitsOverTls,
} from '../../../../src/renderer/src/features/first-run/split-config.ts';

function configOf(first: string, second: string) {
  const parsed = parseConfig(splitConfig(SplitForm.parse({ first, second, port: '8080' })));
  return parsed.ok ? parsed.value : undefined;
}

describe('splitConfig', () => {
  it('is a valid Config that sends half of the traffic to each address', () => {
    const backends = configOf('127.0.0.1:3001', '[::1]:3002')?.pools[0]?.backends;
    expect(backends?.map(({ address, weight }) => [address, weight])).toEqual([
      ['127.0.0.1:3001', 50],
      ['[::1]:3002', 50],
    ]);
  });

  it.each([
    ['3001', 'localhost:3002', undefined],
    ['http://localhost:3001', '3002', undefined],
    ['https://localhost:3001', 'https://b.test', { verify: true }],
  ])('of %s and %s has a pool with tls %j', (first, second, tls) => {
    expect(configOf(first, second)?.pools[0]?.tls).toEqual(tls);
  });
});

describe('the fields of the split', () => {
  it.each([
    ['3001', '127.0.0.1:3001', ['second'], /^The first server has the same address/],
    ['http://localhost:3001', 'localhost:3001', ['second'], /^The first server has the same address/],
    ['https://a.test', 'http://b.test', ['second'], /^a pool speaks one protocol to its backends/],
    ['3001', 'https://b.test', ['second'], /^a pool speaks one protocol to its backends/],
    ['https://a.test/app', 'https://b.test', ['first'], /no path/],
    ['', '3001', ['first'], /^use host:port/],
  ])('refuse %s with %s', (first, second, path, message) => {
    const { error } = SplitForm.safeParse({ first, second, port: '8080' });
    expect(error?.issues).toMatchObject([{ path, message: expect.stringMatching(message) }]);
  });

  it('name what does not fit together although the port is wrong too', () => {
    const { error } = SplitForm.safeParse({ first: '3001', second: '127.0.0.1:3001', port: 'none' });
    expect(error?.issues.map(({ path }) => path)).toEqual([['port'], ['second']]);
  });

  it('compare no servers while one of them cannot be read', () => {
    const { error } = SplitForm.safeParse({ first: 'no address', second: 'https://b.test', port: '' });
    expect(error?.issues.map(({ path }) => path)).toEqual([['first'], ['port']]);
  });

  it.each([
    ['https://a.test', 'https://b.test', true],
    ['https://a.test', '3001', false],
    ['https://a.test', '', false],
    ['3001', '3002', false],
  ])('%s and %s as typed: over TLS is %s', (first, second, expected) => {
    expect(splitsOverTls(first, second)).toBe(expected);
  });
});
