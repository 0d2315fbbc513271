// Selection: who is eligible and why the others are not, and the choice for a request and for a retry.
import { describe, expect, it } from 'vitest';
import type { AdminState, BackendRole } from '#shared/config/backend.ts';
import { createPolicy } from '../../../src/main/engine/balance/registry.ts';
import { eligibleBackends, exclusion, servingTier } from '../../../src/main/engine/eligible.ts';
import { createSelector, type Selectable } from '../../../src/main/engine/select.ts';

interface Backend extends Selectable {
  name: string;
  weight: number;
  inFlight: number;
  admin: AdminState;
  role: BackendRole;
  usable: boolean;
}

/** "a", "a!down", "a!backup,weight=0": a backend and what is special about it. */
function backend(text: string): Backend {
  const [name = '', traits = ''] = text.split('!');
  const is = new Set(traits.split(','));
  const weight = [...is].find((trait) => trait.startsWith('weight='))?.slice(7);
  return {
    name,
    weight: weight === undefined ? 1 : Number(weight),
    inFlight: 0,
    admin: is.has('draining') ? 'draining' : is.has('disabled') ? 'disabled' : 'enabled',
    role: is.has('backup') ? 'backup' : 'primary',
    usable: !is.has('down'),
  };
}

const backends = (text: string) => text.split(' ').map(backend);
const names = (list: readonly Backend[]) => list.map(({ name }) => name).join('');

describe('eligibility', () => {
  it.each([
    ['takes all that are well', 'a b c', false, 'abc'],
    [
      'leaves out draining, disabled, down and weight 0',
      'a!draining b!disabled c!down d!weight=0 e',
      false,
      'e',
    ],
    ['keeps backups idle while a primary serves', 'a b!backup', false, 'a'],
    ['uses the backups when every primary is down', 'a!down b!backup c!backup', false, 'bc'],
    ['uses the backups when every primary is drained', 'a!draining b!backup', false, 'b'],
    ['uses the backups when the only primary has weight 0', 'a!weight=0 b!backup', false, 'b'],
    ['leaves nobody when all are down', 'a!down b!down,backup', false, ''],
    [
      'forwards to every enabled one when all are down and the pool says so',
      'a!down b!down,backup',
      true,
      'ab',
    ],
    [
      'forwards not to drained ones or weight 0',
      'a!down b!down,draining c!down,weight=0 d!disabled',
      true,
      'a',
    ],
    [
      'respects health as long as one can serve, though the pool would forward',
      'a!down b c!backup',
      true,
      'b',
    ],
    ['prefers a healthy backup to ignoring health', 'a!down b!backup', true, 'b'],
    ['leaves nobody of an empty pool', '', true, ''],
  ])('%s', (_, text, forward, expected) => {
    const all = text === '' ? [] : backends(text);
    expect(names(eligibleBackends(all, forward))).toBe(expected);
  });

  it.each([
    ['a', 'primaries', undefined],
    ['a!disabled,down', 'primaries', 'disabled'],
    ['a!draining,down', 'primaries', 'draining'],
    ['a!down,weight=0', 'primaries', 'down'],
    ['a!down', 'ignore-health', undefined],
    ['a!weight=0', 'ignore-health', 'weight-0'],
    ['a!backup', 'primaries', 'backup-idle'],
    ['a!backup', 'backups', undefined],
    ['a!backup,down', 'ignore-health', undefined],
  ] as const)('explains %s while %s serve with %s', (text, tier, expected) => {
    expect(exclusion(backend(text), tier)).toBe(expected);
  });

  it('never lets weight stand for state: a backend that returns has the weight it had', () => {
    const [a, b] = backends('a!weight=9 b!weight=0') as [Backend, Backend];
    a.usable = false;
    expect(servingTier([a, b], false)).toBe('none');
    a.usable = true;
    expect(names(eligibleBackends([a, b], false))).toBe('a');
    expect([a.weight, b.weight]).toEqual([9, 0]);
  });
});

