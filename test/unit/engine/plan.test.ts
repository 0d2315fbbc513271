// Config → Plan, and Plan against Plan: only what differs is reported, under the name of the difference.
import { describe, expect, it } from 'vitest';
import { type ConfigInput, parseConfig } from '#shared/config/config.ts';
import { compilePlan } from '../../../src/main/engine/compile.ts';
import { diffPlans, type PlanDiff } from '../../../src/main/engine/diff.ts';
import type { Plan } from '../../../src/main/engine/plan.ts';
import { createSlotTable, type SlotTable } from '../../../src/main/engine/slots.ts';

const BASE: ConfigInput = {
  version: 1,
  listeners: [
    {
      name: 'web',
      port: 8080,
      routes: [
        { name: 'api', match: { host: 'API.Test', pathPrefix: '/v1' }, pool: 'api' },
        { name: 'all', pool: 'web' },
      ],
    },
    { name: 'admin', port: 8081 },
  ],
  pools: [
    {
      name: 'api',
      policy: 'weighted-round-robin',
      whenAllDown: 'forward',
      backends: [
        { name: 'a', address: '127.0.0.1:3001', weight: 90 },
        { name: 'b', address: '[::1]:3002', weight: 10, state: 'draining' },
        { name: 'c', address: 'localhost:3003', role: 'backup' },
      ],
    },
    { name: 'web', backends: [{ name: 'a', address: '127.0.0.1:4001' }] },
  ],
};

function compile(input: ConfigInput, slots: SlotTable = createSlotTable()): Plan {
  const parsed = parseConfig(input);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  return compilePlan(parsed.value, {
    revision: 7,
    instance: 'test',
    slots,
    adminOf: (pool, backend) => (pool === 'web' && backend.name === 'a' ? 'disabled' : backend.state),
    drainingSince: () => 1234,
    listenerTls: () => ({ ok: false, fault: 'no certificates here' }),
    poolTls: (pool) => ({ ok: true, value: { verify: pool.tls?.verify ?? true, serverName: '', ca: '' } }),
    usableOf: (pool, backend) => !(pool === 'api' && backend === 'c'),
  });
}

describe('compiling a plan', () => {
  it('splits addresses, lowers hosts, resolves admin state and health', () => {
    const plan = compile(BASE);
    expect(plan.revision).toBe(7);
    expect(plan.listeners[0]!.routes).toEqual([
      { name: 'api', host: 'api.test', pathPrefix: '/v1', pool: 'api' },
      { name: 'all', host: undefined, pathPrefix: undefined, pool: 'web' },
    ]);
    expect(plan.listeners[0]).toMatchObject({
      host: '127.0.0.1',
      port: 8080,
      timeouts: { keepAliveMs: 60_000 },
    });
    expect(plan.pools[0]).toMatchObject({ policy: 'weighted-round-robin', forwardWhenAllDown: true });
    expect(plan.pools[0]!.backends.map(({ slot: _, ...rest }) => rest)).toEqual([
      {
        name: 'a',
        host: '127.0.0.1',
        port: 3001,
        weight: 90,
        admin: 'enabled',
        drainingSince: 0,
        role: 'primary',
        usable: true,
      },
      {
        name: 'b',
        host: '::1',
        port: 3002,
        weight: 10,
        admin: 'draining',
        drainingSince: 1234,
        role: 'primary',
        usable: true,
      },
      {
        name: 'c',
        host: 'localhost',
        port: 3003,
        weight: 1,
        admin: 'enabled',
        drainingSince: 0,
        role: 'backup',
        usable: false,
      },
    ]);
    expect(plan.pools[1]).toMatchObject({ forwardWhenAllDown: false, backends: [{ admin: 'disabled' }] });
  });

  it('gives every listener, pool and backend its own row', () => {
    const { listeners, pools } = compile(BASE);
    const slots = [...listeners, ...pools, ...pools.flatMap((pool) => pool.backends)].map(({ slot }) => slot);
    expect(new Set(slots).size).toBe(8);
  });

  it('makes a plan that survives a structured clone', () => {
    const plan = compile(BASE);
    expect(structuredClone(plan)).toEqual(plan);
  });
});

/** The diff as names, empty lists left out. */
function summary({ listeners, pools }: PlanDiff): Record<string, string[]> {
  const named = (list: readonly ({ name: string } | { after: { name: string } })[]) =>
    list.map((item) => ('name' in item ? item.name : item.after.name));
  const lines: Record<string, string[]> = {};
  const add = (key: string, list: Parameters<typeof named>[0]) => {
    if (list.length > 0) lines[key] = named(list);
  };
  for (const [key, list] of Object.entries(listeners)) add(`listeners ${key}`, list);
  for (const [key, list] of Object.entries(pools)) add(`pools ${key}`, list);
  for (const pool of pools.changed) {
    if (pool.policyChanged) lines[`${pool.name} policy`] = [];
    if (pool.settingsChanged) lines[`${pool.name} settings`] = [];
    if (pool.orderChanged) lines[`${pool.name} order`] = [];
    for (const [key, list] of Object.entries(pool.backends)) add(`${pool.name} ${key}`, list);
  }
  return lines;
}

