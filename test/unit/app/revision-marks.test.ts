// Which revisions are marked on the charts of a pool, and what is said there.
import { describe, expect, it } from 'vitest';
import { marksOfPool, markText } from '../../../src/main/app/revision-marks.ts';
import type { RevisionRoutes } from '../../../src/main/store/revisions.ts';

const WEB_ALL = { listener: 'web', name: 'all', pool: 'api' };
const STATIC = { listener: 'web', name: 'static', pool: 'shop' };
const STORE = { listener: 'store', name: 'all', pool: 'shop' };
const state = (pools: string[], ...routes: RevisionRoutes['routes']): RevisionRoutes => ({
  pools: new Set(pools),
  routes,
});
const moved = (pool: string) => ({ listener: 'web', name: 'moved', pool });
const BEFORE = state(['api', 'shop'], WEB_ALL, STATIC, STORE, moved('api'));
const AFTER = state(['api', 'shop'], WEB_ALL, STATIC, STORE, moved('shop'));

const said = (revision: number, ...changes: string[]) => ({ revision, at: revision, note: '', changes });
const mark = (...changes: string[]) =>
  marksOfPool([said(7, ...changes)], 'api', () => ({ before: BEFORE, after: AFTER }))[0]?.text;

describe('a revision is marked on the charts of api', () => {
  it.each([
    ['weight of api/api-3: 5 → 10'],
    ['add backend api/api-5'],
    ['remove backend api/api-5'],
    ['rename backend api/a to api/b'],
    ['add pool api'],
    ['policy of pool api: round-robin → random'],
    ['verification of certificates of pool api: on → off'],
    ['check path of pool api: /up → /x of pool shop: y'],
    ['port of listener web: 8080 → 81'],
    ['path prefix of route web/all: none → /x'],
    ['pool of route web/moved: api → shop'],
    ['source of certificate web/local: files → local-ca'],
    ['remove route web/all'],
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
    ['add route web/static'],
    ['remove listener store'],
    ['source of certificate store/local: files → local-ca'],
    ['reorder pools'],
    ['reorder backends of pool shop'],
    ['reorder routes of listener store'],
    ['reorder listeners'],
  ])('when it only says "%s"', (sentence) => {
    expect(mark(sentence)).toBeUndefined();
  });

  it('when it changed nothing', () => {
    expect(mark()).toBeUndefined();
  });
});

describe('what is said of a revision', () => {
  it('is its note when it has one', () => {
    expect(markText({ revision: 7, note: 'imported from a.json', changes: ['x', 'y'] }, 'y')).toBe(
      'r7 imported from a.json',
    );
  });

  it('is else the first change of this pool, and how many more there are', () => {
    expect(mark('add pool shop', 'weight of api/a: 1 → 2', 'remove backend api/b')).toBe(
      'r7 weight of api/a: 1 → 2 +2 more',
    );
  });
});

describe('marks of several revisions', () => {
  const none = state([]);
  const api = state(['api'], WEB_ALL);
  const both = state(['api', 'shop'], WEB_ALL, STATIC);
  const texts = (pool: string, states: RevisionRoutes[], ...changes: string[][]) =>
    marksOfPool(
      changes.map((each, i) => said(i + 1, ...each)),
      pool,
      (revision) => ({ before: states[revision - 1] ?? none, after: states[revision] ?? none }),
    ).map(({ text }) => text);

  it('leave out what happened before there was the pool', () => {
    const states = [none, api, both];
    const changes = [['engine threads: 1 → 2', 'add pool api', 'add route web/all'], ['add pool shop']];
    expect(texts('shop', states, ...changes)).toEqual(['r2 add pool shop']);
  });

  it('say the same of a route after it was removed again', () => {
    const made = ['health check of pool shop: off → http', 'add route web/static'];
    const once = texts('api', [api, both], made);
    expect(texts('api', [api, both, api], made, ['remove route web/static'])).toEqual(once);
    expect(texts('shop', [api, both, api], made, ['remove route web/static'])).toEqual([
      'r1 health check of pool shop: off → http +1 more',
      'r2 remove route web/static',
    ]);
  });

  it('follow a pool back to the name it had', () => {
    const states = [api, api, state(['core'], { ...WEB_ALL, pool: 'core' })];
    const changes = [['weight of api/a: 1 → 2'], ['rename pool api to core']];
    expect(texts('core', states, ...changes)).toEqual([
      'r1 weight of api/a: 1 → 2',
      'r2 rename pool api to core',
    ]);
  });
});
