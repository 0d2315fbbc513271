// Several long works share the loop: one slice a turn, each in its turn.
import { expect, it } from 'vitest';
import { createTurns } from '../../../src/main/app/turns.ts';

it('lets one work a turn, round and round, with the loop free in between', async () => {
  const turns = createTurns();
  const order: string[] = [];
  let loops = 0;
  let running = true;
  const count = () => {
    loops += 1;
    if (running) setImmediate(count);
  };
  setImmediate(count);
  const seenAt = new Set<number>();
  const work = async (name: string) => {
    for (let slice = 0; slice < 3; slice++) {
      await turns.next();
      order.push(name);
      seenAt.add(loops);
    }
  };
  await Promise.all([work('a'), work('b'), work('c')]);
  running = false;
  expect(order.join('')).toBe('abcabcabc');
  expect(seenAt.size).toBe(9);
});
