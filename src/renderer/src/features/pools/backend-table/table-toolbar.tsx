// The bar above the table: which backends are shown, or, while some are selected, what to do with
// them. Both have the same height, so selecting moves nothing.
import { Search } from 'lucide-react';
import { type KeyboardEvent, useId, useRef, useState } from 'react';
import type { AdminState } from '#shared/config/backend.ts';
import { cn } from '../../../lib/class-names.ts';
import { focusNow } from '../../../lib/focus-now.ts';
import { plural } from '../../../lib/format.ts';
import { useShortcut } from '../../../lib/keyboard.ts';
import { Button } from '../../../ui/button.tsx';
import { Kbd } from '../../../ui/kbd.tsx';
import type { StateFilter } from '../backend-filter.ts';
import { parseWeight, WEIGHT_RULE } from './weight-text.ts';

interface FilterBarProps {
  text: string;
  state: StateFilter;
  total: number;
  shown: number;
  problems: number;
  onText: (text: string) => void;
  onState: (state: StateFilter) => void;
  /** Esc or ↓ in the box: on to the rows. */
  onLeave: () => void;
}

export function FilterBar(props: FilterBarProps) {
  const { text, state, total, shown, problems, onText, onState, onLeave } = props;
  const box = useRef<HTMLInputElement>(null);
  useShortcut('/', () => focusNow(box.current), { label: 'Filter the backends', group: 'Pool board' });
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' && event.key !== 'ArrowDown' && event.key !== 'Enter') return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === 'Escape' && text !== '') onText('');
    else onLeave();
  };
  return (
    <div className="flex h-9 items-center gap-3 border-b border-line px-3">
      <label className="relative flex w-[210px] items-center">
        <Search aria-hidden="true" className="absolute left-1 size-3.5 text-muted" />
        <input
          ref={box}
          type="text"
          spellCheck={false}
          autoComplete="off"
          aria-label="Filter backends"
          placeholder="Filter backends"
          className="h-6 w-full rounded-md bg-transparent pr-7 pl-6 text-text placeholder:text-faint hover:bg-raised focus:bg-raised"
          value={text}
          onChange={(event) => onText(event.target.value)}
          onKeyDown={onKeyDown}
        />
        {text === '' ? <Kbd keys="/" className="pointer-events-none absolute right-1" /> : null}
      </label>
      <fieldset className="flex gap-0.5">
        <legend className="sr-only">Show by state</legend>
        <Choice label="All" count={total} chosen={state === 'all'} onChoose={() => onState('all')} />
        <Choice
          label="Problems"
          count={problems}
          chosen={state === 'problems'}
          onChoose={() => onState('problems')}
        />
      </fieldset>
      <p className="ml-auto whitespace-nowrap text-muted text-xs" aria-live="polite">
        {shown === total ? plural(total, 'backend') : `${shown} of ${plural(total, 'backend')}`}
      </p>
    </div>
  );
}

function Choice(props: { label: string; count: number; chosen: boolean; onChoose: () => void }) {
  return (
    <button
      type="button"
      aria-pressed={props.chosen}
      onClick={props.onChoose}
      className={cn(
        'h-6 whitespace-nowrap rounded-md px-2 text-xs',
        props.chosen ? 'bg-hover font-medium text-text' : 'text-muted hover:bg-raised hover:text-text',
      )}
    >
      {props.label} <span className="text-muted">{props.count}</span>
    </button>
  );
}

interface BulkBarProps {
  count: number;
  onState: (state: AdminState) => void;
  onWeight: (weight: number) => void;
  onRemove: () => void;
  onClear: () => void;
  /** On to the rows, where the keys of the board work. */
  onLeave: () => void;
}

export function BulkBar({ count, onState, onWeight, onRemove, onClear, onLeave }: BulkBarProps) {
  const [text, setText] = useState('');
  const weight = parseWeight(text);
  const refused = text !== '' && weight === null;
  const messageId = useId();
  const setWeight = () => {
    if (weight === null) return;
    onWeight(weight);
    setText('');
    // An emptied box would keep Ctrl Z and Esc to itself.
    onLeave();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' && event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === 'Enter') setWeight();
    else if (text !== '') setText('');
    else {
      onClear();
      onLeave();
    }
  };
  return (
    <div
      role="toolbar"
      aria-label={`Actions for ${plural(count, 'selected backend')}`}
      className="flex h-9 items-center gap-1.5 border-b border-line bg-accent/10 px-3"
    >
      <p className="mr-2 shrink-0 font-medium" aria-live="polite">{`${count} selected`}</p>
      <Button size="sm" onClick={() => onState('enabled')}>
        Enable
      </Button>
      <Button size="sm" onClick={() => onState('draining')}>
        Drain
      </Button>
      <Button size="sm" onClick={() => onState('disabled')}>
        Disable
      </Button>
      <span className="relative flex">
        <input
          inputMode="numeric"
          data-bulk-weight
          aria-label="Weight for the selected backends"
          placeholder="weight"
          aria-invalid={refused}
          aria-describedby={refused ? messageId : undefined}
          className="h-6 w-16 rounded-md border border-line bg-panel px-2 text-xs placeholder:text-faint aria-invalid:border-down"
          value={text}
          onChange={(event) => setText(event.target.value.trim())}
          onKeyDown={onKeyDown}
        />
        {refused ? (
          <span
            id={messageId}
            role="alert"
            className="absolute top-full left-0 z-30 mt-1 whitespace-nowrap rounded-md border border-down bg-panel px-2 py-1 text-down text-xs shadow-float"
          >
            {WEIGHT_RULE}
          </span>
        ) : null}
      </span>
      <Button size="sm" disabled={weight === null} onClick={setWeight}>
        Set weight
      </Button>
      <Button size="sm" className="text-down" onClick={onRemove}>
        Remove…
      </Button>
      <Button size="sm" variant="ghost" className="ml-auto" shortcut="esc" onClick={onClear}>
        Clear
      </Button>
    </div>
  );
}
