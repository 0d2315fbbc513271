// A tiny line over equal steps, plain SVG. Its scale starts at zero; the figure beside it is the value.
import { memo } from 'react';
import { sparklinePoints } from '../lib/sparkline-points.ts';

export interface SparklineProps {
  values: readonly number[];
  /** What it shows: "Requests per second, last 5 min". */
  label: string;
  width?: number;
  height?: number;
  colour?: string;
  className?: string;
}

export const Sparkline = memo(function Sparkline(props: SparklineProps) {
  const { values, label, width = 120, height = 24, colour = 'var(--accent)', className } = props;
  const points = sparklinePoints(values, width, height);
  return (
    <svg width={width} height={height} role="img" aria-label={label} className={className}>
      {points !== '' && (
        <>
          <polygon points={`0,${height} ${points} ${width},${height}`} fill={colour} opacity={0.15} />
          <polyline points={points} fill="none" stroke={colour} strokeWidth={1.25} strokeLinejoin="round" />
        </>
      )}
    </svg>
  );
});
