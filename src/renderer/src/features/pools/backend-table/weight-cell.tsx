// A backend's weight as a slider and a number. Both preview while they are moved or typed in and commit on
// release, a moment after the last key press, on Enter or on leaving; Esc takes the old value back. Commits
// exactly once per edit. Enter on what is no weight keeps the field open and says why.
import { type KeyboardEvent, useId, useRef, useState } from 'react';
import { MAX_WEIGHT } from '#shared/config/backend.ts';
import { Slider } from '../../../ui/slider.tsx';
import type { DraftEnd } from '../split/use-split-draft.ts';
import { parseWeight, WEIGHT_RULE } from './weight-text.ts';

interface WeightCellProps {
  backend: string;
  weight: number;
  /** Right end of the slider; the number can go beyond. */
  scaleMax: number;
  colour: string;
  saving: boolean;
  /** Why the weight cannot have an effect; null when it does. */
  idleReason: string | null;
  /** Whether the row is the one that Tab reaches. */
  tabbable: boolean;
  onPreview: (weight: number, ends: DraftEnd) => void;
  onCommit: (weight: number) => void;
  onCancel: () => void;
  /** Back to the row after Enter or Esc. */
  onLeave: () => void;
}

export function WeightCell(props: WeightCellProps) {
  const { backend, weight, scaleMax, colour, saving, idleReason, tabbable } = props;
  const { onPreview, onCommit, onCancel, onLeave } = props;
  return (
    <div
      className={`flex items-center gap-2 pr-2 ${saving ? 'animate-pulse motion-reduce:animate-none motion-reduce:opacity-70' : ''} ${idleReason === null ? 'text-text' : 'text-muted'}`}
      title={idleReason ?? undefined}
    >
      <Slider
        label={`Weight of ${backend}`}
        value={weight}
        max={scaleMax}
        colour={idleReason === null ? colour : 'var(--line-strong)'}
        tabIndex={tabbable ? 0 : -1}
        className="w-0 max-w-[84px] grow"
        onValueChange={(value, by) => onPreview(value, by === 'keys' ? 'soon' : 'release')}
        onValueCommit={onCommit}
        onCancel={onCancel}
        onLeave={onLeave}
      />
      <WeightNumber {...props} />
    </div>
  );
}

function WeightNumber({
  backend,
  weight,
  tabbable,
  onPreview,
  onCommit,
  onCancel,
  onLeave,
}: WeightCellProps) {
  const [text, setText] = useState<string | null>(null);
  const [refused, setRefused] = useState(false);
  const messageId = useId();
  // Leaving by Enter or Esc also blurs, in the same turn: what ended must not end twice.
  const editing = useRef<string | null>(null);
  const type = (next: string | null) => {
    editing.current = next;
    setText(next);
    setRefused(false);
  };
  const finish = (commit: boolean) => {
    if (editing.current === null) return;
    const value = parseWeight(editing.current);
    type(null);
    if (commit && value !== null) onCommit(value);
    else onCancel();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key !== 'Enter' && event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === 'Enter' && editing.current !== null && parseWeight(editing.current) === null) {
      setRefused(true);
      event.currentTarget.select();
      return;
    }
    finish(event.key === 'Enter');
    onLeave();
  };
  return (
    <span className="relative flex">
      <input
        inputMode="numeric"
        data-weight-input
        aria-describedby={refused ? messageId : undefined}
        aria-label={`Weight of ${backend} as a number`}
        aria-invalid={text !== null && parseWeight(text) === null}
        title={`0 to ${MAX_WEIGHT}`}
        className="w-8 rounded-sm bg-transparent text-right text-inherit outline-none hover:bg-hover focus:bg-hover focus:ring-1 focus:ring-focus aria-invalid:ring-1 aria-invalid:ring-down"
        value={text ?? String(weight)}
        tabIndex={tabbable ? 0 : -1}
        onFocus={(event) => event.target.select()}
        onChange={(event) => {
          type(event.target.value);
          const value = parseWeight(event.target.value);
          // What was tried before must not look as if it were about to be saved.
          if (value === null) onCancel();
          else onPreview(value, 'enter');
        }}
        onBlur={() => finish(true)}
        onKeyDown={onKeyDown}
      />
      {refused ? (
        <span
          id={messageId}
          role="alert"
          className="absolute top-1/2 right-full z-10 mr-1.5 -translate-y-1/2 whitespace-nowrap rounded-md border border-down bg-panel px-2 py-1 text-down text-xs shadow-float"
        >
          {WEIGHT_RULE}
        </span>
      ) : null}
    </span>
  );
}
