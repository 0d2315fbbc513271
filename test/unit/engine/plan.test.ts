// Config → Plan, and the listeners of a Plan against those of another: only what differs is reported.
import { describe, expect, it } from 'vitest';
import { type ConfigInput, parseConfig } from '#shared/config/config.ts';
import { compilePlan } from '../../../src/main/engine/compile.ts';
import { type Change, diffListeners, type ListenersDiff } from '../../../src/main/engine/diff.ts';
import type { ListenerPlan, Plan } from '../../../src/main/engine/plan.ts';
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
function summary(diff: ListenersDiff): Record<string, string[]> {
  const names = (list: readonly (ListenerPlan | Change<ListenerPlan>)[]) =>
    list.map((item) => ('name' in item ? item.name : item.after.name));
  return Object.fromEntries(
    Object.entries(diff).flatMap(([key, list]) => (list.length === 0 ? [] : [[key, names(list)]])),
  );
}

describe('the difference of the listeners of two plans', () => {
  function changed(edit: (config: ConfigInput) => void): Record<string, string[]> {
    const slots = createSlotTable();
    const before = compile(BASE, slots);
    const after = structuredClone(BASE);
    edit(after);
    return summary(diffListeners(before.listeners, structuredClone(compile(after, slots)).listeners));
  }
  const listener = (config: ConfigInput, index: number) => config.listeners![index]!;

  it.each<[string, (config: ConfigInput) => void, Record<string, string[]>]>([
    ['nothing', () => {}, {}],
    ['no pool', (c) => c.pools!.push({ name: 'more' }), {}],
    ['a port', (c) => Object.assign(listener(c, 1), { port: 9000 }), { rebound: ['admin'] }],
    ['a host', (c) => Object.assign(listener(c, 0), { host: '0.0.0.0' }), { rebound: ['web'] }],
    ['a route less', (c) => listener(c, 0).routes!.pop(), { updated: ['web'] }],
    [
      'a route more',
      (c) => listener(c, 0).routes!.push({ name: 'late', match: { host: 'late.test' }, pool: 'web' }),
      { updated: ['web'] },
    ],
    [
      'a field deep inside',
      (c) => Object.assign(listener(c, 0), { timeouts: { requestHeaderMs: 1234 } }),
      { updated: ['web'] },
    ],
    [
      'a condition that was not there',
      (c) => Object.assign(listener(c, 0).routes![0]!.match!, { pathPrefix: '/new' }),
      { updated: ['web'] },
    ],
    [
      'a listener more and one less',
      (c) => c.listeners!.splice(1, 1, { name: 'new', port: 8082 }),
      { added: ['new'], removed: ['admin'] },
    ],
  ])('names %s', (_, edit, expected) => {
    expect(changed(edit)).toEqual(expected);
  });

  it('adds everything when there was no plan before', () => {
    expect(summary(diffListeners([], compile(BASE).listeners))).toEqual({ added: ['web', 'admin'] });
  });

  it('takes a listener with another row for another listener', () => {
    const slots = createSlotTable();
    const before = compile(BASE, slots);
    slots.retain(['web'], ['api', 'web'], []);
    slots.listenerSlot('in-between');
    expect(summary(diffListeners(before.listeners, compile(BASE, slots).listeners))).toEqual({
      added: ['admin'],
      removed: ['admin'],
    });
  });
});
