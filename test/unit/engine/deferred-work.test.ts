import { describe, expect, it } from 'vitest';
import { DeferredWork } from '../../../src/main/engine/deferred-work.ts';

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Every task takes `taskMs` of a clock that stands still otherwise. */
function setUp(taskMs: number) {
  let nowMs = 0;
  const done: number[] = [];
  const faults: unknown[] = [];
  const deferred = new DeferredWork({ now: () => 0, monotonicMs: () => nowMs }, (error) =>
    faults.push(error),
  );
  const add = (task: number, extra?: () => void): void =>
    deferred.add(() => {
      nowMs += taskMs;
      done.push(task);
      extra?.();
    });
  return { add, done, faults };
}

describe('deferred work', () => {
  it('does nothing in the turn it is added in', () => {
    const { add, done } = setUp(0);
    add(1);
    expect(done).toEqual([]);
  });

  it('does half a millisecond of it in each turn, in order', async () => {
    const { add, done } = setUp(0.2);
    for (const task of [1, 2, 3, 4, 5, 6, 7]) add(task);
    await nextTurn();
    expect(done).toEqual([1, 2, 3]);
    await nextTurn();
    expect(done).toEqual([1, 2, 3, 4, 5, 6]);
    await nextTurn();
    expect(done).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it('does one task a turn when each takes long', async () => {
    const { add, done } = setUp(10);
    add(1);
    add(2);
    await nextTurn();
    expect(done).toEqual([1]);
    await nextTurn();
    expect(done).toEqual([1, 2]);
  });

  it('takes more while it works, and again once all is done', async () => {
    const { add, done } = setUp(0.2);
    add(1, () => add(2));
    await nextTurn();
    expect(done).toEqual([1, 2]);
    add(3);
    await nextTurn();
    expect(done).toEqual([1, 2, 3]);
  });

  it('reports what throws and goes on', async () => {
    const { add, done, faults } = setUp(0.2);
    const bug = new Error('a bug');
    add(1, () => {
      throw bug;
    });
    add(2);
    await nextTurn();
    expect(done).toEqual([1, 2]);
    expect(faults).toEqual([bug]);
  });
});
