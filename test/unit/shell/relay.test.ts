import { describe, expect, it } from 'vitest';
import { retryDelayMs } from '../../../src/main/shell/core-process.ts';
import { isToCore } from '../../../src/main/shell/relay.ts';

describe('a message of the page', () => {
  const cases: [message: unknown, accepted: boolean][] = [
    [{ t: 'subscribe' }, true],
    [{ t: 'unsubscribe' }, true],
    [{ t: 'call', id: 1, op: 'status.get', input: {} }, true],
    [{ t: 'call', id: 1, op: 'no.such.operation', input: null }, true],
    [{ t: 'call', id: 1.5, op: 'status.get' }, false],
    [{ t: 'call', id: '1', op: 'status.get' }, false],
    [{ t: 'call', id: 1, op: {} }, false],
    [{ t: 'result', id: 1 }, false],
    [{}, false],
    [null, false],
    ['subscribe', false],
    [[], false],
    [undefined, false],
  ];
  it.each(cases)('%j is accepted: %s', (message, accepted) => {
    expect(isToCore(message)).toBe(accepted);
  });
});

describe('the delay before a crashed core starts again', () => {
  it('doubles from a tenth of a second up to five seconds', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 50].map(retryDelayMs)).toEqual([100, 200, 400, 800, 1600, 3200, 5000, 5000]);
  });
});
