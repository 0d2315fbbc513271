// Draws the grid of a backend table: headings, rows, and the panel of a drain under its row.
// biome-ignore-all lint/a11y/useSemanticElements: an ARIA grid of divs, because rows are virtualised and carry panels; focus is roving by row
// biome-ignore-all lint/a11y/useFocusableInteractive: an ARIA grid of divs, because rows are virtualised and carry panels; focus is roving by row
import { useNow } from '../../../lib/clock.ts';
import { seriesColour } from '../../../lib/colours.ts';
import { DrainPanel, type DrainPanelProps } from '../drain-panel.tsx';
import { BackendRow } from './backend-row.tsx';
import { minTableWidth } from './columns.ts';
import { GridBody } from './grid-body.tsx';
import { TableHead } from './table-head.tsx';
import type { BackendTableModel } from './use-backend-table.ts';

export function BackendGrid({ table }: { table: BackendTableModel }) {
  const now = useNow();
  const { pool, shown, order, selection, columns, box, reveal } = table;
  return (
    <div
      role="grid"
      aria-label={`Backends of ${pool.name}`}
      aria-rowcount={order.length + 1}
      aria-colcount={columns.ids.length}
      aria-multiselectable="true"
      style={{ minWidth: minTableWidth(columns.ids) }}
    >
      <TableHead
        columns={shown.headOf(columns.ids)}
        template={columns.template}
        selection={selection.extent}
        onSelectAll={selection.toggleAll}
      />
      <GridBody
        names={order}
        scrollBox={box}
        reveal={reveal}
        renderRow={(name, index) => <GridRow table={table} name={name} ariaRowIndex={index + 2} now={now} />}
      />
    </div>
  );
}

interface GridRowProps {
  table: BackendTableModel;
  name: string;
  ariaRowIndex: number;
  now: number;
}

function GridRow({ table, name, ariaRowIndex, now }: GridRowProps) {
  const { pool, draft, selection, focus, columns, facts, events } = table;
  const place = facts.indexes.get(name) ?? -1;
  const backend = pool.backends[place];
  if (backend === undefined) return null;
  const weight = facts.weights.get(name) ?? backend.weight;
  const drain = facts.drains.of(backend);
  return (
    <>
      <BackendRow
        pool={pool.name}
        backend={backend}
        columns={columns.ids}
        template={columns.template}
        ariaRowIndex={ariaRowIndex}
        colour={seriesColour(place)}
        active={name === focus.active}
        selected={selection.current.names.has(name)}
        selecting={selection.names.length > 0}
        weight={weight}
        targetShare={draft.shares.get(name) ?? 0}
        weightSaving={draft.phase === 'saving' && weight !== backend.weight}
        weightScaleMax={facts.weightScaleMax}
        weightIdleReason={facts.weightIdleReason}
        checks={facts.checks}
        now={now}
        namesPx={columns.namesPx}
        events={events}
      />
      {drain === undefined ? null : (
        <DrainRow
          pool={pool}
          backend={backend}
          drain={drain}
          now={now}
          onDismiss={() => facts.drains.dismiss(backend)}
          ariaRowIndex={ariaRowIndex}
          columns={columns.ids.length}
        />
      )}
    </>
  );
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
