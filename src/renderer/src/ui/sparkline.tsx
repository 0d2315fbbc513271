// A tiny line over equal steps, plain SVG, between hairlines at zero and at its ceiling; the figure at the
// upper one says how high that is.
import { memo } from 'react';
import { cn } from '../lib/class-names.ts';
import { formatCompact } from '../lib/format.ts';
import { sparklinePoints } from '../lib/sparkline-points.ts';

export interface SparklineProps {
  /** Null is a gap: nothing is known there. */
  values: readonly (number | null)[];
  /** The value at the top. */
  ceiling: number;
  /** What it shows: "Requests per second, last 5 min"; the scale is added. */
  label: string;
  width?: number;
  height?: number;
  colour?: string;
  className?: string;
}

export const Sparkline = memo(function Sparkline(props: SparklineProps) {
  const { values, ceiling, label, width = 120, height = 24, colour = 'var(--accent)', className } = props;
  const stretches = sparklinePoints(values, ceiling, width, height);
  const most = formatCompact(ceiling);
  return (
    <span className={cn('flex items-start gap-1.5', className)}>
      <svg
        width={width}
        height={height}
        role="img"
        aria-label={`${label}, 0 to ${most}`}
        className="shrink-0"
      >
        <path d={`M0 0.5H${width}M0 ${height - 0.5}H${width}`} stroke="var(--line)" />
        {stretches.map((points) => (
          <g key={points}>
            <polygon points={closedBelow(points, height)} fill={colour} opacity={0.15} />
            <polyline points={points} fill="none" stroke={colour} strokeWidth={1.25} strokeLinejoin="round" />
          </g>
        ))}
      </svg>
      <span aria-hidden="true" className="-mt-1 text-2xs leading-2 text-muted">
        {most}
      </span>
    </span>
  );
});

function closedBelow(points: string, height: number): string {
  const startX = points.slice(0, points.indexOf(','));
  const lastPoint = points.slice(points.lastIndexOf(' ') + 1);
  return `${startX},${height} ${points} ${lastPoint.slice(0, lastPoint.indexOf(','))},${height}`;
}
