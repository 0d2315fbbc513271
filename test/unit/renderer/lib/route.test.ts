// Every place has a link, and every link leads to its place.
import { describe, expect, it } from 'vitest';
import { hrefOf, parseRoute, type Route, wholePage } from '../../../../src/renderer/src/lib/route.ts';

const ROUTES: Route[] = [
  { page: 'overview' },
  { page: 'listeners' },
  { page: 'revisions' },
  { page: 'settings' },
  { page: 'settings', part: 'authority' },
  { page: 'pool', pool: 'api' },
  { page: 'pool', pool: 'a/b %' },
];

describe('routes', () => {
  it.each(ROUTES)('come back from their link: %j', (route) => {
    expect(parseRoute(hrefOf(route))).toEqual(route);
  });

  it.each(['', '#', '#/', '#/overview'])('start at the overview for "%s"', (hash) => {
    expect(parseRoute(hash)).toEqual({ page: 'overview' });
  });

  it.each(['#/nowhere', '#/pools', '#/pools/', '#/pools/a/b', '#/listeners/x', '#/settings/x'])(
    'know that %s is nowhere',
    (hash) => {
      expect(parseRoute(hash).page).toBe('unknown');
    },
  );

  it('with a part belong to their page', () => {
    expect(wholePage({ page: 'settings', part: 'authority' })).toEqual({ page: 'settings' });
    expect(wholePage({ page: 'pool', pool: 'api' })).toEqual({ page: 'pool', pool: 'api' });
  });

  it('survive a broken escape', () => {
    expect(parseRoute('#/pools/%E0%A4%A')).toEqual({ page: 'pool', pool: '%E0%A4%A' });
  });
});
