// The headings of the table. A heading that sorts is a button: first press the interesting end on top,
// second the other, third back to the order of the config.
// biome-ignore-all lint/a11y/useSemanticElements: an ARIA grid of divs, because rows are virtualised and carry panels; focus is roving by row
// biome-ignore-all lint/a11y/useFocusableInteractive: an ARIA grid of divs, because rows are virtualised and carry panels; focus is roving by row
import { ChevronDown, ChevronUp } from 'lucide-react';
import type { ReactNode } from 'react';
import { cn } from '../../../lib/class-names.ts';
import { Checkbox } from '../../../ui/checkbox.tsx';
import { COLUMNS, type ColumnId } from './columns.ts';

export interface HeadColumn {
  id: ColumnId;
  sorted: false | 'asc' | 'desc';
  /** Undefined where sorting makes no sense. */
  toggleSort: (() => void) | undefined;
}

interface TableHeadProps {
  columns: readonly HeadColumn[];
  template: string;
  /** How much of what is shown is selected; null hides the box until something is. */
  selection: boolean | 'indeterminate' | null;
  onSelectAll: () => void;
}

export function TableHead({ columns, template, selection, onSelectAll }: TableHeadProps) {
  return (
    <div role="rowgroup" className="sticky top-0 z-20 bg-panel">
      <div
        role="row"
        aria-rowindex={1}
        className="relative grid h-8 items-center border-b border-line text-muted text-xs"
        style={{ gridTemplateColumns: template }}
      >
        {columns.map((column, index) => (
          <Heading key={column.id} column={column} index={index}>
            {index === 0 && selection !== null ? (
              <Checkbox
                label="Select all shown"
                checked={selection}
                className="mr-1.5"
                onClick={onSelectAll}
              />
            ) : null}
          </Heading>
        ))}
      </div>
    </div>
  );
}

function Heading(props: { column: HeadColumn; index: number; children: ReactNode }) {
  const { id, sorted, toggleSort } = props.column;
  const { heading, title, align } = COLUMNS[id];
  const Arrow = sorted === 'asc' ? ChevronUp : ChevronDown;
  return (
    <div
      role="columnheader"
      aria-colindex={props.index + 1}
      aria-sort={sorted === false ? undefined : sorted === 'asc' ? 'ascending' : 'descending'}
      className={cn(
        'flex min-w-0 items-center',
        align === 'right' && 'justify-end',
        id === 'checks' && 'pl-2.5',
        id === 'enabled' && 'pl-2',
      )}
      style={props.index === 0 ? { gridColumnStart: 2 } : undefined}
    >
      {props.children}
      {toggleSort === undefined ? (
        <span className={heading === '' ? 'sr-only' : 'truncate'} title={title}>
          {heading === '' ? title : heading}
        </span>
      ) : (
        <button
          type="button"
          title={title}
          onClick={toggleSort}
          className={cn(
            'group/heading relative -mx-1 inline-flex min-w-0 items-center rounded-sm px-1 hover:text-text',
            sorted !== false && 'font-semibold text-text',
          )}
        >
          <span className="truncate">{heading}</span>
          {/* Out of the flow: sorting must not move a heading. */}
          <Arrow
            aria-hidden="true"
            className={cn(
              'absolute size-3',
              align === 'right' ? 'right-full -mr-1' : 'left-full -ml-1',
              sorted === false && 'opacity-0',
            )}
          />
        </button>
      )}
    </div>
  );
}
