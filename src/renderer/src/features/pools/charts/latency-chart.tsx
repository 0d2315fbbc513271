// Percentiles of the response time over the last five minutes. Where nothing was answered is a gap, not
// zero; a lone peak leaves the plot at its top. Memoised on its rows.
import { memo } from 'react';
import { CartesianGrid, Line, LineChart, XAxis, YAxis } from 'recharts';
import type { LatencyRow } from '../traffic-rows.ts';
import { GRID_STROKE, type Period, PLOT_HEIGHT, thirds, VALUE_AXIS } from './chart-frame.tsx';

interface LatencyChartProps {
  rows: readonly LatencyRow[];
  period: Period;
  ceiling: number;
  width: number;
}

const MARGIN = { top: 1, right: 0, bottom: 1, left: 0 };

/** From back to front: with few requests p95 and p99 are one, and the worse of the two names it. */
const LINES = [
  { key: 'p95', stroke: 'var(--warn)', width: 1 },
  { key: 'p99', stroke: 'var(--down)', width: 1 },
  { key: 'p50', stroke: 'var(--accent)', width: 1.75 },
] as const;

export const LatencyChart = memo(function LatencyChart({ rows, period, ceiling, width }: LatencyChartProps) {
  return (
    <LineChart
      width={width}
      height={PLOT_HEIGHT}
      data={rows as LatencyRow[]}
      margin={MARGIN}
      accessibilityLayer={false}
    >
      <CartesianGrid vertical={false} stroke={GRID_STROKE} />
      <XAxis dataKey="at" type="number" domain={[period.from, period.to]} allowDataOverflow hide />
      <YAxis {...VALUE_AXIS} domain={[0, ceiling]} allowDataOverflow ticks={thirds(ceiling)} />
      {LINES.map(({ key, stroke, width: strokeWidth }) => (
        <Line
          key={key}
          dataKey={key}
          type="linear"
          stroke={stroke}
          strokeWidth={strokeWidth}
          // A single second between gaps has no length; its round cap makes it a dot.
          strokeLinecap="round"
          dot={false}
          activeDot={false}
          connectNulls={false}
          isAnimationActive={false}
        />
      ))}
    </LineChart>
  );
});
