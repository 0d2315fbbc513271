// What many start at once starts in order, a few in each turn of the loop.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createPace } from '../../../src/main/health/pace.ts';

it('starts what is little at once, and of much only some in a turn, in order', async () => {
  const pace = createPace();
  const started: number[] = [];
  pace.run(() => started.push(0));
  expect(started).toEqual([0]);
  for (let i = 1; i < 40; i++) pace.run(() => started.push(i));
  const perTurn: number[] = [started.length];
  while (started.length < 40) {
    const before = started.length;
    await nextTurn();
    perTurn.push(started.length - before);
  }
  expect(perTurn).toEqual([8, 8, 8, 8, 8]);
  expect(started).toEqual(started.toSorted((a, b) => a - b));
  await nextTurn();
  pace.run(() => started.push(40));
  expect(started.at(-1)).toBe(40);
});

it('drops what waits when it is stopped', async () => {
  const pace = createPace();
  let started = 0;
  for (let i = 0; i < 100; i++) pace.run(() => started++);
  pace.stop();
  await nextTurn();
  await nextTurn();
  expect(started).toBe(8);
});
