import { describe, expect, it } from 'vitest';
import {
  readBackendLines,
  readText,
  schemeProblem,
} from '../../../../src/renderer/src/features/forms/read-backend-lines.ts';

describe('readBackendLines', () => {
  it('reads one backend a line, with weights, names from the pool, and passes over blanks and comments', () => {
    expect(readBackendLines('3001 90\n\n# old\nlocalhost:3002, 10 # canary\n[::1]:3003', 'api')).toEqual({
      backends: [
        { name: 'api-1', address: '127.0.0.1:3001', weight: 90 },
        { name: 'api-2', address: 'localhost:3002', weight: 10 },
        { name: 'api-3', address: '[::1]:3003' },
      ],
      problems: [],
      scheme: undefined,
    });
  });

  it('reports every bad line with its number and still reads the good ones', () => {
    const read = readBackendLines('nonsense\n3001\n3001 5\n3002 heavy\n3003 1001\n3004 1 2', 'api');
    expect(read.backends).toEqual([{ name: 'api-1', address: '127.0.0.1:3001' }]);
    expect(read.problems.map(({ line, message }) => [line, message])).toEqual([
      [1, 'use host:port, for example 127.0.0.1:3001 or [::1]:3001'],
      [3, 'line 2 has the same address; use another one'],
      [4, 'the weight must be a whole number from 0 to 1000'],
      [
        5,
        'one backend a line: put 1001 on a line of its own; as a weight it must be a whole number from 0 to 1000',
      ],
      [6, 'use one address and, if you like, one weight'],
    ]);
  });

  it.each([
    [
      '3001 2000',
      'one backend a line: put 2000 on a line of its own; as a weight it must be a whole number from 0 to 1000',
    ],
    ['33001, 33002, 33003', 'one backend a line: put 33002 on a line of its own'],
    ['3001 :3002', 'one backend a line: put :3002 on a line of its own'],
    ['3001 70000', 'the weight must be a whole number from 0 to 1000'],
    ['a.test:1 b.test:2 c.test:3', 'one backend a line: put b.test:2 on a line of its own'],
    ['a.test:1 90 b.test:2', 'one backend a line: put b.test:2 on a line of its own'],
    ['33001, 900 10', 'use one address and, if you like, one weight'],
    ['300.1.1.1:80', '300.1.1.1 is no IP address: it has four numbers from 0 to 255'],
  ])('says of %j what to do about it', (line, message) => {
    expect(readBackendLines(line, 'api').problems.map((problem) => problem.message)).toEqual([message]);
  });

  it('names one backend once', () => {
    expect(readText(readBackendLines('3001', 'api').backends)).toBe('1 backend: api-1.');
    expect(readText(readBackendLines('3001\n3002\n3003', 'api').backends)).toBe(
      '3 backends: api-1 to api-3.',
    );
  });

  it.each([
    ['3001\n3002', undefined],
    ['3001\nhttp://localhost:3002', 'http'],
    ['https://a.test 90\nhttps://b.test:8443/ 10', 'https'],
  ])('of %j says that they speak %s', (text, scheme) => {
    const read = readBackendLines(text, 'api');
    expect([read.scheme, read.problems]).toEqual([scheme, []]);
  });

  it('keeps https:// out of the address, its port in it', () => {
    expect(readBackendLines('https://a.test', 'api').backends).toEqual([
      { name: 'api-1', address: 'a.test:443' },
    ]);
  });

  it('reports every line that speaks another protocol than the first one', () => {
    const read = readBackendLines('https://a.test\nhttp://b.test\n3001\nhttps://c.test', 'api');
    const message = 'a pool speaks one protocol to its backends, and line 1 says https://; make them agree';
    expect(read.problems).toEqual([
      { line: 2, text: 'http://b.test', message },
      { line: 3, text: '3001', message },
    ]);
    expect(read.scheme).toBe('https');
    expect(readBackendLines('3001\nhttps://a.test', 'api').problems).toEqual([
      {
        line: 2,
        text: 'https://a.test',
        message:
          'a pool speaks one protocol to its backends, and line 1 is without https://; make them agree',
      },
    ]);
  });

  it('passes on why an address is refused', () => {
    expect(readBackendLines('https://a.test/app', 'api').problems).toMatchObject([
      { line: 1, message: expect.stringContaining('no path') },
    ]);
  });
});

describe('the switch for TLS of a new pool', () => {
  it.each([
    ['https', true, undefined],
    ['http', false, undefined],
    [undefined, true, undefined],
    [undefined, false, undefined],
    ['https', false, /^the addresses say https:\/\/, but "Connect over TLS" is off/],
    ['http', true, /^the addresses say http:\/\/, but "Connect over TLS" is on/],
  ] as const)('fits addresses with scheme %s when it is %s, or it is said why not', (scheme, on, message) => {
    const problem = schemeProblem(scheme, on);
    if (message === undefined) expect(problem).toBeUndefined();
    else expect(problem).toMatch(message);
  });
});