describe('a selector', () => {
  const selectorOf = (
    list: readonly Backend[],
    policy: 'weighted-round-robin' | 'round-robin' = 'round-robin',
  ) => {
    const selector = createSelector<Backend>(createPolicy(policy, { random: () => 0 }));
    selector.refresh(list, false);
    return selector;
  };

  it('picks nobody before there is anybody', () => {
    const selector = createSelector<Backend>(createPolicy('round-robin', { random: () => 0 }));
    expect([selector.pick(), selector.pickOther([])]).toEqual([undefined, undefined]);
  });

  it('keeps the same array while members and weights stay, and replaces it when they change', () => {
    const all = backends('a b c');
    const selector = selectorOf(all);
    const first = selector.eligible;
    selector.refresh([...all], false);
    expect(selector.eligible).toBe(first);
    all[0]!.weight = 5;
    selector.refresh(all, false);
    expect(selector.eligible).not.toBe(first);
    const second = selector.eligible;
    all[1]!.usable = false;
    selector.refresh(all, false);
    expect(selector.eligible).not.toBe(second);
    expect(names(selector.eligible)).toBe('ac');
    const third = selector.eligible;
    selector.refresh([all[2]!, all[0]!], false);
    expect(selector.eligible).not.toBe(third);
  });

  it('follows a weight that changed in place', () => {
    const all = backends('a b');
    const selector = selectorOf(all, 'weighted-round-robin');
    selector.pick();
    selector.pick();
    all[0]!.weight = 3;
    selector.refresh(all, false);
    const picked = Array.from({ length: 8 }, () => selector.pick()!.name).sort();
    expect(picked.join('')).toBe('aaaaaabb');
  });

  it('retries on the least loaded of those not yet tried, by weight', () => {
    const all = backends('a b!weight=4 c d!down');
    const [a, b, c] = all as [Backend, Backend, Backend];
    a.inFlight = 2;
    b.inFlight = 7;
    c.inFlight = 3;
    const selector = selectorOf(all);
    expect(selector.pickOther([])).toBe(b);
    expect(selector.pickOther([b])).toBe(a);
    expect(selector.pickOther([b, a])).toBe(c);
    expect(selector.pickOther([b, a, c])).toBeUndefined();
  });

  it('spreads retries among equals', () => {
    const all = backends('a b c d');
    const selector = selectorOf(all);
    const picked = new Set(Array.from({ length: 6 }, () => selector.pickOther([all[0]!])!.name));
    expect([...picked].sort()).toEqual(['b', 'c', 'd']);
  });

  it('does not disturb the sequence of the policy by retries', () => {
    const all = backends('a!weight=5 b c');
    const selector = selectorOf(all, 'weighted-round-robin');
    let sequence = '';
    for (let i = 0; i < 7; i++) {
      const chosen = selector.pick()!;
      selector.pickOther([chosen]);
      sequence += chosen.name;
    }
    expect(sequence).toBe('aabacaa');
  });

  describe('with a limit of requests under way', () => {
    const limited = (
      list: readonly Backend[],
      maxInFlight: number,
      policy: 'weighted-round-robin' | 'round-robin' | 'least-connections' = 'round-robin',
    ) => {
      const selector = createSelector<Backend>(createPolicy(policy, { random: () => 0 }));
      selector.refresh(list, false, maxInFlight);
      return selector;
    };

    it.each(['round-robin', 'weighted-round-robin', 'least-connections'] as const)(
      'W3 %s never picks a backend at its limit and picks as long as one is below',
      (policy) => {
        const all = backends('a!weight=5 b c!weight=2');
        const selector = limited(all, 4, policy);
        for (let i = 0; i < 12; i++) selector.pick()!.inFlight++;
        expect(all.map(({ inFlight }) => inFlight)).toEqual([4, 4, 4]);
        expect(selector.pick()).toBeUndefined();
        all[1]!.inFlight--;
        expect(selector.pick()).toBe(all[1]);
      },
    );

    it('W2 keeps the ratio among those that have room', () => {
      const all = backends('a!weight=3 b c');
      const selector = limited(all, 100, 'weighted-round-robin');
      all[1]!.inFlight = 100;
      const picked = Array.from({ length: 8 }, () => selector.pick()!.name).sort();
      expect(picked.join('')).toBe('aaaaaacc');
    });

    it('retries only where there is room, and knows when waiting makes sense', () => {
      const all = backends('a b');
      const [a, b] = all as [Backend, Backend];
      b.inFlight = 1;
      const selector = limited(all, 1);
      expect([selector.pickOther([a]), selector.hasOther([a]), selector.hasOther([a, b])]).toEqual([
        undefined,
        true,
        false,
      ]);
      b.inFlight = 0;
      expect(selector.pickOther([a])).toBe(b);
    });

    it('follows a limit that changed', () => {
      const all = backends('a');
      all[0]!.inFlight = 2;
      const selector = limited(all, 2);
      expect(selector.pick()).toBeUndefined();
      selector.refresh(all, false, 3);
      expect(selector.pick()).toBe(all[0]);
      all[0]!.inFlight = 1000;
      selector.refresh(all, false, 0);
      expect(selector.pick()).toBe(all[0]);
    });
  });
});
