// One value in a range, a native input: it takes part in a roving tab stop, and a thousand of them cost
// nothing. `onValueChange` follows the drag, `onValueCommit` comes once at its end. Key presses are gathered:
// one commit a moment after the last, at once on Enter and on leaving; Esc and Ctrl Z take them back. Esc
// while it is dragged ends the drag: the pointer moves nothing more until it is let go.
import { type KeyboardEvent, useRef } from 'react';
import { cn } from '../lib/class-names.ts';
import { useGatheredPresses } from '../lib/use-gathered-presses.ts';

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
  onValueChange: (value: number, by: 'pointer' | 'keys') => void;
  onValueCommit: (value: number) => void;
  /** The value before the drag or the key presses counts again. */
  onCancel: () => void;
  /** Esc: the focus goes back to where it belongs. */
  onLeave: () => void;
  className?: string;
}

// Spelled out whole for both engines: Tailwind finds classes by reading source.
const CLASSES =
  'h-4 w-full min-w-0 appearance-none rounded-full bg-transparent disabled:opacity-50 ' +
  '[&::-webkit-slider-thumb]:size-3 [&::-webkit-slider-thumb]:appearance-none [&::-webkit-slider-thumb]:rounded-full [&::-webkit-slider-thumb]:bg-text [&::-webkit-slider-thumb]:shadow-[0_0_0_2px_var(--panel)] ' +
  '[&::-moz-range-thumb]:size-3 [&::-moz-range-thumb]:appearance-none [&::-moz-range-thumb]:rounded-full [&::-moz-range-thumb]:border-0 [&::-moz-range-thumb]:bg-text';

/** What a native slider does something with; the rest is for whatever is around it. */
const OWN_KEYS: ReadonlySet<string> = new Set([
  ...['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'],
  ...['Home', 'End', 'PageUp', 'PageDown'],
]);

export function Slider(props: SliderProps) {
  const { min = 0, max, step = 1, colour = 'var(--accent)' } = props;
  const { onValueChange, onValueCommit, onCancel, onLeave } = props;
  const value = Math.min(max, Math.max(min, props.value));
  const filledPct = max > min ? ((value - min) / (max - min)) * 100 : 0;
  const pointer = useRef<'up' | 'down' | 'given-up'>('up');
  const moved = useRef<number | null>(null);
  const pressedFrom = useRef(value);
  const presses = useGatheredPresses({
    onBegin: () => {
      pressedFrom.current = value;
      return { lowest: min - value, highest: max - value };
    },
    onShow: (delta) => onValueChange(pressedFrom.current + delta, 'keys'),
    onSave: (delta) => onValueCommit(pressedFrom.current + delta),
    onTakeBack: onCancel,
  });
  const saveMoved = () => {
    if (moved.current === null) return;
    const last = moved.current;
    moved.current = null;
    onValueCommit(last);
  };
  const letGo = () => {
    pointer.current = 'up';
    saveMoved();
  };
  const cancel = () => {
    if (pointer.current === 'down') pointer.current = 'given-up';
    if (presses.waiting()) presses.takeBack();
    else onCancel();
    moved.current = null;
    onLeave();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') cancel();
    else if (!presses.endBy(event)) {
      if (OWN_KEYS.has(event.key)) event.stopPropagation();
      return;
    }
    event.preventDefault();
    event.stopPropagation();
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
        const next = event.target.valueAsNumber;
        if (pointer.current === 'given-up') return;
        if (pointer.current === 'up') {
          presses.press(next - value);
          return;
        }
        moved.current = next;
        onValueChange(next, 'pointer');
      }}
      onPointerDown={(event) => {
        presses.flush();
        pointer.current = 'down';
        // A release outside the slider must end the drag too.
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerUp={letGo}
      onPointerCancel={letGo}
      onBlur={() => {
        presses.flush();
        saveMoved();
      }}
      onKeyDown={onKeyDown}
    />
  );
}
