// One value in a range, a native input: it takes part in a roving tab stop, and a thousand of them cost
// nothing. `onValueChange` follows the drag, `onValueCommit` comes once at its end.
import { type KeyboardEvent, useRef } from 'react';
import { cn } from '../lib/class-names.ts';

export interface SliderProps {
  value: number;
  min?: number;
  max: number;
  step?: number;
  label: string;
  /** What the value means, read instead of the number. */
  valueText?: string;
  /** Colour of the filled part; default the accent. */
  colour?: string;
  disabled?: boolean;
  tabIndex?: number;
  onValueChange: (value: number) => void;
  onValueCommit: (value: number) => void;
  /** Esc while it has the focus: the value before the drag counts again. */
  onCancel?: () => void;
  className?: string;
}

// Spelled out whole for both engines: Tailwind finds classes by reading source.
const CLASSES =
  'h-4 w-full min-w-0 appearance-none rounded-full bg-transparent disabled:opacity-50 ' +
  '[&::-webkit-slider-thumb]:size-3 [&::-webkit-slider-thumb]:appearance-none [&::-webkit-slider-thumb]:rounded-full [&::-webkit-slider-thumb]:bg-text [&::-webkit-slider-thumb]:shadow-[0_0_0_2px_var(--panel)] ' +
  '[&::-moz-range-thumb]:size-3 [&::-moz-range-thumb]:appearance-none [&::-moz-range-thumb]:rounded-full [&::-moz-range-thumb]:border-0 [&::-moz-range-thumb]:bg-text';

export function Slider(props: SliderProps) {
  const { min = 0, max, step = 1, colour = 'var(--accent)', onValueChange, onValueCommit, onCancel } = props;
  const value = Math.min(max, Math.max(min, props.value));
  const filledPct = max > min ? ((value - min) / (max - min)) * 100 : 0;
  const moved = useRef<number | null>(null);
  const finish = () => {
    if (moved.current === null) return;
    const last = moved.current;
    moved.current = null;
    onValueCommit(last);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // Arrow keys belong to the slider while it has the focus, not to what is around it.
    event.stopPropagation();
    if (event.key !== 'Escape' || onCancel === undefined) return;
    event.preventDefault();
    moved.current = null;
    onCancel();
  };
  return (
    <input
      type="range"
      aria-label={props.label}
      aria-valuetext={props.valueText}
      className={cn(CLASSES, props.className)}
      style={{
        background: `linear-gradient(to right, ${colour} ${filledPct}%, var(--line) ${filledPct}%) center / 100% 4px no-repeat`,
      }}
      min={min}
      max={max}
      step={step}
      value={value}
      disabled={props.disabled}
      tabIndex={props.tabIndex}
      onChange={(event) => {
        moved.current = event.target.valueAsNumber;
        onValueChange(event.target.valueAsNumber);
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
