// The name asked of backends is one exact name; what cannot be asked for is refused with what to write.
import { describe, expect, it } from 'vitest';
import { parseConfig, parseSaved } from '#shared/config/config.ts';

function config(serverName: string) {
  return { version: 1, pools: [{ name: 'api', tls: { serverName } }] };
}

function said(serverName: string): string | undefined {
  const parsed = parseConfig(config(serverName));
  if (parsed.ok) return undefined;
  expect(parsed.issues.map(({ path }) => path)).toEqual(['pools.0.tls.serverName']);
  return parsed.issues[0]!.message;
}

describe('the server name of a pool', () => {
  it.each([
    'localhost',
    'api.example.test',
    'API.example.test',
    'xn--bcher-kva.example',
    '3.example.test',
    '10.0.0.7',
    `${'a'.repeat(63)}.test`,
  ])('may be %s', (name) => {
    expect(said(name)).toBeUndefined();
  });

  it.each([
    ['*.example.test', 'not for a wildcard; use for example api.example.test'],
    ['*.', 'use a host name, for example api.example.test'],
    ['*', 'use a host name, for example api.example.test'],
    ['api.*.test', 'use a host name, for example api.example.test'],
    [
      '999.1.1.1',
      '999.1.1.1 is neither a host name nor an IPv4 address; use the name in the backend’s certificate',
    ],
    ['1.2.3', '1.2.3 is neither a host name nor an IPv4 address; '],
    ['7', '7 is neither a host name nor an IPv4 address; '],
    [`${'a'.repeat(64)}.test`, 'a part between two dots has at most 63 characters; '],
    ['::1', 'use a host name, for example api.example.test'],
    ['[::1]', 'use a host name, for example api.example.test'],
    ['api.example.test:443', 'use a host name, for example api.example.test'],
    ['api..test', 'use a host name, for example api.example.test'],
    ['', 'use a host name, for example api.example.test'],
  ])('cannot be %s', (name, message) => {
    expect(said(name)).toContain(message);
  });

  it('that was saved before it was checked keeps nothing from running', () => {
    expect(parseSaved(config('*.example.test'))).toMatchObject({ ok: true });
  });
});
