// Failed requests per second: server errors as bars, client errors stacked above in a second tone.
// Memoised on its rows.
import { memo } from 'react';
import { Bar, BarChart, CartesianGrid, XAxis, YAxis } from 'recharts';
import { ERROR_BAR_MS, type ErrorsRow } from '../traffic-rows.ts';
import {
  AXIS_WIDTH,
  CHART_SPAN_MS,
  GRID_STROKE,
  type Period,
  PLOT_HEIGHT,
  thirds,
  VALUE_AXIS,
} from './chart-frame.tsx';

interface ErrorsChartProps {
  rows: readonly ErrorsRow[];
  period: Period;
  ceiling: number;
  width: number;
}

const MARGIN = { top: 1, right: 0, bottom: 1, left: 0 };

export const ErrorsChart = memo(function ErrorsChart({ rows, period, ceiling, width }: ErrorsChartProps) {
  const barPx = Math.max(1, Math.floor(((width - AXIS_WIDTH) / CHART_SPAN_MS) * ERROR_BAR_MS) - 1);
  return (
    <BarChart
      width={width}
      height={PLOT_HEIGHT}
      data={rows as ErrorsRow[]}
      margin={MARGIN}
      barSize={barPx}
      accessibilityLayer={false}
    >
      <CartesianGrid vertical={false} stroke={GRID_STROKE} />
      <XAxis dataKey="at" type="number" domain={[period.from, period.to]} allowDataOverflow hide />
      <YAxis {...VALUE_AXIS} domain={[0, ceiling]} ticks={thirds(ceiling)} />
      <Bar dataKey="server" stackId="errors" fill="var(--down)" isAnimationActive={false} />
      <Bar
        dataKey="client"
        stackId="errors"
        fill="var(--muted)"
        fillOpacity={0.55}
        isAnimationActive={false}
      />
    </BarChart>
  );
});
