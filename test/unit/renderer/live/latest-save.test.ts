// Saves of one thing never overlap, and what was wanted last is what is saved last.
import { describe, expect, it } from 'vitest';
import { latestSave } from '../../../../src/renderer/src/live/latest-save.ts';

type Weights = Readonly<Record<string, number>>;

function saving() {
  const started: { key: string; value: Weights; end: (saved: boolean) => void }[] = [];
  let underWay = 0;
  let most = 0;
  const save = latestSave<Weights>(
    async (key, value) => {
      underWay += 1;
      most = Math.max(most, underWay);
      const saved = await new Promise<boolean>((end) => started.push({ key, value, end }));
      underWay -= 1;
      return saved;
    },
    (older, newer) => ({ ...older, ...newer }),
  );
  return { save, started, most: () => most };
}

describe('saves of one pool', () => {
  it('wait for one another; of those that wait only the newest is sent', async () => {
    const { save, started, most } = saving();
    const answers = [save('api', { a: 1 }), save('api', { a: 2 }), save('api', { a: 3 })];
    expect(started.map(({ value }) => value)).toEqual([{ a: 1 }]);
    started[0]?.end(true);
    await answers[0];
    await expect.poll(() => started.length).toBe(2);
    expect(started[1]?.value).toEqual({ a: 3 });
    started[1]?.end(true);
    expect(await Promise.all(answers)).toEqual([true, true, true]);
    expect(most()).toBe(1);
    expect(started.length).toBe(2);
  });

  it('lose nothing of what waits: another backend’s weight goes along', async () => {
    const { save, started } = saving();
    void save('api', { a: 1 });
    void save('api', { b: 5, a: 2 });
    void save('api', { a: 3 });
    started[0]?.end(true);
    await expect.poll(() => started[1]?.value).toEqual({ b: 5, a: 3 });
  });

  it('go on after one was refused, and tell each asker how its own ended', async () => {
    const { save, started } = saving();
    const first = save('api', { a: 1 });
    const second = save('api', { a: 2 });
    started[0]?.end(false);
    expect(await first).toBe(false);
    await expect.poll(() => started.length).toBe(2);
    started[1]?.end(true);
    expect(await second).toBe(true);
    const third = save('api', { a: 4 });
    expect(started.length).toBe(3);
    started[2]?.end(true);
    expect(await third).toBe(true);
  });

  it('do not wait for those of another pool', () => {
    const { save, started } = saving();
    void save('api', { a: 1 });
    void save('web', { a: 2 });
    expect(started.map(({ key }) => key)).toEqual(['api', 'web']);
  });
});
