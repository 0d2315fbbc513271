import { describe, expect, it } from 'vitest';
import {
  segmentLabel,
  shortShare,
} from '../../../../../src/renderer/src/features/pools/split/segment-label.ts';

const LONG = 'a-backend-with-a-name-of-fifty-two-letters-to-see-it';

describe('the label of a segment', () => {
  it.each([
    ['api-1', 600, ['api-1', '60 %']],
    // As much of the name as there is room for, and the share whole.
    [LONG, 370, [LONG, '60 %']],
    [LONG, 100, ['60 %']],
    ['api-1', 70, ['api-1']],
    ['api-1', 50, ['60 %']],
    ['api-1', 30, []],
  ])('of %s in %i px is %j', (name, widthPx, label) => {
    expect(segmentLabel(name, '60 %', widthPx)).toEqual(label);
  });
});

describe('shortShare', () => {
  it.each([
    [0.6, '60'],
    [0.613, '61.3'],
  ])('of %d is %s', (share, text) => {
    expect(shortShare(share)).toBe(text);
  });
});
