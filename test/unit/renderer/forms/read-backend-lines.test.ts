import { describe, expect, it } from 'vitest';
import { readBackendLines } from '../../../../src/renderer/src/features/forms/read-backend-lines.ts';
import { normalizeAddress } from '../../../../src/renderer/src/lib/addresses.ts';

describe('normalizeAddress', () => {
  it.each([
    ['3001', '127.0.0.1:3001'],
    [':3001', '127.0.0.1:3001'],
    ['  localhost:3001 ', 'localhost:3001'],
    ['http://localhost:3001/', 'localhost:3001'],
    ['http://example.test', 'example.test:80'],
    ['https://example.test/a?b', 'example.test:443'],
    ['http://[::1]:3001', '[::1]:3001'],
    ['nonsense', 'nonsense'],
    ['http://[::1', 'http://[::1'],
  ])('reads %j as %j', (typed, address) => {
    expect(normalizeAddress(typed)).toBe(address);
  });
});

describe('readBackendLines', () => {
  it('reads one backend a line, with weights, names from the pool, and passes over blanks and comments', () => {
    expect(readBackendLines('3001 90\n\n# old\nlocalhost:3002, 10 # canary\n[::1]:3003', 'api')).toEqual({
      backends: [
        { name: 'api-1', address: '127.0.0.1:3001', weight: 90 },
        { name: 'api-2', address: 'localhost:3002', weight: 10 },
        { name: 'api-3', address: '[::1]:3003' },
      ],
      problems: [],
    });
  });

  it('reports every bad line with its number and still reads the good ones', () => {
    const read = readBackendLines('nonsense\n3001\n3001 5\n3002 heavy\n3003 1001\n3004 1 2', 'api');
    expect(read.backends).toEqual([{ name: 'api-1', address: '127.0.0.1:3001' }]);
    expect(read.problems.map(({ line, message }) => [line, message])).toEqual([
      [1, 'use host:port, for example 127.0.0.1:3001'],
      [3, 'line 2 has the same address; remove one'],
      [4, 'the weight must be a whole number from 0 to 1000'],
      [5, 'the weight must be a whole number from 0 to 1000'],
      [6, 'use one address and, if you like, one weight'],
    ]);
  });
});
