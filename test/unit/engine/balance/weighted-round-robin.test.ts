// Weighted round robin: nginx's smooth sequence exactly, at any size; exact ratios over full periods;
// changes of membership and weight neither reset fairness nor cause a burst.
import { describe, expect, it } from 'vitest';
import type { Candidate } from '../../../../src/main/engine/balance/policy.ts';
import { createWeightedRoundRobin } from '../../../../src/main/engine/balance/weighted-round-robin.ts';
import { backend, backends, countPicks, picks, scriptedRandom } from './candidates.ts';

/** The algorithm as published: every candidate written at every pick. */
function createReference() {
  const current = new Map<Candidate, number>();
  return {
    pick<C extends Candidate>(eligible: readonly C[]): C {
      let best = eligible[0]!;
      let total = 0;
      for (const candidate of eligible) {
        current.set(candidate, (current.get(candidate) ?? 0) + candidate.weight);
        total += candidate.weight;
        if (current.get(candidate)! > current.get(best)!) best = candidate;
      }
      current.set(best, current.get(best)! - total);
      return best;
    },
  };
}

describe('weighted round robin', () => {
  it.each([
    [[5, 1, 1], 'aabacaa'],
    [[4, 2, 1], 'abacaba'],
    [[3, 2, 1], 'abacba'],
    [[10, 1], 'aaaaabaaaaa'],
    [[1, 1, 1], 'abcabc'],
    [[7], 'aaa'],
  ])('W1 gives weights %j the sequence %s, again and again', (weights, sequence) => {
    const eligible = backends(weights);
    const policy = createWeightedRoundRobin();
    expect(picks(policy, eligible, sequence.length * 3)).toBe(sequence.repeat(3));
  });

  it.each([
    ['few classes', Array.from({ length: 60 }, (_, i) => [1, 3, 50, 100][i % 4]!)],
    ['as many classes as are scanned', Array.from({ length: 40 }, (_, i) => i + 1)],
    ['one class more', Array.from({ length: 41 }, (_, i) => i + 1)],
    ['many different weights', Array.from({ length: 300 }, (_, i) => ((i * 37) % 300) + 1)],
    ['one giant among dwarfs', [1000, ...Array.from({ length: 100 }, (_, i) => (i % 60) + 1)]],
    ['growing gaps', Array.from({ length: 50 }, (_, i) => Math.floor(1.14 ** i) + i)],
  ])('makes the published algorithm’s every pick: %s', (_, weights) => {
    const eligible = backends(weights);
    const policy = createWeightedRoundRobin();
    const reference = createReference();
    const count = Math.min(20_000, 3 * weights.reduce((a, b) => a + b));
    for (let i = 0; i < count; i++) {
      if (policy.pick(eligible) !== reference.pick(eligible)) expect.unreachable(`pick ${i} differs`);
    }
  });

  it('keeps 900 to 100 exact over every 1,000 and 9 to 1 over every 10', () => {
    const eligible = backends([900, 100]);
    const policy = createWeightedRoundRobin();
    for (let i = 0; i < 100; i++) expect(countPicks(policy, eligible, 10)).toEqual({ a: 9, b: 1 });
  });

  it('keeps 90 to 10 exact over every window of 100, wherever it begins', () => {
    const eligible = backends([90, 10]);
    const sequence = picks(createWeightedRoundRobin(), eligible, 500);
    for (let start = 0; start + 100 <= sequence.length; start++) {
      const window = sequence.slice(start, start + 100);
      expect(window.split('b').length - 1).toBe(10);
    }
  });

  it('W2 gives exact ratios among the remaining while one is out, and no burst to the one that returns', () => {
    const [a, b, c] = [backend('a', 5), backend('b', 3), backend('c', 2)];
    const policy = createWeightedRoundRobin();
    countPicks(policy, [a, b, c], 1004);
    const without = [a, c];
    countPicks(policy, without, 7);
    expect(countPicks(policy, without, 700)).toEqual({ a: 500, c: 200 });
    const back = [a, b, c];
    const sequence = picks(policy, back, 1000);
    expect(sequence.slice(0, 10).split('b').length - 1).toBeLessThanOrEqual(4);
    expect(sequence).not.toContain('bb');
    for (let i = 0; i < 1000; i += 10) {
      const taken = sequence.slice(i, i + 10).split('b').length - 1;
      expect(Math.abs(taken - 3)).toBeLessThanOrEqual(1);
    }
    expect(sequence.split('b').length - 1).toBe(300);
  });

  it('stays close to the ideal shares while membership changes at random every few requests', () => {
    const random = scriptedRandom(3);
    const all = backends([7, 5, 3, 1]);
    const policy = createWeightedRoundRobin();
    const taken = new Map(all.map((candidate) => [candidate, 0]));
    const ideal = new Map(all.map((candidate) => [candidate, 0]));
    let changes = 0;
    for (let round = 0; round < 200; round++) {
      const eligible = all.filter(() => random() < 0.7);
      if (eligible.length === 0) continue;
      changes++;
      const total = eligible.reduce((sum, { weight }) => sum + weight, 0);
      for (let i = Math.floor(random() * 12); i >= 0; i--) {
        const chosen = policy.pick(eligible);
        taken.set(chosen, taken.get(chosen)! + 1);
        for (const candidate of eligible)
          ideal.set(candidate, ideal.get(candidate)! + candidate.weight / total);
      }
    }
    for (const candidate of all) {
      const drift = (taken.get(candidate)! - ideal.get(candidate)!) / changes;
      expect(Math.abs(drift)).toBeLessThan(0.05);
    }
  });

  it('does not favour the first of the list when another backend flaps at every request', () => {
    const [a, b, c, flapping] = [backend('a', 1), backend('b', 1), backend('c', 1), backend('x', 1)];
    const policy = createWeightedRoundRobin();
    const taken: Record<string, number> = { a: 0, b: 0, c: 0, x: 0 };
    for (let i = 0; i < 600; i++) {
      const chosen = policy.pick(i % 2 === 0 ? [a, b, c] : [a, b, c, flapping]);
      taken[chosen.name] = taken[chosen.name]! + 1;
    }
    const shares = [taken.a!, taken.b!, taken.c!];
    expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(2);
  });

  it('follows new weights at once: neither a burst nor a starved backend after a change of scale', () => {
    const a = backend('a', 1000);
    const b = backend('b', 1);
    const policy = createWeightedRoundRobin();
    countPicks(policy, [a, b], 501);
    a.weight = 1;
    const even = picks(policy, [a, b], 40);
    expect(even).not.toMatch(/aaa|bbb/);
    expect(even.split('a').length - 1).toBe(20);
    b.weight = 3;
    expect(countPicks(policy, [a, b], 400)).toEqual({ a: 100, b: 300 });
  });

  it('returns to the exact ratio after down and up, for any weights', () => {
    const random = scriptedRandom(11);
    for (let round = 0; round < 30; round++) {
      const all = backends(
        Array.from({ length: 2 + Math.floor(random() * 5) }, () => 1 + Math.floor(random() * 20)),
      );
      const total = all.reduce((sum, { weight }) => sum + weight, 0);
      const policy = createWeightedRoundRobin();
      countPicks(policy, all, Math.floor(random() * 100));
      countPicks(policy, all.slice(1), 1 + Math.floor(random() * 100));
      const back = [...all];
      const counts = countPicks(policy, back, total * 50);
      for (const { name, weight } of all)
        expect(Math.abs((counts[name] ?? 0) - weight * 50)).toBeLessThanOrEqual(1);
    }
  });

  it('moves nobody’s turn when the same members are given in a new array', () => {
    const eligible = backends([5, 1, 1]);
    const policy = createWeightedRoundRobin();
    let sequence = '';
    for (let i = 0; i < 14; i++) sequence += policy.pick([...eligible]).name;
    expect(sequence).toBe('aabacaaaabacaa');
  });
});
