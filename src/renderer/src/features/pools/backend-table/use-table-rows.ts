// From all backends of a pool to the rows shown: filtered, then sorted by TanStack Table. Without a
// sorted column the order is the config's, which people know by heart.
import { type SortingState, useTable } from '@tanstack/react-table';
import { useMemo, useState } from 'react';
import type { BackendStatus } from '#shared/status.ts';
import { isProblem } from '../../../lib/state-marks.ts';
import { filterBackends, type StateFilter } from '../backend-filter.ts';
import { boardFeatures, type ColumnId, columnDefs } from './columns.ts';
import type { HeadColumn } from './table-head.tsx';

export interface TableRows {
  rows: readonly BackendStatus[];
  problems: number;
  text: string;
  state: StateFilter;
  setText: (text: string) => void;
  setState: (state: StateFilter) => void;
  headOf: (ids: readonly ColumnId[]) => HeadColumn[];
}

export function useTableRows(backends: readonly BackendStatus[]): TableRows {
  const [text, setText] = useState('');
  const [state, setState] = useState<StateFilter>('all');
  const [sorting, setSorting] = useState<SortingState>([]);
  const shown = useMemo(() => filterBackends(backends, text, state), [backends, text, state]);
  const table = useTable({
    features: boardFeatures,
    columns: columnDefs,
    data: shown as BackendStatus[],
    getRowId: (backend) => backend.name,
    enableMultiSort: false,
    state: { sorting },
    onSortingChange: setSorting,
  });
  const model = table.getRowModel();
  const rows = useMemo(() => model.rows.map((row) => row.original), [model]);
  const problems = useMemo(() => backends.filter((backend) => isProblem(backend.state)).length, [backends]);
  const headOf = (ids: readonly ColumnId[]): HeadColumn[] =>
    ids.map((id) => {
      const column = table.getColumn(id);
      return {
        id,
        sorted: column?.getIsSorted() ?? false,
        toggleSort: column?.getCanSort() ? () => column.toggleSorting() : undefined,
      };
    });
  return { rows, problems, text, state, setText, setState, headOf };
}
