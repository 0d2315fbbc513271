// Requests per second of the last five minutes, stacked by backend, with drains and revisions marked.
// Memoised on its rows: it draws once per sample and not with every status.
import { memo } from 'react';
import { Area, AreaChart, CartesianGrid, ReferenceLine, XAxis, YAxis } from 'recharts';
import { type ChartMarker, placeMarkers, type RequestsRow } from '../traffic-rows.ts';
import {
  AXIS_WIDTH,
  GRID_STROKE,
  HALO,
  type Period,
  PLOT_HEIGHT,
  thirds,
  VALUE_AXIS,
} from './chart-frame.tsx';

export interface SeriesColour {
  key: `s${number}`;
  colour: string;
}

interface RequestsChartProps {
  rows: readonly RequestsRow[];
  /** One per series, from the lowest band up; `key` is its field of a row. */
  colours: readonly SeriesColour[];
  markers: readonly ChartMarker[];
  period: Period;
  ceiling: number;
  width: number;
}

const MARGIN = { top: 1, right: 0, bottom: 1, left: 0 };

export const RequestsChart = memo(function RequestsChart(props: RequestsChartProps) {
  const { rows, colours, markers, period, ceiling, width } = props;
  const placed = placeMarkers(markers, period, width - AXIS_WIDTH);
  return (
    <AreaChart
      width={width}
      height={PLOT_HEIGHT}
      data={rows as RequestsRow[]}
      margin={MARGIN}
      accessibilityLayer={false}
    >
      <CartesianGrid vertical={false} stroke={GRID_STROKE} />
      <XAxis
        dataKey="at"
        type="number"
        domain={[period.from, period.to]}
        allowDataOverflow
        hide
        scale="linear"
      />
      <YAxis {...VALUE_AXIS} domain={[0, ceiling]} ticks={thirds(ceiling)} />
      {colours.map(({ key, colour }) => (
        <Area
          key={key}
          dataKey={key}
          stackId="requests"
          type="linear"
          stroke={colour}
          strokeWidth={1}
          fill={colour}
          fillOpacity={0.35}
          dot={false}
          activeDot={false}
          isAnimationActive={false}
        />
      ))}
      {placed.map(({ at, text, label, side }) => (
        <ReferenceLine
          key={`${at} ${text}`}
          x={at}
          stroke="var(--drain)"
          strokeDasharray="3 3"
          label={
            label === ''
              ? undefined
              : {
                  value: label,
                  position: side === 'right' ? 'insideTopLeft' : 'insideTopRight',
                  fill: 'var(--drain)',
                  ...HALO,
                  // Names, not columns of figures: tabular hyphens would tear them apart.
                  style: { fontVariantNumeric: 'normal' },
                  fontSize: 11,
                  offset: 4,
                }
          }
        />
      ))}
    </AreaChart>
  );
});
