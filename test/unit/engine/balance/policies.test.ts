// Round robin, least connections and random by table; what every policy must hold, by property.
import { describe, expect, it } from 'vitest';
import { PolicyName } from '#shared/config/pool.ts';
import { createLeastConnections } from '../../../../src/main/engine/balance/least-connections.ts';
import { createRandom } from '../../../../src/main/engine/balance/random.ts';
import { createPolicy } from '../../../../src/main/engine/balance/registry.ts';
import { createRoundRobin } from '../../../../src/main/engine/balance/round-robin.ts';
import { backend, backends, countPicks, picks, scriptedRandom } from './candidates.ts';

describe('round robin', () => {
  it('takes turns and ignores weights', () => {
    expect(picks(createRoundRobin(), backends([9, 1, 5]), 7)).toBe('abcabca');
  });

  it.each([
    ['the one whose turn it is leaves', 'abd', 'dabd'],
    ['an earlier one leaves', 'bcd', 'cdbc'],
    ['a newcomer joins at the end', 'abcdx', 'cdxa'],
    ['the order turns round', 'dcba', 'cbad'],
    ['everyone is replaced', 'xy', 'xyxy'],
  ])('passes the turn on when %s', (_, after, expected) => {
    const byName = new Map([...'abcdxy'].map((name) => [name, backend(name, 1)]));
    const named = (names: string) => [...names].map((name) => byName.get(name)!);
    const policy = createRoundRobin();
    expect(picks(policy, named('abcd'), 2)).toBe('ab');
    expect(picks(policy, named(after), 4)).toBe(expected);
  });

  it('does not favour the first when a backend flaps at every request', () => {
    const [a, b, c] = backends([1, 1, 1]) as [
      ReturnType<typeof backend>,
      ReturnType<typeof backend>,
      ReturnType<typeof backend>,
    ];
    const policy = createRoundRobin();
    const taken: Record<string, number> = {};
    for (let i = 0; i < 300; i++) {
      const { name } = policy.pick(i % 2 === 0 ? [a, b] : [a, b, c]);
      taken[name] = (taken[name] ?? 0) + 1;
    }
    expect(Math.abs(taken.a! - taken.b!)).toBeLessThanOrEqual(1);
  });
});

describe('least connections', () => {
  it.each([
    ['the lowest of three', [1, 1, 1], [10, 4, 9], 'b'],
    ['an idle one', [1, 1, 1], [3, 2, 0], 'c'],
    ['by requests per weight', [1, 4], [2, 7], 'b'],
    ['the light one when the heavy is fuller per weight', [1, 4], [2, 9], 'a'],
    ['exactly where a division would round', [3, 1000], [1, 333], 'b'],
  ])('picks %s', (_, weights, inFlight, expected) => {
    const eligible = backends(weights).map((candidate, i) => ({ ...candidate, inFlight: inFlight[i]! }));
    expect(createLeastConnections().pick(eligible).name).toBe(expected);
  });

  it('W3 serves an idle pool of weights 3 and 1 as aabaaaba', () => {
    expect(picks(createLeastConnections(), backends([3, 1]), 8)).toBe('aabaaaba');
  });

  it('shares evenly among equals, the tied ones only', () => {
    const eligible = backends([1, 1, 1, 1]);
    eligible[1]!.inFlight = 1;
    expect(picks(createLeastConnections(), eligible, 6)).toBe('acdacd');
  });

  it('fills backends in proportion to their weights when nothing finishes', () => {
    const eligible = backends([5, 3, 2]);
    const policy = createLeastConnections();
    for (let i = 0; i < 1000; i++) policy.pick(eligible).inFlight++;
    expect(eligible.map(({ inFlight }) => inFlight)).toEqual([500, 300, 200]);
  });

  it('keeps turns among equals when a backend flaps', () => {
    const [a, b, c] = [backend('a', 1), backend('b', 1), backend('c', 1)];
    const policy = createLeastConnections();
    const taken: Record<string, number> = { a: 0, b: 0 };
    for (let i = 0; i < 300; i++) {
      const { name } = policy.pick(i % 2 === 0 ? [a, b] : [a, b, c]);
      taken[name] = (taken[name] ?? 0) + 1;
    }
    expect(Math.abs(taken.a! - taken.b!)).toBeLessThanOrEqual(2);
  });
});

describe('random', () => {
  it.each([
    [0, 'a'],
    [0.0999, 'a'],
    [0.1, 'b'],
    [0.2999, 'b'],
    [0.3, 'c'],
    [0.9999999, 'c'],
  ])('maps %d onto the weights 1, 2 and 7 as %s', (random, expected) => {
    expect(createRandom({ random: () => random }).pick(backends([1, 2, 7])).name).toBe(expected);
  });

  it('follows weights that change', () => {
    const [a, b] = [backend('a', 1), backend('b', 1)];
    const policy = createRandom({ random: () => 0.4 });
    expect(policy.pick([a, b]).name).toBe('a');
    b.weight = 9;
    expect(policy.pick([a, b]).name).toBe('b');
  });

  it('comes close to the weights in the long run', () => {
    const counts = countPicks(createRandom({ random: scriptedRandom(5) }), backends([5, 3, 2]), 50_000);
    expect(Math.abs(counts.a! / 50_000 - 0.5)).toBeLessThan(0.01);
    expect(Math.abs(counts.b! / 50_000 - 0.3)).toBeLessThan(0.01);
    expect(Math.abs(counts.c! / 50_000 - 0.2)).toBeLessThan(0.01);
  });
});

describe.each(PolicyName.options)('every policy: %s', (name) => {
  it('picks the only one there is', () => {
    expect(picks(createPolicy(name, { random: () => 0.99 }), backends([3]), 3)).toBe('aaa');
  });

  it('picks members of the array it was given, however it changes', () => {
    const random = scriptedRandom(9);
    const policy = createPolicy(name, { random: scriptedRandom(2) });
    const all = backends(Array.from({ length: 30 }, (_, i) => (i % 7) + 1));
    for (let round = 0; round < 100; round++) {
      const eligible = all.filter(() => random() < 0.4);
      if (eligible.length === 0) continue;
      for (let i = 0; i < 5; i++) {
        const chosen = policy.pick(eligible);
        expect(eligible).toContain(chosen);
        chosen.inFlight++;
      }
    }
  });

  it('makes the same picks from the same chance', () => {
    const run = () => picks(createPolicy(name, { random: scriptedRandom(4) }), backends([3, 2, 1, 1]), 50);
    expect(run()).toBe(run());
  });

  it('serves everyone', () => {
    const counts = countPicks(createPolicy(name, { random: scriptedRandom(4) }), backends([5, 3, 1, 1]), 400);
    expect(Object.keys(counts).sort()).toEqual(['a', 'b', 'c', 'd']);
  });
});