const UNTOUCHED = { 'listeners unchanged': ['web', 'admin'] };

describe('the difference of two plans', () => {
  function changed(edit: (config: ConfigInput) => void): Record<string, string[]> {
    const slots = createSlotTable();
    const before = compile(BASE, slots);
    const after = structuredClone(BASE);
    edit(after);
    return summary(diffPlans(before, structuredClone(compile(after, slots))));
  }
  const pool = (config: ConfigInput, index: number) => config.pools![index]!;
  const listener = (config: ConfigInput, index: number) => config.listeners![index]!;

  it.each<[string, (config: ConfigInput) => void, Record<string, string[]>]>([
    ['nothing', () => {}, { ...UNTOUCHED, 'pools unchanged': ['api', 'web'] }],
    [
      'a weight',
      (c) => Object.assign(pool(c, 0).backends![0]!, { weight: 50 }),
      {
        ...UNTOUCHED,
        'pools changed': ['api'],
        'pools unchanged': ['web'],
        'api changed': ['a'],
        'api unchanged': ['b', 'c'],
      },
    ],
    [
      'an address and weight',
      (c) => Object.assign(pool(c, 0).backends![1]!, { address: '[::1]:9', weight: 4 }),
      {
        ...UNTOUCHED,
        'pools changed': ['api'],
        'pools unchanged': ['web'],
        'api readdressed': ['b'],
        'api unchanged': ['a', 'c'],
      },
    ],
    [
      'a renamed backend',
      (c) => Object.assign(pool(c, 1).backends![0]!, { name: 'z' }),
      {
        ...UNTOUCHED,
        'pools changed': ['web'],
        'pools unchanged': ['api'],
        'web added': ['z'],
        'web removed': ['a'],
      },
    ],
    [
      'the order of backends',
      (c) => pool(c, 0).backends!.reverse(),
      {
        ...UNTOUCHED,
        'pools changed': ['api'],
        'pools unchanged': ['web'],
        'api order': [],
        'api unchanged': ['c', 'b', 'a'],
      },
    ],
    [
      'one backend less, which is no new order',
      (c) => pool(c, 0).backends!.shift(),
      {
        ...UNTOUCHED,
        'pools changed': ['api'],
        'pools unchanged': ['web'],
        'api removed': ['a'],
        'api unchanged': ['b', 'c'],
      },
    ],
    [
      'policy and settings',
      (c) => Object.assign(pool(c, 1), { policy: 'random', timeouts: { connectMs: 1 } }),
      {
        ...UNTOUCHED,
        'pools changed': ['web'],
        'pools unchanged': ['api'],
        'web policy': [],
        'web settings': [],
        'web unchanged': ['a'],
      },
    ],
    [
      'a port',
      (c) => Object.assign(listener(c, 1), { port: 9000 }),
      { 'listeners rebound': ['admin'], 'listeners unchanged': ['web'], 'pools unchanged': ['api', 'web'] },
    ],
    [
      'a route',
      (c) => listener(c, 0).routes!.pop(),
      { 'listeners updated': ['web'], 'listeners unchanged': ['admin'], 'pools unchanged': ['api', 'web'] },
    ],
    [
      'a listener more and one less',
      (c) => c.listeners!.splice(1, 1, { name: 'new', port: 8082 }),
      {
        'listeners added': ['new'],
        'listeners removed': ['admin'],
        'listeners unchanged': ['web'],
        'pools unchanged': ['api', 'web'],
      },
    ],
    [
      'a pool more',
      (c) => c.pools!.push({ name: 'more' }),
      { ...UNTOUCHED, 'pools added': ['more'], 'pools unchanged': ['api', 'web'] },
    ],
  ])('names %s', (_, edit, expected) => {
    expect(changed(edit)).toEqual(expected);
  });

  it('adds everything when there was no plan before', () => {
    expect(summary(diffPlans(undefined, compile(BASE)))).toEqual({
      'listeners added': ['web', 'admin'],
      'pools added': ['api', 'web'],
    });
  });

  it('takes a backend with another row for another backend', () => {
    const slots = createSlotTable();
    const before = compile(BASE, slots);
    slots.retain(
      ['web', 'admin'],
      ['api', 'web'],
      [
        { pool: 'web', backend: 'a' },
        { pool: 'api', backend: 'a' },
        { pool: 'api', backend: 'b' },
      ],
    );
    expect(summary(diffPlans(before, compile(BASE, slots)))).toEqual({
      ...UNTOUCHED,
      'pools changed': ['api'],
      'pools unchanged': ['web'],
      'api added': ['c'],
      'api removed': ['c'],
      'api unchanged': ['a', 'b'],
    });
  });
});
