// One backend as a row of the grid, with everything that can be done to it. Rows take the focus as a
// whole (arrow keys), and Tab then reaches the controls of that row only.
// biome-ignore-all lint/a11y/useSemanticElements: an ARIA grid of divs, because rows are virtualised and carry panels; focus is roving by row
// biome-ignore-all lint/a11y/useFocusableInteractive: an ARIA grid of divs, because rows are virtualised and carry panels; focus is roving by row
// biome-ignore-all lint/a11y/useKeyWithClickEvents: the keys of a row are in use-board-keys
import { MoreHorizontal } from 'lucide-react';
import { type MouseEvent, memo, type ReactNode } from 'react';
import type { BackendStatus } from '#shared/status.ts';
import { cn } from '../../../lib/class-names.ts';
import { toneColour } from '../../../lib/colours.ts';
import { formatCount, formatLatency, formatPct, formatRate, formatShare } from '../../../lib/format.ts';
import { backendMark } from '../../../lib/state-marks.ts';
import { usePendingChange } from '../../../live/pending.ts';
import { Checkbox } from '../../../ui/checkbox.tsx';
import { IconButton } from '../../../ui/icon-button.tsx';
import { ContextMenu, Menu } from '../../../ui/menu.tsx';
import { Switch } from '../../../ui/switch.tsx';
import { backendItems, toggleBackend } from '../backend-actions.ts';
import type { DraftEnd } from '../split/use-split-draft.ts';
import type { ChecksSource } from '../use-checks.ts';
import type { ChecksPeriod } from '../use-checks-dialog.ts';
import { BackendNames, ChecksCell, LastCheck, SecondLine, ServerErrors, StateText } from './cells.tsx';
import { addressFits, COLUMNS, type ColumnId } from './columns.ts';
import { WeightCell } from './weight-cell.tsx';

/** What a row reports; one object for all rows, stable over renders. */
export interface RowEvents {
  activate: (name: string) => void;
  select: (name: string, how: 'toggle' | 'extend') => void;
  previewWeight: (name: string, weight: number, ends: DraftEnd) => void;
  commitWeight: (name: string, weight: number) => void;
  cancelWeight: () => void;
  focusRow: (name: string) => void;
  showChecks: (name: string, period?: ChecksPeriod) => void;
  /** Called with the element when it appears, for a focus that waits for it. */
  appeared: (name: string, element: HTMLElement) => void;
}

export interface BackendRowProps {
  pool: string;
  backend: BackendStatus;
  columns: readonly ColumnId[];
  template: string;
  /** 1-based position among all rows, the header being 1. */
  ariaRowIndex: number;
  colour: string;
  active: boolean;
  selected: boolean;
  /** Some row is selected: every row shows its box. */
  selecting: boolean;
  weight: number;
  targetShare: number;
  weightSaving: boolean;
  weightScaleMax: number;
  weightIdleReason: string | null;
  checks: ChecksSource | undefined | null;
  now: number;
  /** How wide the column of names is. */
  namesPx: number;
  events: RowEvents;
}

export const BackendRow = memo(function BackendRow(props: BackendRowProps) {
  const { pool, backend, columns, template, ariaRowIndex, active, selected, events } = props;
  const { name } = backend;
  const items = backendItems(pool, backend, events.showChecks);

  const onClick = (event: MouseEvent) => {
    if (event.shiftKey) events.select(name, 'extend');
    else if (event.ctrlKey || event.metaKey) events.select(name, 'toggle');
    else {
      events.activate(name);
      // With the mouse only: the row's own keys and its menu lead there too.
      if (isOnName(event)) events.showChecks(name);
    }
  };

  return (
    <ContextMenu items={items}>
      <div
        ref={(element) => {
          if (element !== null) events.appeared(name, element);
        }}
        role="row"
        aria-rowindex={ariaRowIndex}
        aria-selected={selected}
        aria-label={name}
        data-row={name}
        tabIndex={active ? 0 : -1}
        onFocus={() => events.activate(name)}
        onMouseDown={(event) => {
          // Keeps the current row, where a range starts, and marks no text on the way.
          if (event.shiftKey) event.preventDefault();
        }}
        onClick={onClick}
        className={cn(
          'group relative grid items-center focus-visible:-outline-offset-2',
          // Figures stay beside the name whatever the second line says; only a reason of two lines needs more room.
          'min-h-[50px] grid-rows-[auto_auto] content-center py-1',
          selected ? 'bg-accent/10' : backend.admin === 'draining' ? 'bg-raised' : 'hover:bg-raised/60',
        )}
        style={{ gridTemplateColumns: template }}
      >
        <StateStrip backend={backend} />
        {columns.map((id, index) => (
          <div
            key={id}
            role="gridcell"
            aria-colindex={index + 1}
            className={
              id === 'backend' ? 'contents' : cn('min-w-0', COLUMNS[id].align === 'right' && 'text-right')
            }
            style={{ gridRow: 1, gridColumnStart: index + 2 }}
          >
            <Cell id={id} {...props} items={items} />
          </div>
        ))}
      </div>
    </ContextMenu>
  );
});

/** A drag that marks the name, to copy it, ends in a click too. */
function isOnName({ target }: MouseEvent): boolean {
  const onName = target instanceof Element && target.closest('[data-name]') !== null;
  return onName && window.getSelection()?.isCollapsed !== false;
}

