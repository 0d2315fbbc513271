import { describe, expect, it } from 'vitest';
import {
  addressFits,
  COLUMNS,
  type ColumnId,
  columnsThatFit,
  gridTemplate,
  minTableWidth,
} from '../../../../../src/renderer/src/features/pools/backend-table/columns.ts';

describe('columns of the backend table', () => {
  it('shows all of them in the design width', () => {
    expect(columnsThatFit(1186)).toEqual(Object.keys(COLUMNS));
  });

  it('keeps what one acts on and the checks in the smallest window', () => {
    expect(columnsThatFit(770)).toEqual(
      expect.arrayContaining<ColumnId>([
        'backend',
        'state',
        'weight',
        'target',
        'actual',
        'checks',
        'enabled',
        'actions',
      ]),
    );
  });

  it.each([1186, 1000, 900, 770])('fits into %d px', (width) => {
    expect(minTableWidth(columnsThatFit(width))).toBeLessThanOrEqual(width);
  });

  it('never drops what always stays, however narrow', () => {
    expect(columnsThatFit(100)).toEqual([
      'backend',
      'state',
      'weight',
      'target',
      'actual',
      'enabled',
      'actions',
    ]);
  });

  it.each([
    ['api-1', 172, true],
    ['api-1', 160, false],
    ['a-backend-with-a-name-of-fifty-two-letters-to-see-it', 300, false],
  ])('has the address beside %s in %d px: %j', (name, widthPx, beside) => {
    expect(addressFits({ name, address: '127.0.0.1:3001' }, widthPx)).toBe(beside);
  });

  it('says that failures are counted by attempt', () => {
    expect(COLUMNS.serverErrors.title).toContain('another backend answered');
  });

  it('gives header and rows one track per column, the strip and the padding', () => {
    expect(gridTemplate(['state', 'target']).match(/px/g)).toHaveLength(4);
  });
});
