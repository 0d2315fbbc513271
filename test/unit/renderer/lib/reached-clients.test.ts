// What is red: failures that reached clients, and not those that another backend made good.
import { describe, expect, it } from 'vitest';
import { reachedClients, reachedPct } from '../../../../src/renderer/src/lib/reached-clients.ts';

const minute = (failuresLastMinute: number, retriesLastMinute: number) => ({
  failuresLastMinute,
  retriesLastMinute,
});

describe('failures that reached clients', () => {
  it.each([
    [212, 0, [], 212],
    [540, 540, [503], 0],
    [540, 500, [503], 40],
    // A retry leaves the minute a moment after its failure.
    [12, 13, [], 0],
    // A 404 that was retried is no failure: which of them were is not known.
    [12, 5, [404, 503], undefined],
    [12, 5, undefined, undefined],
    // Nothing was retried, so each of them did.
    [12, 0, [404], 12],
    [12, 0, undefined, 12],
  ])('of %i, while %i were retried (of %j), are %j', (failed, retried, statuses, reached) => {
    expect(reachedClients(minute(failed, retried), statuses)).toBe(reached);
  });
});

describe('their percentage', () => {
  it.each([
    [null, 0, 0, [], null],
    [8.7, 540, 540, [503], 0],
    [8, 200, 150, [], 2],
    [0, 0, 0, [], 0],
    // Not known how many: all of them are taken for it.
    [8, 200, 150, [404], 8],
  ])('of %j %% (%i failed, %i retried of %j) is %j', (pct, failed, retried, statuses, reached) => {
    expect(reachedPct(pct, minute(failed, retried), statuses)).toBe(reached);
  });
});
