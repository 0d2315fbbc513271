import { describe, expect, it } from 'vitest';
import { RouteConfig } from '#shared/config/listener.ts';
import { matchText, movedIndex } from '../../../../src/renderer/src/features/listeners/route-text.ts';
import { listenerFailure, listenerRemedy } from '../../../../src/renderer/src/lib/listener-failure.ts';
import { unreachableRoutes } from '../../../../src/renderer/src/lib/unreachable-routes.ts';

const route = (name: string, host?: string, pathPrefix?: string) =>
  RouteConfig.parse({ name, pool: 'p', match: { host, pathPrefix } });

describe('matchText', () => {
  it.each([
    [{}, 'everything'],
    [{ pathPrefix: '/' }, 'everything'],
    [{ pathPrefix: '/api' }, '/api'],
    [{ host: '*.x.test' }, '*.x.test'],
    [{ host: 'x.test', pathPrefix: '/v1' }, 'x.test/v1'],
  ])('writes %j as %j', (match, text) => {
    expect(matchText(match)).toBe(text);
  });
});

describe('unreachableRoutes', () => {
  it.each([
    [
      'a route after one that takes everything',
      [route('all'), route('api', undefined, '/api')],
      { api: 'all' },
    ],
    [
      'a longer path after a shorter one',
      [route('a', undefined, '/api'), route('b', undefined, '/api/x')],
      { b: 'a' },
    ],
    [
      'a host after the star that covers it',
      [route('s', '*.x.test'), route('h', 'A.X.test', '/p')],
      { h: 's' },
    ],
    [
      'nothing when the narrower comes first',
      [route('b', undefined, '/api/x'), route('a', undefined, '/api')],
      {},
    ],
    [
      'nothing when a segment only begins alike',
      [route('a', undefined, '/api'), route('b', undefined, '/apiary')],
      {},
    ],
    [
      'nothing when the star would have to stand for two labels',
      [route('s', '*.x.test'), route('h', 'a.b.x.test')],
      {},
    ],
    ['nothing when the earlier asks for a host', [route('h', 'x.test'), route('all')], {}],
  ])('finds %s', (_what, routes, expected) => {
    expect(Object.fromEntries(unreachableRoutes(routes))).toEqual(expected);
  });
});

describe('movedIndex', () => {
  it('stops at both ends', () => {
    expect([movedIndex(0, -1, 2), movedIndex(0, 1, 2), movedIndex(1, 1, 2)]).toEqual([
      undefined,
      1,
      undefined,
    ]);
  });
});

describe('listenerRemedy', () => {
  it.each([
    ['listen EADDRINUSE: address already in use 127.0.0.1:8080', /another port/],
    ['permission denied', /1024/],
    ['EADDRNOTAVAIL', /0\.0\.0\.0/],
    ['getaddrinfo ENOTFOUND nowhere', /IP address/],
    [
      'certificate "own" of listener "web": certFile /x/in use.pem does not exist',
      /reads it again as soon as it changes/,
    ],
    ['something else', /keeps trying/],
  ])('says what to do about %j', (error, fix) => {
    expect(listenerRemedy(error).text).toMatch(fix);
  });
});

describe('listenerFailure', () => {
  it('says that nothing is accepted only where that is so', () => {
    expect(listenerFailure({ error: 'port 80 is in use' })).toBe(
      'does not accept connections: port 80 is in use',
    );
    expect(listenerFailure({})).toBe('does not accept connections: no reason given');
    expect(
      listenerFailure({ error: 'port 80 is in use; [::1]:81 is still served', servedAddress: '[::1]:81' }),
    ).toBe('cannot be opened: port 80 is in use; [::1]:81 is still served');
  });
});
