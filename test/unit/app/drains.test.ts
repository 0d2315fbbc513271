// What is remembered of a drain: when it began and with how much, from plan to plan.
import { describe, expect, it } from 'vitest';
import { createDrains } from '../../../src/main/app/drains.ts';

function scripted() {
  const world = { at: 1000, inFlight: 21, closed: 7 };
  const drains = createDrains({
    now: () => world.at,
    inFlight: () => world.inFlight,
    closed: () => world.closed,
  });
  const a = (askedAt?: number) => ({ pool: 'api', backend: 'a', askedAt });
  return { world, drains, a };
}

describe('a drain someone asked for', () => {
  it('began when it was asked for, with what was in flight then', () => {
    const { world, drains, a } = scripted();
    drains.follow([a(900)]);
    world.inFlight = 3;
    expect(drains.of('api', 'a', 30_000)).toEqual({
      since: 900,
      deadline: 30_900,
      startedWith: 21,
      closed: 0,
    });
    expect(drains.since('api', 'a')).toBe(900);
  });

  it('stays the same through later plans, and its deadline follows the pool', () => {
    const { world, drains, a } = scripted();
    drains.follow([a(900)]);
    world.at = 5000;
    world.inFlight = 3;
    drains.follow([a(900), { pool: 'api', backend: 'b', askedAt: 5000 }]);
    expect(drains.of('api', 'a', 60_000)).toEqual({
      since: 900,
      deadline: 60_900,
      startedWith: 21,
      closed: 0,
    });
    expect(drains.of('api', 'b', 0)).toEqual({ since: 5000, deadline: null, startedWith: 3, closed: 0 });
  });

  it('begins anew when it was undone in between', () => {
    const { world, drains, a } = scripted();
    drains.follow([a(900)]);
    drains.follow([]);
    expect(drains.of('api', 'a', 30_000)).toBeNull();
    world.inFlight = 5;
    drains.follow([a(7000)]);
    expect(drains.of('api', 'a', 30_000)).toEqual({
      since: 7000,
      deadline: 37_000,
      startedWith: 5,
      closed: 0,
    });
  });

  it('counts what was chosen a moment before the engine heard of it', () => {
    const { world, drains, a } = scripted();
    drains.follow([a(900)]);
    world.inFlight = 22;
    expect(drains.of('api', 'a', 0)?.startedWith).toBe(22);
    world.inFlight = 1;
    expect(drains.of('api', 'a', 0)?.startedWith).toBe(22);
  });
});

describe('what Sluice closed of a drain', () => {
  it('is counted from its start, not over the backend’s life', () => {
    const { world, drains, a } = scripted();
    drains.follow([a(900)]);
    world.closed = 10;
    expect(drains.of('api', 'a', 30_000)?.closed).toBe(3);
    drains.follow([]);
    drains.follow([a(7000)]);
    expect(drains.of('api', 'a', 30_000)?.closed).toBe(0);
  });

  it('is never less than nothing when a thread with its counters is replaced', () => {
    const { world, drains, a } = scripted();
    drains.follow([a(900)]);
    world.closed = 0;
    expect(drains.of('api', 'a', 30_000)?.closed).toBe(0);
  });
});

describe('a drain the Config asks for', () => {
  it('began with the first plan that has it, not with every later one', () => {
    const { world, drains, a } = scripted();
    drains.follow([a()]);
    world.at = 9000;
    drains.follow([a()]);
    expect(drains.of('api', 'a', 30_000)).toEqual({
      since: 1000,
      deadline: 31_000,
      startedWith: 21,
      closed: 0,
    });
  });
});