/** The state at the edge, readable at a glance down the list; a backup's is hatched. */
function StateStrip({ backend }: { backend: BackendStatus }) {
  const colour = toneColour(backendMark(backend.state).tone);
  const hatched = `repeating-linear-gradient(135deg, ${colour} 0 3px, transparent 3px 6px)`;
  return (
    <span
      aria-hidden="true"
      className="absolute top-2 bottom-2 left-0 w-1 rounded-r-[3px]"
      style={{ background: backend.role === 'backup' ? hatched : colour }}
    />
  );
}

type CellProps = BackendRowProps & { id: ColumnId; items: ReturnType<typeof backendItems> };

function Cell(props: CellProps): ReactNode {
  const { id, backend, now } = props;
  switch (id) {
    case 'backend':
      return <BackendCell {...props} />;
    case 'state':
      return <StateText backend={backend} now={now} />;
    case 'weight':
      return <WeightOfRow {...props} />;
    case 'target':
      return (
        <span
          className={
            props.weightSaving
              ? 'animate-pulse motion-reduce:animate-none motion-reduce:opacity-70'
              : undefined
          }
        >
          {formatShare(props.targetShare)}
        </span>
      );
    case 'actual':
      return <b className="font-semibold">{formatShare(backend.actualShare)}</b>;
    case 'rate':
      return formatRate(backend.requestsPerS);
    case 'inFlight':
      return formatCount(backend.inFlight);
    case 'p50':
      return formatLatency(backend.latencyMs.p50);
    case 'p95':
      return formatLatency(backend.latencyMs.p95);
    case 'p99':
      return formatLatency(backend.latencyMs.p99);
    case 'clientErrors':
      return formatPct(backend.clientErrorPct);
    case 'serverErrors':
      return <ServerErrors pool={props.pool} backend={backend} />;
    case 'checks':
      return (
        <div className="flex pl-2.5">
          <ChecksCell
            pool={props.pool}
            backend={backend}
            checks={props.checks}
            onPick={(period) => props.events.showChecks(backend.name, period)}
          />
        </div>
      );
    case 'lastCheck':
      return <LastCheck check={backend.lastCheck} />;
    case 'enabled':
      return <EnabledSwitch {...props} />;
    case 'actions':
      return <RowMenu {...props} />;
  }
}

/** In two parts of the row's grid: the names in their column, the second line under the whole row. */
function BackendCell(props: CellProps) {
  const { backend, namesPx } = props;
  const beside = addressFits(backend, namesPx);
  return (
    <>
      <div className="col-start-2 row-start-1 flex min-w-0 items-center gap-1.5 pr-1">
        <SelectBox {...props} />
        <BackendNames backend={backend} withAddress={beside} />
      </div>
      {/* As wide as what is in view, and stays there: a narrow window scrolls the figures above it. */}
      <div className="sticky left-3.5 -col-end-1 col-start-2 row-start-2 max-w-[calc(100cqw-14px)] pr-3 pl-[22px]">
        <SecondLine pool={props.pool} backend={backend} withAddress={!beside} />
      </div>
    </>
  );
}

/** The colour square turns into the row's box under the pointer, with the focus and while selecting. */
function SelectBox(props: CellProps) {
  const { backend, colour, selected, selecting, active, events } = props;
  return (
    <span className="relative size-4 shrink-0">
      <span
        aria-hidden="true"
        className={cn(
          'absolute inset-[3px] rounded-[2px] group-focus-within:opacity-0 group-hover:opacity-0',
          selecting && 'opacity-0',
        )}
        style={{ background: colour }}
      />
      <Checkbox
        label={`Select ${backend.name}`}
        checked={selected}
        tabIndex={active ? 0 : -1}
        className={cn(
          'absolute inset-0 opacity-0 group-focus-within:opacity-100 group-hover:opacity-100',
          selecting && 'opacity-100',
        )}
        onClick={(event) => {
          event.stopPropagation();
          events.select(backend.name, event.shiftKey ? 'extend' : 'toggle');
        }}
      />
    </span>
  );
}

function WeightOfRow(props: CellProps) {
  const { backend, weight, weightScaleMax, colour, weightSaving, weightIdleReason, active, events } = props;
  return (
    <WeightCell
      backend={backend.name}
      weight={weight}
      scaleMax={weightScaleMax}
      colour={colour}
      saving={weightSaving}
      idleReason={weightIdleReason}
      tabbable={active}
      onPreview={(value, ends) => events.previewWeight(backend.name, value, ends)}
      onCommit={(value) => events.commitWeight(backend.name, value)}
      onCancel={events.cancelWeight}
      onLeave={() => events.focusRow(backend.name)}
    />
  );
}

function EnabledSwitch({ pool, backend, active }: CellProps) {
  const pending = usePendingChange(pool, backend.name);
  const on = backend.admin === 'enabled';
  return (
    <span className="flex pl-2" title={on ? `Drain ${backend.name}` : `Enable ${backend.name}`}>
      <Switch
        label={`${backend.name} takes new requests`}
        checked={on}
        pending={pending}
        tabIndex={active ? 0 : -1}
        onCheckedChange={() => toggleBackend(pool, backend)}
      />
    </span>
  );
}

function RowMenu({ backend, items, active }: CellProps) {
  return (
    <Menu items={items}>
      <IconButton
        label={`Actions for ${backend.name}`}
        tabIndex={active ? 0 : -1}
        className="size-6 text-faint"
        onClick={(event) => event.stopPropagation()}
      >
        <MoreHorizontal aria-hidden="true" />
      </IconButton>
    </Menu>
  );
}
