// How a backend is named outside its pool.
import { expect, it } from 'vitest';
import { backendKey, refsOf, splitBackendKey } from '#shared/backend-ref.ts';
import { parseConfig } from '#shared/config/config.ts';

it('finds both names again in the key of a backend', () => {
  expect(splitBackendKey(backendKey('api', 'api-1.eu'))).toEqual({ pool: 'api', backend: 'api-1.eu' });
});

it('names every backend of every pool in the order of the Config', () => {
  const backend = (name: string) => ({ name, address: '127.0.0.1:9001' });
  const parsed = parseConfig({
    version: 1,
    pools: [
      { name: 'web', backends: [backend('b'), backend('a')] },
      { name: 'empty', backends: [] },
      { name: 'api', backends: [backend('a')] },
    ],
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  expect(refsOf(parsed.value).map(({ pool, backend }) => `${pool} ${backend}`)).toEqual([
    'web b',
    'web a',
    'api a',
  ]);
});
