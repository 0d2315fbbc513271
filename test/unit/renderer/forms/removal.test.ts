import { describe, expect, it } from 'vitest';
import { Config, parseConfig } from '#shared/config/config.ts';
import type { BackendStatus, PoolStatus } from '#shared/status.ts';
import {
  removalFacts,
  withoutBackends,
  withoutPool,
} from '../../../../src/renderer/src/features/forms/removal.ts';
import type { RemoveTarget } from '../../../../src/renderer/src/live/dialogs.ts';

const config = Config.parse({
  version: 1,
  listeners: [
    {
      name: 'web',
      port: 8080,
      routes: [
        { name: 'v2', pool: 'next', match: { pathPrefix: '/v2' } },
        { name: 'all', pool: 'api' },
      ],
    },
    { name: 'admin', port: 0, routes: [{ name: 'all', pool: 'api' }] },
    { name: 'bare', port: 8090 },
  ],
  pools: [
    {
      name: 'api',
      backends: [
        { name: 'a', address: 'x:1' },
        { name: 'b', address: 'x:2' },
        { name: 'c', address: 'x:3', state: 'disabled' },
      ],
    },
    { name: 'next', backends: [{ name: 'only', address: 'x:4' }] },
    { name: 'spare' },
  ],
});

describe('removalFacts', () => {
  it.each<[RemoveTarget, RegExp[]]>([
    [{ type: 'backends', pool: 'api', backends: ['a'] }, [/in flight finish/, /^Its share goes to b\.$/]],
    [
      { type: 'backends', pool: 'next', backends: ['only'] },
      [/in flight finish/, /next is left without .* 503/],
    ],
    [
      { type: 'backends', pool: 'api', backends: ['a', 'c'] },
      [/^a, c\.$/, /going to them/, /^Their share goes to b\.$/],
    ],
    [{ type: 'pool', pool: 'next' }, [/1 backend and/, /^The route that uses it \(web\/v2\) is removed too/]],
    [
      { type: 'pool', pool: 'api' },
      [/3 backends and/, /^The 2 routes that use it \(web\/all, admin\/all\) are removed too/],
    ],
    [{ type: 'pool', pool: 'spare' }, [/no backends/]],
    [{ type: 'listener', listener: 'web' }, [/^Port 8080 stops/, /2 routes go with it/]],
    [{ type: 'listener', listener: 'admin' }, [/^Port chosen by the system stops/, /1 route goes with it/]],
    [{ type: 'listener', listener: 'bare' }, [/^Port 8090/, /no routes/]],
    [
      { type: 'route', listener: 'web', route: 'v2' },
      [/tried against the routes after it/, /^Pool next stays/],
    ],
    [{ type: 'route', listener: 'web', route: 'all' }, [/No route comes after it/, /^Pool api stays/]],
    [{ type: 'route', listener: 'admin', route: 'all' }, [/every request to it gets 404/, /^Pool api stays/]],
  ])('of %j says what will happen', (removal, sentences) => {
    const { consequences } = removalFacts(removal, config);
    expect(consequences).toHaveLength(sentences.length);
    for (const [i, sentence] of sentences.entries()) expect(consequences[i]).toMatch(sentence);
  });
});

describe('the share of a removed backend', () => {
  const part = (name: string, targetShare: number, role = 'primary', health = 'up') =>
    ({ name, targetShare, role, health, admin: 'enabled' }) as BackendStatus;
  const said = (backends: BackendStatus[], removed: string[]) =>
    removalFacts({ type: 'backends', pool: 'api', backends: removed }, config, [
      { name: 'api', backends } as PoolStatus,
    ]).consequences.at(-1);

  it.each<[string, BackendStatus[], string[], RegExp]>([
    [
      'goes to those that get requests',
      [part('a', 0.5), part('b', 0.5), part('c', 0)],
      ['a'],
      /goes to b\.$/,
    ],
    ['goes nowhere when there is none', [part('a', 0), part('b', 1)], ['a'], /^It gets no new requests now/],
    ['goes to the backups at last', [part('a', 1), part('b', 0, 'backup')], ['a'], /^Its share goes to b\.$/],
    [
      'is answered with 503 when no other can serve',
      [part('a', 1), part('b', 0, 'primary', 'down')],
      ['a'],
      /^No other backend of api .* 503\.$/,
    ],
  ])('%s', (_what, backends, removed, sentence) => {
    expect(said(backends, removed)).toMatch(sentence);
  });
});

describe('withoutPool', () => {
  it('takes the routes that lead to it along, so what is left is valid', () => {
    const left = withoutPool(config, 'api');
    expect(left.pools.map(({ name }) => name)).toEqual(['next', 'spare']);
    expect(left.listeners.map(({ routes }) => routes.map(({ name }) => name))).toEqual([['v2'], [], []]);
    expect(parseConfig(left).ok).toBe(true);
  });
});

describe('withoutBackends', () => {
  it('leaves the other backends and the pools of the same names alone', () => {
    const left = withoutBackends(config, 'api', ['a', 'c', 'only']);
    expect(left.pools.map(({ backends }) => backends.map(({ name }) => name))).toEqual([['b'], ['only'], []]);
  });
});
