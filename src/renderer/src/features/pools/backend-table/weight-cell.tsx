// A backend's weight as a slider and a number. Both preview while they are moved or typed in and
// commit on release, Enter or leaving; Esc takes the old value back. Commits exactly once per edit.
import { type KeyboardEvent, useRef, useState } from 'react';
import { MAX_WEIGHT } from '#shared/config/backend.ts';

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
  onPreview: (weight: number) => void;
  onCommit: (weight: number) => void;
  onCancel: () => void;
  /** Back to the row after Enter or Esc. */
  onLeave: () => void;
}

export function WeightCell(props: WeightCellProps) {
  const { saving, idleReason } = props;
  return (
    <div
      className={`flex items-center gap-2 ${saving ? 'animate-pulse motion-reduce:animate-none motion-reduce:opacity-70' : ''} ${idleReason === null ? 'text-text' : 'text-muted'}`}
      title={idleReason ?? undefined}
    >
      <WeightSlider {...props} />
      <WeightNumber {...props} />
    </div>
  );
}

// Spelled out whole for both engines: Tailwind finds classes by reading source.
const SLIDER_CLASSES =
  'h-4 w-0 min-w-0 max-w-[84px] grow appearance-none rounded-full bg-transparent ' +
  '[&::-webkit-slider-thumb]:size-3 [&::-webkit-slider-thumb]:appearance-none [&::-webkit-slider-thumb]:rounded-full [&::-webkit-slider-thumb]:bg-text [&::-webkit-slider-thumb]:shadow-[0_0_0_2px_var(--panel)] ' +
  '[&::-moz-range-thumb]:size-3 [&::-moz-range-thumb]:appearance-none [&::-moz-range-thumb]:rounded-full [&::-moz-range-thumb]:border-0 [&::-moz-range-thumb]:bg-text';

/** A native range: it takes the row's roving tab stop, and a thousand of them cost nothing. */
function WeightSlider(props: WeightCellProps) {
  const { backend, weight, scaleMax, idleReason, tabbable, onPreview, onCommit, onCancel } = props;
  const colour = idleReason === null ? props.colour : 'var(--line-strong)';
  const filledPct = (Math.min(weight, scaleMax) / scaleMax) * 100;
  const moved = useRef<number | null>(null);
  const finish = () => {
    if (moved.current === null) return;
    const value = moved.current;
    moved.current = null;
    onCommit(value);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // Arrow keys belong to the slider while it has the focus, not to the table.
    event.stopPropagation();
    if (event.key !== 'Escape') return;
    event.preventDefault();
    moved.current = null;
    onCancel();
    props.onLeave();
  };
  return (
    <input
      type="range"
      aria-label={`Weight of ${backend}`}
      className={SLIDER_CLASSES}
      style={{
        background: `linear-gradient(to right, ${colour} ${filledPct}%, var(--line) ${filledPct}%) center / 100% 4px no-repeat`,
      }}
      min={0}
      max={scaleMax}
      step={1}
      value={Math.min(weight, scaleMax)}
      tabIndex={tabbable ? 0 : -1}
      onChange={(event) => {
        moved.current = event.target.valueAsNumber;
        onPreview(event.target.valueAsNumber);
      }}
      // A release outside the slider must end the drag too.
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerUp={finish}
      onKeyUp={finish}
      onBlur={finish}
      onKeyDown={onKeyDown}
    />
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
  // Leaving by Enter or Esc also blurs, in the same turn: what ended must not end twice.
  const editing = useRef<string | null>(null);
  const type = (next: string | null) => {
    editing.current = next;
    setText(next);
  };
  const finish = (commit: boolean) => {
    if (editing.current === null) return;
    const value = parseWeight(editing.current);
    type(null);
    if (commit && value !== null) onCommit(value);
    else onCancel();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' && event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    finish(event.key === 'Enter');
    onLeave();
  };
  return (
    <input
      inputMode="numeric"
      data-weight-input
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
        if (value !== null) onPreview(value);
      }}
      onBlur={() => finish(true)}
      onKeyDown={onKeyDown}
    />
  );
}

function parseWeight(text: string): number | null {
  if (!/^[0-9]{1,4}$/.test(text.trim())) return null;
  const value = Number(text);
  return value <= MAX_WEIGHT ? value : null;
}

/** A round end of the scale above every weight of the pool, so that sliders of one pool compare. */
export function weightScale(weights: readonly number[]): number {
  const largest = Math.max(1, ...weights);
  const scale = [10, 20, 50, 100, 200, 500].find((candidate) => candidate >= largest * 1.05);
  return scale ?? MAX_WEIGHT;
}
