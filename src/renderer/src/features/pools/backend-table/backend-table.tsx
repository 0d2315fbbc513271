// The live table of a pool's backends: filter or bulk bar, headings, rows, drain panels. Holds what is
// only the table's: current row, selection, filter, sorting. Facts come from Status, tried-out weights
// from the board's draft.
// biome-ignore-all lint/a11y/useSemanticElements: an ARIA grid of divs, because rows are virtualised and carry panels; focus is roving by row
// biome-ignore-all lint/a11y/useFocusableInteractive: an ARIA grid of divs, because rows are virtualised and carry panels; focus is roving by row
// biome-ignore-all lint/a11y/noStaticElementInteractions: an ARIA grid of divs, because rows are virtualised and carry panels; focus is roving by row
import { type FocusEvent, useMemo, useRef, useState } from 'react';
import type { PoolStatus } from '#shared/status.ts';
import { useNow } from '../../../lib/clock.ts';
import { seriesColour } from '../../../lib/colours.ts';
import { policyUsesWeights } from '../../../lib/share.ts';
import { setBackendStates, setBackendWeights } from '../../../live/actions.ts';
import { Button } from '../../../ui/button.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { CheckDetails } from '../check-details.tsx';
import { DrainPanel, type DrainPanelProps } from '../drain-panel.tsx';
import { openRemoveBackends } from '../pool-dialogs.ts';
import { keepExisting, NOTHING_SELECTED, selectAll } from '../row-selection.ts';
import type { SplitDraft } from '../split/use-split-draft.ts';
import { useBoxWidth } from '../use-box-width.ts';
import { POOL_QUERY_LIMIT, useChecks } from '../use-checks.ts';
import { useChecksDialog } from '../use-checks-dialog.ts';
import { useShownDrains } from '../use-shown-drains.ts';
import { BackendRow } from './backend-row.tsx';
import { columnsThatFit, gridTemplate, minTableWidth, namesWidth } from './columns.ts';
import { GridBody } from './grid-body.tsx';
import { TableHead } from './table-head.tsx';
import { BulkBar, FilterBar } from './table-toolbar.tsx';
import { useRowEvents } from './use-row-events.ts';
import { useRowFocus } from './use-row-focus.ts';
import { useTableKeys } from './use-table-keys.ts';
import { useTableRows } from './use-table-rows.ts';
import { weightScale } from './weight-cell.tsx';

const WEIGHT_IDLE = 'Round robin ignores weights';

