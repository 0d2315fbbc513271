// One value in a range, on Radix. `onValueChange` follows the drag, `onValueCommit` comes once at its end.
import { Slider as RadixSlider } from 'radix-ui';
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
  onValueChange: (value: number) => void;
  onValueCommit: (value: number) => void;
  className?: string;
}

export function Slider(props: SliderProps) {
  const {
    value,
    min = 0,
    max,
    step = 1,
    label,
    valueText,
    colour,
    disabled,
    onValueChange,
    onValueCommit,
    className,
  } = props;
  return (
    <RadixSlider.Root
      value={[value]}
      min={min}
      max={max}
      step={step}
      disabled={disabled}
      onValueChange={([next]) => next !== undefined && onValueChange(next)}
      onValueCommit={([next]) => next !== undefined && onValueCommit(next)}
      className={cn(
        'relative flex h-4 w-full touch-none items-center select-none data-[disabled]:opacity-50',
        className,
      )}
    >
      <RadixSlider.Track className="relative h-1 grow overflow-hidden rounded-full bg-line">
        <RadixSlider.Range
          className="absolute h-full rounded-full"
          style={{ background: colour ?? 'var(--accent)' }}
        />
      </RadixSlider.Track>
      <RadixSlider.Thumb
        aria-label={label}
        aria-valuetext={valueText}
        className="block size-3 rounded-full bg-text shadow-[0_0_0_2px_var(--panel)]"
      />
    </RadixSlider.Root>
  );
}
