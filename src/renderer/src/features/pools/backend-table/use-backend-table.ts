// Makes the table of a pool's backends: what is only the table's (current row, selection, filter, sorting,
// columns that fit), and what its rows are drawn from. Facts come from Status, tried-out weights from the
// board's draft. Called by backend-table.tsx, which hands it to the components that draw it.
import { type FocusEvent, type RefObject, useMemo, useRef, useState } from 'react';
import type { PoolStatus } from '#shared/status.ts';
import { policyUsesWeights } from '../../../lib/share.ts';
import { keepExisting, NOTHING_SELECTED, type RowSelection, selectAll } from '../row-selection.ts';
import type { SplitDraft } from '../split/use-split-draft.ts';
import { useBoxWidth } from '../use-box-width.ts';
import { type ChecksSource, POOL_QUERY_LIMIT, useChecks } from '../use-checks.ts';
import { type ChecksDialog, useChecksDialog } from '../use-checks-dialog.ts';
import { type ShownDrains, useShownDrains } from '../use-shown-drains.ts';
import type { RowEvents } from './backend-row.tsx';
import { type ColumnId, columnsThatFit, gridTemplate, namesWidth } from './columns.ts';
import { useRowEvents } from './use-row-events.ts';
import { type RowFocus, useRowFocus } from './use-row-focus.ts';
import { useTableKeys } from './use-table-keys.ts';
import { type TableRows, useTableRows } from './use-table-rows.ts';
import { widenedScale } from './weight-scale.ts';

const WEIGHT_IDLE = 'Round robin ignores weights';

export interface BackendTableModel {
  pool: PoolStatus;
  draft: SplitDraft;
  /** What is shown of the backends: filtered and sorted. */
  shown: TableRows;
  /** Names of the rows as they are shown. */
  order: readonly string[];
  selection: ShownSelection;
  focus: RowFocus;
  /** On to the current row. */
  toRows: () => void;
  columns: TableColumns;
  facts: RowFacts;
  events: RowEvents;
  checksDialog: ChecksDialog;
  /** What scrolls. */
  box: RefObject<HTMLDivElement | null>;
  reveal: RefObject<((name: string) => void) | null>;
  onFocusChange: (event: FocusEvent) => void;
}

export function useBackendTable(pool: PoolStatus, draft: SplitDraft): BackendTableModel {
  const shown = useTableRows(pool.backends);
  const order = useMemo(() => shown.rows.map(({ name }) => name), [shown.rows]);
  const [box, widthPx] = useBoxWidth<HTMLDivElement>();
  const reveal = useRef<((name: string) => void) | null>(null);
  const focus = useRowFocus(order, box, reveal);
  const selection = useShownSelection(order);
  const { setSelection } = selection;
  const checksDialog = useChecksDialog(focus.focusRow);
  const [inRow, onFocusChange] = useFocusInRow();
  const events = useRowEvents({ draft, order, focus, setSelection, showChecks: checksDialog.show });
  const facts = useRowFacts(pool, draft);
  const columns = useTableColumns(widthPx);
  useTableKeys({
    pool,
    order,
    focus,
    grid: box,
    selection: selection.current,
    setSelection,
    clearText: () => shown.setText(''),
    showChecks: checksDialog.show,
    inRow,
  });
  return {
    pool,
    draft,
    shown,
    order,
    selection,
    focus,
    toRows: () => focus.active !== null && focus.focusRow(focus.active),
    columns,
    facts,
    events,
    checksDialog,
    box,
    reveal,
    onFocusChange,
  };
}

/** Only of what is shown: nobody should act on a row that a filter has taken away. */
interface ShownSelection {
  current: RowSelection;
  names: readonly string[];
  setSelection: (change: (selection: RowSelection) => RowSelection) => void;
  clear: () => void;
  /** Whether every row, none (null) or some are selected. */
  extent: true | 'indeterminate' | null;
  toggleAll: () => void;
}

function useShownSelection(order: readonly string[]): ShownSelection {
  const [raw, setSelection] = useState(NOTHING_SELECTED);
  const current = useMemo(() => keepExisting(raw, new Set(order)), [raw, order]);
  const names = [...current.names];
  const all = names.length >= order.length;
  const clear = () => setSelection(NOTHING_SELECTED);
  return {
    current,
    names,
    setSelection,
    clear,
    extent: names.length === 0 ? null : all ? true : 'indeterminate',
    toggleAll: () => (all ? clear() : setSelection(selectAll(order))),
  };
}

/** Whether a row as a whole has the focus. A dialog on top borrows the focus and does not count. */
function useFocusInRow(): [boolean, (event: FocusEvent) => void] {
  const [inRow, setInRow] = useState(false);
  const onFocusChange = (event: FocusEvent) => {
    const target = event.type === 'focus' ? event.target : event.relatedTarget;
    if (target instanceof Element && target.closest('[role="dialog"],[role="alertdialog"],[role="menu"]'))
      return;
    setInRow(target instanceof HTMLElement && target.dataset.row !== undefined);
  };
  return [inRow, onFocusChange];
}

interface RowFacts {
  /** Place in the pool by name, which gives a backend its colour. */
  indexes: ReadonlyMap<string, number>;
  /** By name, as the draft has them. */
  weights: ReadonlyMap<string, number>;
  weightScaleMax: number;
  weightIdleReason: string | null;
  drains: ShownDrains;
  /** Null in a pool too large to ask for all; undefined before the first answer. */
  checks: ChecksSource | undefined | null;
}

function useRowFacts(pool: PoolStatus, draft: SplitDraft): RowFacts {
  const drains = useShownDrains(pool);
  const large = pool.backends.length > POOL_QUERY_LIMIT;
  const checks = useChecks(pool.name, undefined, !large);
  const weights = useMemo(
    () => new Map(draft.weights.map(({ name, weight }) => [name, weight])),
    [draft.weights],
  );
  const indexes = useMemo(
    () => new Map(pool.backends.map(({ name }, index) => [name, index])),
    [pool.backends],
  );
  return {
    indexes,
    weights,
    weightScaleMax: widenedScale(
      pool.backends.map(({ weight }) => weight),
      draft.weights.map(({ weight }) => weight),
    ),
    weightIdleReason: policyUsesWeights(pool.policy) ? null : WEIGHT_IDLE,
    drains,
    checks: large ? null : checks,
  };
}

interface TableColumns {
  ids: readonly ColumnId[];
  template: string;
  /** Of the whole table; 0 until it is measured. */
  widthPx: number;
  namesPx: number;
}

function useTableColumns(widthPx: number): TableColumns {
  const ids = useMemo(() => columnsThatFit(widthPx), [widthPx]);
  const template = useMemo(() => gridTemplate(ids), [ids]);
  return { ids, template, widthPx, namesPx: Math.floor(namesWidth(ids, widthPx)) };
}
