import { describe, expect, it } from 'vitest';
import { splitSentence } from '../../../../../src/renderer/src/features/pools/split/split-verdict.ts';

const parts = (...pairs: [number, number | null][]) =>
  pairs.map(([targetShare, actualShare], index) => ({ name: 'abc'.charAt(index), targetShare, actualShare }));
const settled = { policy: 'weighted-round-robin', targetAgeMs: 120_000, unserved: 0 } as const;

describe('the sentence beside the split', () => {
  it('waits while there is no request', () => {
    const said = splitSentence({ ...settled, parts: parts([0.6, null], [0.4, null]), requests: 0 });
    expect(said.text).toBe('waiting for requests');
  });

  it.each([
    [0, null, '5 requests turned away'],
    [40, 1, '5 more turned away'],
  ])('says what was turned away while nothing serves, after %i requests', (requests, share, text) => {
    const said = splitSentence({ ...settled, parts: parts([0, share], [0, null]), requests, unserved: 5 });
    expect(said).toEqual({ text, tone: 'off' });
  });

  it('compares nothing by a request or two', () => {
    const said = splitSentence({ ...settled, parts: parts([0.031, 1], [0.969, 0]), requests: 1 });
    expect(said).toEqual({ text: 'too few to compare with the target', tone: 'plain' });
  });

  it('states the largest distance, rounded up', () => {
    const said = splitSentence({
      ...settled,
      parts: parts([0.6, 0.5979], [0.3, 0.3021], [0.1, 0.1]),
      requests: 41_320,
    });
    expect(said).toEqual({ text: 'within ±0.3 % of target', tone: 'plain' });
  });

  it('names the backend that is off and the direction', () => {
    const said = splitSentence({ ...settled, parts: parts([0.6, 0.5], [0.4, 0.5]), requests: 41_320 });
    expect(said.tone).toBe('off');
    expect(said.text).toMatch(/^[ab] is 10\.0 % (above|below) target$/);
  });

  it('does not judge a target that changed within the window', () => {
    const said = splitSentence({
      ...settled,
      targetAgeMs: 12_400,
      parts: parts([0.9, 0.5], [0.1, 0.5]),
      requests: 900,
    });
    expect(said).toEqual({ text: 'target changed 12 s ago, settling', tone: 'plain' });
  });

  it('does not promise shares for a policy that follows load', () => {
    const said = splitSentence({
      ...settled,
      policy: 'least-connections',
      parts: parts([0.5, 0.9], [0.5, 0.1]),
      requests: 900,
    });
    expect(said.tone).toBe('plain');
    expect(said.text).toContain('follows load');
  });
});
