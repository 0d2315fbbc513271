// The queue: first come first served, leaving from anywhere.
import { describe, expect, it } from 'vitest';
import { type QueueEntry, WaitQueue } from '../../../../src/main/engine/resilience/queue.ts';

interface Entry extends QueueEntry<Entry> {
  name: string;
}

const entry = (name: string): Entry => ({ name, queued: false, ahead: null, behind: null });

function names(queue: WaitQueue<Entry>): string {
  let text = '';
  for (let at = queue.first; at !== null; at = at.behind) text += at.name;
  return text;
}

function queueOf(text: string): { queue: WaitQueue<Entry>; entries: Entry[] } {
  const queue = new WaitQueue<Entry>();
  const entries = [...text].map(entry);
  for (const each of entries) queue.join(each);
  return { queue, entries };
}

describe('a queue', () => {
  it('is empty at first', () => {
    const queue = new WaitQueue<Entry>();
    expect([queue.first, queue.length]).toEqual([null, 0]);
  });

  it('gives one that was served in vain its turn back', () => {
    const { queue, entries } = queueOf('abc');
    queue.leave(entries[0]!);
    queue.joinFirst(entries[0]!);
    expect([names(queue), queue.length]).toEqual(['abc', 3]);
    for (const each of entries) queue.leave(each);
    queue.joinFirst(entries[1]!);
    queue.join(entries[2]!);
    expect([names(queue), queue.length]).toEqual(['bc', 2]);
  });

  it.each([
    ['the first', 'a', 'bcd'],
    ['the last', 'd', 'abc'],
    ['one in the middle', 'b', 'acd'],
    ['several', 'bd', 'ac'],
    ['all', 'cabd', ''],
    ['nobody', '', 'abcd'],
  ])('lets %s leave and keeps the order of the others', (_, leaving, left) => {
    const { queue, entries } = queueOf('abcd');
    for (const name of leaving) queue.leave(entries.find((each) => each.name === name)!);
    expect([names(queue), queue.length]).toEqual([left, left.length]);
    queue.join(entry('z'));
    expect(names(queue)).toBe(`${left}z`);
  });

  it('lets one who left join again, at the end', () => {
    const { queue, entries } = queueOf('abc');
    queue.leave(entries[0]!);
    expect(entries[0]!.queued).toBe(false);
    queue.join(entries[0]!);
    expect([names(queue), entries[0]!.queued]).toEqual(['bca', true]);
  });

  it('ignores the leaving of one who is not in it', () => {
    const { queue, entries } = queueOf('ab');
    queue.leave(entries[0]!);
    queue.leave(entries[0]!);
    queue.leave(entry('x'));
    expect([names(queue), queue.length]).toEqual(['b', 1]);
  });
});
