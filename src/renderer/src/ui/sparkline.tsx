// A tiny line over equal steps, plain SVG. Its scale starts at zero; the figure beside it is the value.
import { memo } from 'react';
import { sparklinePoints } from '../lib/sparkline-points.ts';

export interface SparklineProps {
  /** Null is a gap: nothing is known there. */
  values: readonly (number | null)[];
  /** What it shows: "Requests per second, last 5 min". */
  label: string;
  width?: number;
  height?: number;
  colour?: string;
  className?: string;
}

export const Sparkline = memo(function Sparkline(props: SparklineProps) {
  const { values, label, width = 120, height = 24, colour = 'var(--accent)', className } = props;
  const stretches = sparklinePoints(values, width, height);
  return (
    <svg width={width} height={height} role="img" aria-label={label} className={className}>
      {stretches.map((points) => (
        <g key={points}>
          <polygon points={closedBelow(points, height)} fill={colour} opacity={0.15} />
          <polyline points={points} fill="none" stroke={colour} strokeWidth={1.25} strokeLinejoin="round" />
        </g>
      ))}
    </svg>
  );
});

function closedBelow(points: string, height: number): string {
  const startX = points.slice(0, points.indexOf(','));
  const lastPoint = points.slice(points.lastIndexOf(' ') + 1);
  return `${startX},${height} ${points} ${lastPoint.slice(0, lastPoint.indexOf(','))},${height}`;
}
