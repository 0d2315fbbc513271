// A change reaches whoever watches; nobody's coming or going keeps it from the others.
import { describe, expect, it } from 'vitest';
import { createWatchers } from '../../../../src/renderer/src/lib/watchers.ts';

describe('a change', () => {
  it('reaches everyone who watches and nobody who has stopped', () => {
    const { watch, publish } = createWatchers();
    const told: string[] = [];
    const end = watch(() => told.push('first'));
    watch(() => told.push('second'));
    publish();
    end();
    publish();
    expect(told).toEqual(['first', 'second', 'second']);
  });

  it('reaches those who watched when it was made, and not one who comes because of it', () => {
    const { watch, publish } = createWatchers();
    const told: string[] = [];
    watch(() => {
      told.push('first');
      endSecond();
      watch(() => told.push('late'));
    });
    const endSecond = watch(() => told.push('second'));
    publish();
    expect(told).toEqual(['first', 'second']);
  });
});
