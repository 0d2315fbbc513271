// Which certificate is for which name.
import { describe, expect, it } from 'vitest';
import { compileServerNames } from '../../../../src/main/engine/tls/sni.ts';

const names = compileServerNames([
  { hosts: ['a.test', '*.a.test'] },
  { hosts: ['b.a.test', 'a.test'] },
  { hosts: ['*.b.a.test', '*.test'] },
  { hosts: [] },
]);

describe('X1 a server name', () => {
  it.each([
    ['a.test', 0, 'exactly, the earlier of two'],
    ['b.a.test', 1, 'exactly before a wildcard'],
    ['c.a.test', 0, 'a wildcard'],
    ['c.b.a.test', 2, 'the wildcard of its own parent'],
    ['x.test', 2, 'a wildcard for the whole parent'],
    ['x.y.c.a.test', -1, 'no wildcard two labels up'],
    ['.a.test', -1, 'no wildcard for an empty label'],
    ['test', -1, 'nothing'],
    ['*.a.test', 0, 'a star that is a label like any other'],
    ['', -1, 'nothing when there is none'],
    ['__proto__', -1, 'nothing that objects have by themselves'],
  ])('"%s" finds certificate %d: %s', (name, position) => {
    expect(names.find(name)).toBe(position);
  });
});
