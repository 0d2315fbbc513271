// The sentences of the revision list.
import { expect, it } from 'vitest';
import { type ConfigInput, parseConfig } from '#shared/config/config.ts';
import { describeChanges } from '../../../src/main/app/changes.ts';
import type { Rename } from '../../../src/main/app/edits.ts';

const base = {
  version: 1,
  listeners: [
    {
      name: 'web',
      port: 8080,
      routes: [
        { name: 'all', pool: 'api' },
        { name: 'two', pool: 'api' },
      ],
    },
  ],
  pools: [{ name: 'api', backends: [{ name: 'a', address: 'h:1', weight: 5 }] }],
} satisfies ConfigInput;

type Draft = {
  listeners: {
    name: string;
    port: number;
    host?: string;
    routes: { name: string; pool: string; match?: object }[];
  }[];
  pools: { name: string; policy?: string; timeouts?: object; healthCheck?: object; backends: object[] }[];
};

function changes(edit: (draft: Draft) => void, renames?: Rename[]): string[] {
  const draft = structuredClone(base) as Draft & { version: number };
  edit(draft);
  const [before, after] = [parseConfig(base), parseConfig(draft)];
  if (!before.ok || !after.ok) throw new Error('both must be valid');
  return describeChanges(before.value, after.value, renames);
}

it.each<[string, (draft: Draft) => void, string[]]>([
  ['nothing', () => undefined, []],
  [
    'a weight',
    (d) => Object.assign(d.pools[0]?.backends[0] ?? {}, { weight: 10 }),
    ['weight of api/a 5 → 10'],
  ],
  ['a new backend', (d) => d.pools[0]?.backends.push({ name: 'b', address: 'h:2' }), ['add backend api/b']],
  ['a removed backend', (d) => d.pools[0]?.backends.pop(), ['remove backend api/a']],
  ['the engine', (d) => Object.assign(d, { engine: { workers: 2 } }), ['workers of the engine 1 → 2']],
  ['a new pool', (d) => d.pools.push({ name: 'x', backends: [] }), ['add pool x']],
  [
    'a policy and a nested setting',
    (d) => Object.assign(d.pools[0] ?? {}, { policy: 'random', timeouts: { connectMs: 9 } }),
    ['policy of pool api round-robin → random', 'timeouts.connectMs of pool api 5000 → 9'],
  ],
  ['the order of routes', (d) => d.listeners[0]?.routes.reverse(), ['reorder routes']],
  [
    'a route’s condition',
    (d) => Object.assign(d.listeners[0]?.routes[0] ?? {}, { match: { pathPrefix: '/x' } }),
    ['match.pathPrefix of route web/all none → /x'],
  ],
  ['a port', (d) => Object.assign(d.listeners[0] ?? {}, { port: 81 }), ['port of listener web 8080 → 81']],
])('says %s', (_, edit, sentences) => {
  expect(changes(edit)).toEqual(sentences);
});

it.each<[string, Rename, (draft: Draft) => void, string[]]>([
  [
    'a pool, whose routes followed',
    { from: { pool: 'api' }, to: { pool: 'shop' } },
    (d) => {
      Object.assign(d.pools[0] ?? {}, { name: 'shop' });
      for (const route of d.listeners[0]?.routes ?? []) route.pool = 'shop';
    },
    ['rename pool api to shop'],
  ],
  [
    'a backend, and what else became of it',
    { from: { pool: 'api', backend: 'a' }, to: { pool: 'api', backend: 'b' } },
    (d) => Object.assign(d.pools[0]?.backends[0] ?? {}, { name: 'b', weight: 10 }),
    ['rename backend api/a to api/b', 'weight of api/b 5 → 10'],
  ],
])('says a rename of %s', (_, rename, edit, sentences) => {
  expect(changes(edit, [rename])).toEqual(sentences);
});
