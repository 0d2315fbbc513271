// Counter rows: stable while a name is in use, quarantined until nobody can write to them, then reused.
import { describe, expect, it } from 'vitest';
import { createSlotTable } from '../../../src/main/engine/slots.ts';
import { ROWS_PER_PAGE } from '../../../src/main/engine/telemetry/layout.ts';

const always = () => true;

describe('a slot table', () => {
  it('gives every listener, pool and backend a row of its own and keeps it', () => {
    const slots = createSlotTable();
    const take = () => [
      slots.listenerSlot('web'),
      slots.poolSlot('web'),
      slots.poolSlot('api'),
      slots.backendSlot('api', 'web'),
      slots.backendSlot('api', 'api-1'),
      slots.backendSlot('web', 'api-1'),
    ];
    const first = take();
    expect(new Set(first).size).toBe(6);
    slots.retain(
      ['web'],
      ['web', 'api'],
      [
        { pool: 'api', backend: 'web' },
        { pool: 'api', backend: 'api-1' },
        { pool: 'web', backend: 'api-1' },
      ],
    );
    expect(take()).toEqual(first);
    expect(slots.quarantined()).toEqual([]);
  });

  it('keeps the row of a backend that is renamed, and quarantines nothing for it', () => {
    const slots = createSlotTable();
    const [a, b] = [slots.backendSlot('api', 'a'), slots.backendSlot('api', 'b')];
    slots.renameBackend({ pool: 'api', backend: 'a' }, { pool: 'shop', backend: 'c' });
    slots.renameBackend({ pool: 'api', backend: 'unknown' }, { pool: 'shop', backend: 'd' });
    slots.retain(
      [],
      ['shop', 'api'],
      [
        { pool: 'shop', backend: 'c' },
        { pool: 'api', backend: 'b' },
      ],
    );
    expect([slots.backendSlot('shop', 'c'), slots.backendSlot('api', 'b')]).toEqual([a, b]);
    expect(slots.quarantined()).toEqual([]);
  });

  it('never gives two names one row', () => {
    const slots = createSlotTable();
    const [a, b] = [slots.backendSlot('api', 'a'), slots.backendSlot('api', 'b')];
    slots.renameBackend({ pool: 'api', backend: 'a' }, { pool: 'api', backend: 'b' });
    expect([slots.backendSlot('api', 'a'), slots.backendSlot('api', 'b')]).toEqual([a, b]);
  });

  it('keeps apart names that would be equal when joined', () => {
    const slots = createSlotTable();
    const all = [
      slots.backendSlot('a/b', 'c'),
      slots.backendSlot('a', 'b/c'),
      slots.backendSlot('a","b', 'c'),
      slots.backendSlot('a', 'b","c'),
      slots.backendSlot('__proto__', 'x'),
      slots.listenerSlot('a'),
      slots.poolSlot('a'),
      slots.backendSlot('', 'a'),
    ];
    expect(new Set(all).size).toBe(all.length);
  });

  it('does not reuse a row before the engine confirmed a plan without it', () => {
    const slots = createSlotTable();
    const old = slots.backendSlot('api', 'old');
    const generation = slots.retain([], [], []);
    slots.reclaim(always);
    slots.reclaim(always);
    expect(slots.backendSlot('api', 'new')).not.toBe(old);
    expect(slots.quarantined()).toEqual([old]);
    slots.confirm(generation);
    expect(slots.reclaim(always)).toEqual([]);
    expect(slots.reclaim(always)).toEqual([old]);
    expect(slots.backendSlot('api', 'newer')).toBe(old);
  });

  it('waits for later plans to confirm earlier ones', () => {
    const slots = createSlotTable();
    slots.listenerSlot('a');
    slots.listenerSlot('b');
    const first = slots.retain(['b'], [], []);
    const second = slots.retain([], [], []);
    slots.confirm(first);
    slots.reclaim(always);
    expect(slots.reclaim(always)).toEqual([0]);
    slots.confirm(second);
    slots.confirm(first);
    slots.reclaim(always);
    expect(slots.reclaim(always)).toEqual([1]);
  });

  it('waits until a row was found idle twice in a row', () => {
    const slots = createSlotTable();
    const slot = slots.backendSlot('api', 'a');
    slots.confirm(slots.retain([], [], []));
    const found = [true, false, true, true].map((idle) => slots.reclaim(() => idle));
    expect(found).toEqual([[], [], [], [slot]]);
    expect(slots.reclaim(always)).toEqual([]);
  });

  it('gives a name that returns during quarantine another row: the old one may still be written to', () => {
    const slots = createSlotTable();
    const before = slots.backendSlot('api', 'a');
    slots.retain([], [], []);
    expect(slots.backendSlot('api', 'a')).not.toBe(before);
  });

  it('counts the pages it needs and reuses rows before it needs another', () => {
    const slots = createSlotTable();
    expect(slots.pageCount()).toBe(0);
    for (let i = 0; i < ROWS_PER_PAGE; i++) slots.backendSlot('api', `b${i}`);
    expect(slots.pageCount()).toBe(1);
    slots.confirm(slots.retain([], [], []));
    slots.reclaim(always);
    slots.reclaim(always);
    for (let i = 0; i < ROWS_PER_PAGE; i++) slots.backendSlot('other', `b${i}`);
    expect(slots.pageCount()).toBe(1);
    slots.listenerSlot('one more');
    expect(slots.pageCount()).toBe(2);
  });
});
