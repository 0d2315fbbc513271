// Each small edit changes exactly what it names, leaves the Config it was given alone, and refuses
// names that do not exist with a sentence that says what there is.
import { describe, expect, it } from 'vitest';
import { BackendConfig } from '#shared/config/backend.ts';
import { type Config, parseConfig } from '#shared/config/config.ts';
import { ListenerConfig, RouteConfig } from '#shared/config/listener.ts';
import { PoolConfig } from '#shared/config/pool.ts';
import * as edits from '../../../src/main/app/edits.ts';

function sample(): Config {
  const parsed = parseConfig({
    version: 1,
    listeners: [
      {
        name: 'web',
        port: 8080,
        routes: [
          { name: 'api', match: { pathPrefix: '/api' }, pool: 'api' },
          { name: 'rest', pool: 'site' },
        ],
      },
    ],
    pools: [
      {
        name: 'api',
        backends: [
          { name: 'a', address: 'h:1', weight: 3 },
          { name: 'b', address: 'h:2' },
        ],
      },
      { name: 'site', backends: [{ name: 'a', address: 'h:3' }] },
      { name: 'spare' },
    ],
  });
  if (!parsed.ok) throw new Error('the sample must be valid');
  return parsed.value;
}

const backend = (name: string) => BackendConfig.parse({ name, address: 'h:9' });
const route = (name: string, pool = 'api') => RouteConfig.parse({ name, pool });
const names = (items: readonly { name: string }[] | undefined) => items?.map((item) => item.name);

describe('edits', () => {
  it.each<[string, (config: Config) => edits.Edit, (config: Config) => unknown, unknown]>([
    [
      'add a listener at the end',
      (c) => edits.addListener(c, ListenerConfig.parse({ name: 'x', port: 1 })),
      (c) => names(c.listeners),
      ['web', 'x'],
    ],
    [
      'replace a listener',
      (c) => edits.updateListener(c, 'web', ListenerConfig.parse({ name: 'w', port: 2 })),
      (c) => c.listeners.map((l) => `${l.name}:${l.port}`),
      ['w:2'],
    ],
    ['remove a listener', (c) => edits.removeListener(c, 'web'), (c) => c.listeners, []],
    [
      'add a route where asked',
      (c) => edits.addRoute(c, 'web', route('first'), 0),
      (c) => names(c.listeners[0]?.routes),
      ['first', 'api', 'rest'],
    ],
    [
      'add a route at the end',
      (c) => edits.addRoute(c, 'web', route('last')),
      (c) => names(c.listeners[0]?.routes),
      ['api', 'rest', 'last'],
    ],
    [
      'move a route',
      (c) => edits.updateRoute(c, 'web', 'rest', route('rest', 'site'), 0),
      (c) => names(c.listeners[0]?.routes),
      ['rest', 'api'],
    ],
    [
      'remove a route',
      (c) => edits.removeRoute(c, 'web', 'api'),
      (c) => names(c.listeners[0]?.routes),
      ['rest'],
    ],
    [
      'add a pool',
      (c) => edits.addPool(c, PoolConfig.parse({ name: 'x' })),
      (c) => names(c.pools),
      ['api', 'site', 'spare', 'x'],
    ],
    ['remove an unused pool', (c) => edits.removePool(c, 'spare'), (c) => names(c.pools), ['api', 'site']],
    [
      'add a backend',
      (c) => edits.addBackend(c, 'api', backend('x')),
      (c) => names(c.pools[0]?.backends),
      ['a', 'b', 'x'],
    ],
    [
      'change a backend in the named pool only',
      (c) => edits.setWeight(c, 'api', 'a', 9),
      (c) => c.pools.map((p) => p.backends[0]?.weight),
      [9, 1, undefined],
    ],
    [
      'remove a backend',
      (c) => edits.removeBackend(c, 'api', 'a'),
      (c) => names(c.pools[0]?.backends),
      ['b'],
    ],
  ])('%s', (_, edit, look, expected) => {
    const before = sample();
    expect(look(edit(before).config)).toEqual(expected);
    expect(before).toEqual(sample());
  });

  it('keep the backends of a pool whose settings change, and lead its routes to its new name', () => {
    const { backends: _, ...settings } = PoolConfig.parse({ name: 'api2', policy: 'random' });
    const edit = edits.updatePool(sample(), 'api', settings);
    expect(names(edit.config.pools[0]?.backends)).toEqual(['a', 'b']);
    expect(edit.config.listeners[0]?.routes.map((r) => r.pool)).toEqual(['api2', 'site']);
    expect(edit.renames).toEqual([{ from: { pool: 'api' }, to: { pool: 'api2' } }]);
    expect(parseConfig(edit.config).ok).toBe(true);
  });

  it('report a renamed backend', () => {
    expect(edits.updateBackend(sample(), 'api', 'b', backend('c')).renames).toEqual([
      { from: { pool: 'api', backend: 'b' }, to: { pool: 'api', backend: 'c' } },
    ]);
  });

  it.each<[string, (config: Config) => unknown, string]>([
    ['a listener', (c) => edits.removeListener(c, 'nope'), 'no listener is called "nope"; there is web'],
    ['a route', (c) => edits.removeRoute(c, 'web', 'nope'), 'no route of listener "web" is called "nope"'],
    [
      'a pool',
      (c) => edits.addBackend(c, 'nope', backend('x')),
      'no pool is called "nope"; there is api, site, spare',
    ],
    [
      'a backend',
      (c) => edits.removeBackend(c, 'spare', 'x'),
      'no backend of pool "spare" is called "x"; there is none',
    ],
  ])('refuse %s that does not exist', (_, edit, message) => {
    expect(() => edit(sample())).toThrow(message);
  });

  it('refuse to remove a pool in use and name the routes', () => {
    expect(() => edits.removePool(sample(), 'api')).toThrow('pool "api" is used by route web/api');
  });
});
