// Routes: the first in order whose host and path match; hosts exact or one wildcard label; whole path
// segments.
import { describe, expect, it } from 'vitest';
import type { RoutePlan } from '../../../../src/main/engine/plan.ts';
import { compileRoutes } from '../../../../src/main/engine/routing/router.ts';

/** "name host path": "-" stands for any. */
function routes(...lines: string[]): RoutePlan[] {
  return lines.map((line) => {
    const [name = '', host, pathPrefix] = line.split(' ');
    return {
      name,
      host: host === '-' ? undefined : host,
      pathPrefix: pathPrefix === '-' ? undefined : pathPrefix,
      pool: name,
    };
  });
}

describe('a router', () => {
  it.each([
    ['matches everything without a condition', ['all - -'], 'x.test', '/a', 'all'],
    ['matches nothing without routes', [], 'x.test', '/', undefined],
    ['matches an exact host', ['a a.test -', 'b b.test -'], 'b.test', '/', 'b'],
    ['finds no route for another host', ['a a.test -'], 'b.test', '/', undefined],
    ['takes a bracketed IPv6 host', ['a [::1] -'], '[::1]', '/', 'a'],
    ['treats the root dot as the same host', ['a a.test -'], 'a.test.', '/', 'a'],
    ['lets a wildcard stand for one label', ['w *.a.test -'], 'x.a.test', '/', 'w'],
    ['lets a wildcard stand for no more than one label', ['w *.a.test -'], 'x.y.a.test', '/', undefined],
    ['does not match a wildcard without its label', ['w *.a.test -'], 'a.test', '/', undefined],
    ['does not match a wildcard with an empty label', ['w *.a.test -'], '.a.test', '/', undefined],
    [
      'takes the wildcard before an exact host when it comes first',
      ['w *.a.test -', 'e x.a.test -'],
      'x.a.test',
      '/',
      'w',
    ],
    ['takes the exact host when it comes first', ['e x.a.test -', 'w *.a.test -'], 'x.a.test', '/', 'e'],
    ['takes the catch-all when it comes first', ['all - -', 'e a.test -'], 'a.test', '/', 'all'],
    ['falls through to the catch-all', ['e a.test -', 'all - -'], 'b.test', '/', 'all'],
    ['matches a path prefix itself', ['p - /api'], 'x', '/api', 'p'],
    ['matches below a path prefix', ['p - /api'], 'x', '/api/v1', 'p'],
    ['matches whole segments only', ['p - /api'], 'x', '/apiary', undefined],
    ['does not match a shorter path', ['p - /api/v1'], 'x', '/api', undefined],
    ['compares paths with their case', ['p - /api'], 'x', '/API', undefined],
    ['matches every path below "/"', ['p - /'], 'x', '/anything/at/all', 'p'],
    ['does not match "*" by "/"', ['p - /'], 'x', '*', undefined],
    ['matches "*" by a route without a path', ['p - -'], 'x', '*', 'p'],
    ['wants the slash a prefix ends with', ['p - /api/'], 'x', '/api', undefined],
    ['matches below a prefix that ends with a slash', ['p - /api/'], 'x', '/api/v1', 'p'],
    ['takes the first of two prefixes, not the longest', ['s - /a', 'l - /a/b'], 'x', '/a/b/c', 's'],
    ['takes the longer prefix when it comes first', ['l - /a/b', 's - /a'], 'x', '/a/b/c', 'l'],
    ['takes the first of two equal routes', ['one a.test /a', 'two a.test /a'], 'a.test', '/a', 'one'],
    ['needs host and path to hold', ['both a.test /a', 'all - -'], 'a.test', '/b', 'all'],
    ['mixes hosts and paths in order', ['p - /a', 'h a.test -'], 'a.test', '/b', 'h'],
    ['is not confused by names of Object.prototype', ['h a.test -'], '__proto__', '/constructor', undefined],
  ])('%s', (_, lines, hostname, path, expected) => {
    expect(compileRoutes(routes(...lines)).match(hostname, path)?.name).toBe(expected);
  });

  it('agrees with trying 500 routes one after the other', () => {
    const hosts = ['-', 'a.test', 'b.test', '*.test', '*.a.test'];
    const paths = ['-', '/', '/a', '/a/', '/a/b', '/ab', '/b'];
    const lines = Array.from(
      { length: 500 },
      (_, i) => `r${i} ${hosts[(i * 7 + 3) % 5]} ${paths[(i * 5 + 2) % 7]}${i > 40 ? i : ''}`,
    );
    const all = routes(...lines.map((line) => line.replace(/ -\d+$/, ' -'))).filter(
      ({ pathPrefix, host }) => host ?? pathPrefix,
    );
    const router = compileRoutes(all);
    const found = new Set<string | undefined>();
    for (const hostname of ['a.test', 'b.test', 'c.test', 'x.a.test', 'x.y.a.test', 'other']) {
      for (const path of [
        '/',
        '/a',
        '/a/',
        '/a/b',
        '/a/bc',
        '/ab',
        '/b/c',
        '/a77',
        '/a/b99/x',
        '/zzz',
        '*',
      ]) {
        found.add(router.match(hostname, path)?.name);
        expect(router.match(hostname, path)?.name).toBe(
          all.find((route) => matches(route, hostname, path))?.name,
        );
      }
    }
    expect(found.size).toBeGreaterThan(8);
  });
});

function matches(route: RoutePlan, hostname: string, path: string): boolean {
  const { host, pathPrefix } = route;
  const hostOk =
    host === undefined ||
    host === hostname ||
    (host.startsWith('*.') && hostname.split('.').slice(1).join('.') === host.slice(2));
  if (!hostOk || pathPrefix === undefined) return hostOk;
  return path === pathPrefix || path.startsWith(pathPrefix.endsWith('/') ? pathPrefix : `${pathPrefix}/`);
}
