import { describe, expect, it } from 'vitest';
import {
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

  it('gives header and rows one track per column, the strip and the padding', () => {
    expect(gridTemplate(['state', 'target']).match(/px/g)).toHaveLength(4);
  });
});
