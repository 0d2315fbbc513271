// What a roll back takes back is what is different now, not every step on the way; what cannot be told for
// certain stays. The sentences are those the core writes.
import { expect, it } from 'vitest';
import { type ConfigInput, parseConfig } from '#shared/config/config.ts';
import { describeChanges } from '../../../../src/main/app/changes.ts';
import { netChanges } from '../../../../src/renderer/src/features/revisions/net-changes.ts';

it.each<[string, string[], string[]]>([
  ['nothing', [], []],
  [
    'a field there and back again',
    ['weight of api/a: 1 → 5', 'port of listener web: 80 → 81', 'weight of api/a: 5 → 1'],
    ['port of listener web: 80 → 81'],
  ],
  ['a field in steps', ['weight of api/a: 1 → 5', 'weight of api/a: 5 → 9'], ['weight of api/a: 1 → 9']],
  [
    'what was added and removed again, with what was changed of it',
    ['add backend api/a', 'weight of api/a: 1 → 5', 'remove backend api/a'],
    [],
  ],
  ['what was added and then changed', ['add backend api/a', 'weight of api/a: 1 → 5'], ['add backend api/a']],
  [
    'what was changed and then removed',
    ['weight of api/a: 1 → 5', 'remove backend api/a'],
    ['remove backend api/a'],
  ],
  ['what came back, perhaps as another', ['remove pool p', 'add pool p'], ['remove pool p', 'add pool p']],
  [
    'lists of which only the ends are told',
    ['hosts of certificate w/c: with a', 'hosts of certificate w/c: without a'],
    ['hosts of certificate w/c: with a', 'hosts of certificate w/c: without a'],
  ],
  [
    'long values that look alike',
    ['check path of pool api: a, … → b', 'check path of pool api: b → a, …'],
    ['check path of pool api: a, … → a, …'],
  ],
  ['a step that was made twice', ['reorder pools', 'reorder pools'], ['reorder pools']],
  [
    'a neighbour whose name only ends alike',
    ['add backend api/b', 'weight of other-api/b: 1 → 2'],
    ['add backend api/b', 'weight of other-api/b: 1 → 2'],
  ],
])('tells of %s', (_what, changes, told) => {
  expect(netChanges(changes)).toEqual(told);
});

it('cancels the sentences of the core about a redirect that was on for a while', () => {
  const config = (listener: object) => {
    const input = { version: 1, listeners: [{ name: 'web', port: 80, ...listener }] } as ConfigInput;
    const parsed = parseConfig(input);
    if (!parsed.ok) throw new Error('the config of this test is none');
    return parsed.value;
  };
  const plain = config({});
  const redirecting = config({ redirectToHttps: { port: 8443 } });
  const there = describeChanges(plain, redirecting);
  expect(there).toHaveLength(1);
  expect(netChanges(there)).toEqual(there);
  expect(netChanges([...there, ...describeChanges(redirecting, plain)])).toEqual([]);
});
