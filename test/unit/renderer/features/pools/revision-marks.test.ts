// Which revisions are marked on the charts of a pool, and what is said there, by the sentences a revision
// carries.
import { describe, expect, it } from 'vitest';
import { parseConfig } from '#shared/config/config.ts';
import { describeChanges } from '../../../../../src/main/app/changes.ts';
import {
  leadsTo,
  revisionMark,
  type WaysIn,
  withoutPool,
} from '../../../../../src/renderer/src/features/pools/revision-marks.ts';

const INTO_API: WaysIn = {
  listeners: new Map([
    ['web', true],
    ['store', false],
  ]),
  routes: new Map([
    ['web/all', true],
    ['web/static', false],
  ]),
};

const mark = (...changes: string[]) => revisionMark({ revision: 7, at: 5, changes }, 'api', INTO_API)?.text;

describe('a revision is marked on the charts of api', () => {
  it.each([
    ['weight of api/api-3: 5 → 10'],
    ['add backend api/api-5'],
    ['remove backend api/api-5'],
    ['rename backend api/a to api/b'],
    ['rename pool shop to api'],
    ['add pool api'],
    ['policy of pool api: round-robin → random'],
    ['verification of certificates of pool api: on → off'],
    ['check path of pool api: /up → /x of pool shop: y'],
    ['port of listener web: 8080 → 81'],
    ['path prefix of route web/all: none → /x'],
    ['pool of route web/static: api → shop'],
    ['source of certificate web/local: files → local-ca'],
    ['remove route web/gone'],
    ['engine threads: 1 → 2'],
    ['reorder backends of pool api'],
    ['reorder routes of listener web'],
    ['a sentence nobody knows yet'],
  ])('when it says "%s"', (sentence) => {
    expect(mark(sentence)).toBe(`r7 ${sentence}`);
  });
});

describe('it is not marked there', () => {
  it.each([
    ['weight of shop/api-3: 5 → 10'],
    ['weight of api-2/api: 5 → 10'],
    ['add backend shop/api'],
    ['add pool shop'],
    ['rename pool shop to store'],
    ['rename backend shop/api to shop/b'],
    ['check path of pool shop: / → /x of pool api: y'],
    ['policy of pool api.2: random → round-robin'],
    ['port of listener store: 8090 → 81'],
    ['path prefix of route web/static: none → /api'],
    ['pool of route web/static: shop → store'],
    ['source of certificate store/local: files → local-ca'],
    ['reorder pools'],
    ['reorder backends of pool shop'],
    ['reorder routes of listener store'],
    ['reorder listeners'],
  ])('when it only says "%s"', (sentence) => {
    expect(mark(sentence)).toBeUndefined();
  });

  it('when a route went with another pool', () => {
    expect(mark('remove route web/gone', 'remove pool shop')).toBeUndefined();
  });

  it('when it changed nothing', () => {
    expect(mark()).toBeUndefined();
  });
});

it('says of several changes the first that concerns the pool', () => {
  expect(mark('add pool shop', 'weight of api/a: 1 → 2', 'remove backend api/b')).toBe(
    'r7 weight of api/a: 1 → 2',
  );
});

it('is told of every change of a pool by the sentences of the core', () => {
  const config = (weight: number, path: string, pool: string) => {
    const parsed = parseConfig({
      version: 1,
      listeners: [{ name: 'web', port: 8080, routes: [{ name: 'all', pool }] }],
      pools: [
        {
          name: 'api',
          healthCheck: { type: 'http', path },
          backends: [{ name: 'a', address: 'h:1', weight }],
        },
        { name: 'shop', backends: [{ name: 'a', address: 'h:1', weight }] },
      ],
    });
    if (!parsed.ok) throw new Error('must be valid');
    return parsed.value;
  };
  const before = config(1, '/', 'api');
  const [route, check, ofApi, ofShop] = describeChanges(before, config(2, '/up', 'shop')).map((sentence) => [
    sentence,
    revisionMark({ revision: 1, at: 0, changes: [sentence] }, 'api', leadsTo('api', before.listeners)),
  ]);
  expect([route, check, ofApi].map((each) => each?.[1])).not.toContain(undefined);
  expect(ofShop).toEqual(['weight of shop/a: 1 → 2', undefined]);
});

it('knows the listeners and routes that lead to a pool', () => {
  const listeners = [
    {
      name: 'web',
      routes: [
        { name: 'all', pool: 'api' },
        { name: 'static', pool: 'shop' },
      ],
    },
    { name: 'store', routes: [{ name: 'all', pool: 'shop' }] },
  ];
  const ways = leadsTo('api', listeners);
  expect([...ways.listeners]).toEqual([...INTO_API.listeners]);
  expect(ways.routes.get('web/all')).toBe(true);
  expect(ways.routes.get('store/all')).toBe(false);
});

it.each([
  ['r7 weight of api/api-3: 5 → 10', 'r7 weight of api-3: 5 → 10'],
  ['r7 rename backend api/a to api/b', 'r7 rename backend a to b'],
  ['r7 remove backend api/api', 'r7 remove backend api'],
  [
    'r7 path prefix of route web/all: /api/v1 → /api/v2',
    'r7 path prefix of route web/all: /api/v1 → /api/v2',
  ],
  ['r7 check path of pool api: / → /api/health', 'r7 check path of pool api: / → /api/health'],
  ['r7 host of route api/all: none → a.test', 'r7 host of route api/all: none → a.test'],
  ['r7 add route api/all', 'r7 add route api/all'],
  ['r7 remove certificate api/local', 'r7 remove certificate api/local'],
  ['drain api-4', 'drain api-4'],
])('leaves the pool out where a backend is named: "%s"', (text, shorter) => {
  expect(withoutPool(text, 'api')).toBe(shorter);
});
