// Least connections in large pools: as good as looking at everyone, but for requests that ended a
// moment ago; weights among equals; no favourites when membership changes.
import { describe, expect, it } from 'vitest';
import { createLeastConnections } from '../../../../src/main/engine/balance/least-connections.ts';
import { backends, countPicks, scriptedRandom } from './candidates.ts';

const different = (count: number) => Array.from({ length: count }, (_, i) => ((i * 7) % 13) + 1);

describe('least connections in a large pool', () => {
  it.each([49, 64, 100, 257])('fills %d backends exactly by weight when nothing finishes', (size) => {
    const weights = different(size);
    const eligible = backends(weights);
    const policy = createLeastConnections();
    const total = weights.reduce((a, b) => a + b);
    for (let i = 0; i < 5 * total; i++) policy.pick(eligible).inFlight++;
    expect(eligible.map(({ inFlight }) => inFlight)).toEqual(weights.map((weight) => 5 * weight));
  });

  it('never passes over a less loaded one, unless its request ended within the last size/16 picks', () => {
    const size = 200;
    const random = scriptedRandom(21);
    const eligible = backends(different(size));
    const endedAt = new Map(eligible.map((candidate) => [candidate, Number.NEGATIVE_INFINITY]));
    const policy = createLeastConnections();
    let passedOver = 0;
    for (let i = 0; i < 3000; i++) {
      const chosen = policy.pick(eligible);
      for (const other of eligible) {
        const isLess = other.inFlight * chosen.weight < chosen.inFlight * other.weight;
        if (isLess && endedAt.get(other)! < i - Math.ceil(size / 16)) passedOver++;
      }
      chosen.inFlight++;
      for (let ended = 0; ended < 2; ended++) {
        const one = eligible[Math.floor(random() * size)]!;
        if (one.inFlight === 0) continue;
        one.inFlight--;
        endedAt.set(one, i);
      }
    }
    expect(passedOver).toBe(0);
  });

  it('notices within size/16 picks, wherever it is, that a backend became idle', () => {
    const size = 160;
    const eligible = backends(Array<number>(size).fill(1));
    const policy = createLeastConnections();
    const pickRound = () => Array.from({ length: size / 16 }, () => policy.pick(eligible));
    for (const candidate of eligible) candidate.inFlight = 50;
    for (const idle of eligible) {
      // Seen as the busiest first, so that its turn among equals cannot bring it up by itself.
      idle.inFlight = 60;
      expect(pickRound()).not.toContain(idle);
      idle.inFlight = 0;
      expect(pickRound()).toContain(idle);
      idle.inFlight = 50;
    }
  });

  it('sees requests that others sent, such as retries, before it picks', () => {
    const eligible = backends(different(100));
    const policy = createLeastConnections();
    policy.pick(eligible);
    for (const candidate of eligible) if (candidate.name !== 'f') candidate.inFlight = 50;
    expect(policy.pick(eligible).name).toBe('f');
  });

  it('serves an idle pool by weight', () => {
    const eligible = backends(different(130));
    const total = eligible.reduce((sum, { weight }) => sum + weight, 0);
    const counts = countPicks(createLeastConnections(), eligible, 20 * total);
    for (const { name, weight } of eligible)
      expect(Math.abs(counts[name]! - 20 * weight)).toBeLessThanOrEqual(1);
  });

  it('favours nobody when a backend flaps at every request, across the size where the method changes', () => {
    const all = backends(Array<number>(49).fill(1));
    const policy = createLeastConnections();
    const counts = new Map(all.map(({ name }) => [name, 0]));
    for (let i = 0; i < 49 * 40; i++) {
      const { name } = policy.pick(i % 2 === 0 ? all.slice(0, 48) : [...all]);
      counts.set(name, counts.get(name)! + 1);
    }
    const steady = [...counts.values()].slice(0, 48);
    expect(Math.max(...steady) - Math.min(...steady)).toBeLessThanOrEqual(3);
  });

  it('gives a backend that returns after a long time no burst', () => {
    const all = backends(Array<number>(60).fill(1));
    const policy = createLeastConnections();
    countPicks(policy, all, 600);
    countPicks(policy, all.slice(1), 6000);
    expect(countPicks(policy, [...all], 120).a).toBeLessThanOrEqual(3);
  });
});