export function BackendTable({ pool, draft }: { pool: PoolStatus; draft: SplitDraft }) {
  const now = useNow();
  const table = useTableRows(pool.backends);
  const order = useMemo(() => table.rows.map(({ name }) => name), [table.rows]);
  const [box, widthPx] = useBoxWidth<HTMLDivElement>();
  const reveal = useRef<((name: string) => void) | null>(null);
  const focus = useRowFocus(order, box, reveal);
  const [rawSelection, setSelection] = useState(NOTHING_SELECTED);
  const selection = useMemo(
    // Only what is shown: nobody should act on a row that a filter has taken away.
    () => keepExisting(rawSelection, new Set(order)),
    [rawSelection, order],
  );
  const selected = [...selection.names];
  const checksDialog = useChecksDialog(focus.focusRow);
  const [inRow, onFocusChange] = useFocusInRow();

  const events = useRowEvents({ draft, order, focus, setSelection, showChecks: checksDialog.show });
  const drains = useShownDrains(pool);
  const large = pool.backends.length > POOL_QUERY_LIMIT;
  const checks = useChecks(pool.name, undefined, !large);

  const ids = useMemo(() => columnsThatFit(widthPx), [widthPx]);
  const template = useMemo(() => gridTemplate(ids), [ids]);
  const shownWeights = useMemo(
    () => new Map(draft.weights.map(({ name, weight }) => [name, weight])),
    [draft.weights],
  );
  const indexes = useMemo(
    () => new Map(pool.backends.map(({ name }, index) => [name, index])),
    [pool.backends],
  );
  const scaleMax = weightScale(pool.backends.map(({ weight }) => weight));
  const idleReason = policyUsesWeights(pool.policy) ? null : WEIGHT_IDLE;
  const namesPx = Math.floor(namesWidth(ids, widthPx));

  const clear = () => setSelection(NOTHING_SELECTED);
  const toRows = () => focus.active !== null && focus.focusRow(focus.active);
  useTableKeys({
    pool,
    order,
    focus,
    grid: box,
    selection,
    setSelection,
    clearText: () => table.setText(''),
    showChecks: checksDialog.show,
    inRow,
  });

  const renderRow = (name: string, index: number) => {
    const backend = pool.backends[indexes.get(name) ?? -1];
    if (backend === undefined) return null;
    const weight = shownWeights.get(name) ?? backend.weight;
    const drain = drains.of(backend);
    return (
      <>
        <BackendRow
          pool={pool.name}
          backend={backend}
          columns={ids}
          template={template}
          ariaRowIndex={index + 2}
          colour={seriesColour(indexes.get(name) ?? 0)}
          active={name === focus.active}
          selected={selection.names.has(name)}
          selecting={selected.length > 0}
          weight={weight}
          targetShare={draft.shares.get(name) ?? 0}
          weightSaving={draft.phase === 'saving' && weight !== backend.weight}
          weightScaleMax={scaleMax}
          weightIdleReason={idleReason}
          checks={large ? null : checks}
          now={now}
          namesPx={namesPx}
          events={events}
        />
        {drain === undefined ? null : (
          <DrainRow
            pool={pool}
            backend={backend}
            drain={drain}
            now={now}
            onDismiss={() => drains.dismiss(backend)}
            ariaRowIndex={index + 2}
            columns={ids.length}
          />
        )}
      </>
    );
  };

  return (
    <section
      aria-label="Backends"
      className="flex min-h-[230px] flex-1 flex-col overflow-hidden rounded-lg border border-line bg-panel"
    >
      {selected.length > 0 ? (
        <BulkBar
          count={selected.length}
          onState={(state) => void setBackendStates(pool.name, selected, state)}
          onWeight={(weight) =>
            void setBackendWeights(
              pool.name,
              selected.map((backend) => ({ backend, weight })),
            )
          }
          onRemove={() => openRemoveBackends(pool.name, selected)}
          onClear={clear}
          onLeave={toRows}
        />
      ) : (
        <FilterBar
          text={table.text}
          state={table.state}
          total={pool.backends.length}
          shown={table.rows.length}
          problems={table.problems}
          onText={table.setText}
          onState={table.setState}
          onLeave={toRows}
        />
      )}
      <div
        ref={box}
        // A drain panel measures itself by its height.
        className="min-h-0 flex-1 overflow-auto [container:backends/size]"
        onFocus={onFocusChange}
        onBlur={onFocusChange}
      >
        {widthPx === 0 ? null : (
          <div
            role="grid"
            aria-label={`Backends of ${pool.name}`}
            aria-rowcount={order.length + 1}
            aria-colcount={ids.length}
            aria-multiselectable="true"
            style={{ minWidth: minTableWidth(ids) }}
          >
            <TableHead
              columns={table.headOf(ids)}
              template={template}
              selection={
                selected.length === 0 ? null : selected.length >= order.length ? true : 'indeterminate'
              }
              onSelectAll={() => (selected.length >= order.length ? clear() : setSelection(selectAll(order)))}
            />
            <GridBody names={order} scrollBox={box} reveal={reveal} renderRow={renderRow} />
          </div>
        )}
        {table.rows.length === 0 ? (
          <NothingShown
            healthy={table.problems === 0 && table.text === ''}
            onShowAll={() => {
              table.setText('');
              table.setState('all');
            }}
          />
        ) : null}
      </div>
      {checksDialog.shown === null ? null : (
        <CheckDetails
          pool={pool.name}
          backend={checksDialog.shown.backend}
          period={checksDialog.shown.period}
          onPeriod={checksDialog.setPeriod}
          onClose={checksDialog.close}
        />
      )}
    </section>
  );
}

function NothingShown({ healthy, onShowAll }: { healthy: boolean; onShowAll: () => void }) {
  return (
    <EmptyState
      title={healthy ? 'No backend has a problem' : 'No backend matches the filter'}
      actions={<Button onClick={onShowAll}>Show all</Button>}
      className="py-8"
    />
  );
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

/** A row of the grid must hold cells; the panel goes with the row above it. */
function DrainRow(props: DrainPanelProps & { ariaRowIndex: number; columns: number }) {
  const { ariaRowIndex, columns, ...panel } = props;
  return (
    <div
      role="row"
      aria-rowindex={ariaRowIndex}
      aria-label={`Drain of ${panel.backend.name}`}
      className="bg-raised"
    >
      <div
        role="gridcell"
        aria-colspan={columns}
        className="pt-1 pr-3.5 pb-3.5 pl-6 [@container_backends_(max-height:300px)]:pb-2"
      >
        <DrainPanel {...panel} />
      </div>
    </div>
  );
}
