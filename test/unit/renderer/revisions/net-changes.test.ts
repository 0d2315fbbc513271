// What a roll back takes back is what is different now, not every step on the way; what cannot be told for
// certain stays. The sentences are those the core writes.
import { describe, expect, it } from 'vitest';
import { type Config, parseConfig } from '#shared/config/config.ts';
import { describeChanges } from '../../../../src/main/app/changes.ts';
import { netChanges, takenBack } from '../../../../src/renderer/src/features/revisions/net-changes.ts';

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
  [
    'a pool that was there for a while, with its parts',
    ['add pool tmp', 'add backend tmp/t-1', 'weight of tmp/t-1: 1 → 2', 'remove pool tmp'],
    [],
  ],
  [
    'a listener that was there for a while, beside a pool of the same name',
    [
      'add listener x',
      'add backend x/b',
      'add route x/r',
      'hosts of certificate x/c: with a',
      'path prefix of route x/r: / → /a',
      'remove listener x',
    ],
    ['add backend x/b'],
  ],
  ['the parts of what was added', ['add pool p', 'add backend p/a', 'weight of p/a: 1 → 2'], ['add pool p']],
  [
    'the parts of what was there and is removed',
    ['weight of web/w: 1 → 2', 'weight of web-2/w: 1 → 2', 'remove backend web/v', 'remove pool web'],
    ['weight of web-2/w: 1 → 2', 'remove pool web'],
  ],
  [
    'a part that went on under another name',
    ['add backend web/x', 'rename pool web to old', 'add pool web', 'remove pool web'],
    ['add backend web/x', 'rename pool web to old'],
  ],
  [
    'what took the name of something added',
    [
      'add pool tmp',
      'weight of api/a: 1 → 2',
      'rename pool tmp to old',
      'rename pool web to tmp',
      'policy of pool tmp: p2c → random',
      'weight of api/a: 2 → 1',
    ],
    ['add pool tmp', 'rename pool tmp to old', 'rename pool web to tmp', 'policy of pool tmp: p2c → random'],
  ],
])('tells of %s', (_what, changes, told) => {
  expect(netChanges(changes)).toEqual(told);
});

function configOf(parts: object): Config {
  const parsed = parseConfig({ version: 1, ...parts });
  if (!parsed.ok) throw new Error('the config of this test is none');
  return parsed.value;
}

it('cancels the sentences of the core about a redirect that was on for a while', () => {
  const config = (listener: object) => configOf({ listeners: [{ name: 'web', port: 80, ...listener }] });
  const plain = config({});
  const redirecting = config({ redirectToHttps: { port: 8443 } });
  const there = describeChanges(plain, redirecting);
  expect(there).toHaveLength(1);
  expect(netChanges(there)).toEqual(there);
  expect(netChanges([...there, ...describeChanges(redirecting, plain)])).toEqual([]);
});

it('keeps a health check that became another one and back, as its text does not hold all of it', () => {
  const config = (healthCheck?: object) => configOf({ pools: [{ name: 'api', healthCheck }] });
  const strict = config({ type: 'http', fall: 9, expectStatus: ['200'] });
  const [tcp, plain, none] = [config({ type: 'tcp' }), config({ type: 'http' }), config()];
  const steps = [...describeChanges(strict, tcp), ...describeChanges(tcp, plain)];
  expect(netChanges(steps)).toEqual([
    'health check of pool api: http /, every 5000 ms → http /, every 5000 ms',
  ]);
  // Without any it was and is the same.
  expect(netChanges([...describeChanges(none, tcp), ...describeChanges(tcp, none)])).toEqual([]);
});

describe('a roll back', () => {
  const revisions = [
    { revision: 4, changes: ['weight of api/a: 5 → 1', 'reorder pools'] },
    { revision: 3, changes: ['weight of api/a: 1 → 5', 'reorder pools'] },
    { revision: 2, changes: ['add pool p'] },
  ];

  it('takes back what is different since', () => {
    expect(takenBack(revisions, 2)).toEqual({ changes: ['reorder pools'] });
    expect(takenBack(revisions, 1)).toEqual({ changes: ['add pool p', 'reorder pools'] });
    expect(takenBack([], 4)).toEqual({ changes: [] });
  });

  it('is told step by step where earlier ones are not known, and says which', () => {
    expect(takenBack(revisions.slice(0, 2), 0)).toEqual({
      changes: ['weight of api/a: 1 → 5', 'reorder pools', 'weight of api/a: 5 → 1'],
      untold: 'r1 to r2',
    });
    expect(takenBack(revisions, 0).untold).toBe('r1');
  });
});
