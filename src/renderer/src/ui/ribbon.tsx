// A row of equal cells over time, plain SVG: one tone each, oldest at the left. Bad cells are taller, so
// they stand out without colour.
import { memo } from 'react';
import { toneColour } from '../lib/colours.ts';
import type { Tone } from '../lib/state-marks.ts';

export interface RibbonCell {
  tone: Tone;
  /** "19:40 – 19:42 down": when and what, each once in a row. */
  title: string;
}

export interface RibbonProps {
  cells: readonly RibbonCell[];
  /** What the whole row says: "Checks of the last 60 min: 28 of 30 up". */
  label: string;
  width?: number;
  height?: number;
  className?: string;
  /** Called with the cell that is pressed. By keyboard the same must be reached some other way. */
  onPick?: (index: number) => void;
}

const OPACITY: Readonly<Record<Tone, number>> = {
  up: 0.75,
  warn: 1,
  down: 1,
  drain: 1,
  off: 0.5,
  neutral: 1,
  accent: 1,
};

export const Ribbon = memo(function Ribbon({
  cells,
  label,
  width = 112,
  height = 12,
  className,
  onPick,
}: RibbonProps) {
  const pitch = cells.length === 0 ? width : width / cells.length;
  const inset = Math.max(2, Math.round(height / 6));
  return (
    <svg width={width} height={height} role="img" aria-label={label} className={className}>
      {cells.map((cell, i) => {
        const calm = cell.tone === 'up' || cell.tone === 'off' || cell.tone === 'neutral';
        return (
          <rect
            key={cell.title}
            x={i * pitch}
            y={calm ? inset : 0}
            width={Math.max(1, pitch - 1)}
            height={calm ? height - 2 * inset : height}
            rx={0.75}
            fill={toneColour(cell.tone)}
            opacity={OPACITY[cell.tone]}
          >
            {onPick === undefined && <title>{cell.title}</title>}
          </rect>
        );
      })}
      {onPick === undefined
        ? null
        : cells.map((cell, i) => (
            // The whole height can be hit, not only what is drawn.
            // biome-ignore lint/a11y/noStaticElementInteractions: the keyboard reaches the same by the row
            <rect
              key={`pick ${cell.title}`}
              x={i * pitch}
              y={0}
              width={pitch}
              height={height}
              fill="transparent"
              className="cursor-pointer hover:fill-text/25"
              onClick={() => onPick(i)}
            >
              <title>{cell.title}</title>
            </rect>
          ))}
    </svg>
  );
});
