// The live table of a pool's backends: filter or bulk bar above, the grid below it, the checks of one backend
// on top. What it knows is made in use-backend-table.ts.
// biome-ignore-all lint/a11y/noStaticElementInteractions: an ARIA grid of divs, because rows are virtualised and carry panels; focus is roving by row
import type { PoolStatus } from '#shared/status.ts';
import { setBackendStates, setBackendWeights } from '../../../live/actions.ts';
import { Button } from '../../../ui/button.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { CheckDetails } from '../check-details.tsx';
import { openRemoveBackends } from '../pool-dialogs.ts';
import type { SplitDraft } from '../split/use-split-draft.ts';
import { BackendGrid } from './backend-grid.tsx';
import { BulkBar, FilterBar } from './table-toolbar.tsx';
import { type BackendTableModel, useBackendTable } from './use-backend-table.ts';

export function BackendTable({ pool, draft }: { pool: PoolStatus; draft: SplitDraft }) {
  const table = useBackendTable(pool, draft);
  const { checksDialog, onFocusChange } = table;
  return (
    <section
      aria-label="Backends"
      className="flex min-h-[230px] flex-1 flex-col overflow-hidden rounded-lg border border-line bg-panel"
    >
      <TableBar table={table} />
      <div
        ref={table.box}
        // A drain panel measures itself by its height.
        className="min-h-0 flex-1 overflow-auto [container:backends/size]"
        onFocus={onFocusChange}
        onBlur={onFocusChange}
      >
        {table.columns.widthPx === 0 ? null : <BackendGrid table={table} />}
        {table.order.length === 0 ? <NothingShown table={table} /> : null}
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

function TableBar({ table }: { table: BackendTableModel }) {
  const { pool, shown, selection, toRows } = table;
  const { names } = selection;
  if (names.length === 0) {
    return (
      <FilterBar
        text={shown.text}
        state={shown.state}
        total={pool.backends.length}
        shown={shown.rows.length}
        problems={shown.problems}
        onText={shown.setText}
        onState={shown.setState}
        onLeave={toRows}
      />
    );
  }
  return (
    <BulkBar
      count={names.length}
      onState={(state) => void setBackendStates(pool.name, names, state)}
      onWeight={(weight) =>
        void setBackendWeights(
          pool.name,
          names.map((backend) => ({ backend, weight })),
        )
      }
      onRemove={() => openRemoveBackends(pool.name, names)}
      onClear={selection.clear}
      onLeave={toRows}
    />
  );
}

function NothingShown({ table: { shown } }: { table: BackendTableModel }) {
  const healthy = shown.problems === 0 && shown.text === '';
  const showAll = () => {
    shown.setText('');
    shown.setState('all');
  };
  return (
    <EmptyState
      title={healthy ? 'No backend has a problem' : 'No backend matches the filter'}
      actions={<Button onClick={showAll}>Show all</Button>}
      className="py-8"
    />
  );
}
