// What the three traffic charts share: a card with title and current value, a measured plot of fixed
// height, and the time axis of the last five minutes. Called by the charts in this folder.
import type { ReactNode } from 'react';
import { formatCompact } from '../../../lib/format.ts';
import { useBoxWidth } from '../use-box-width.ts';

export const CHART_SPAN_MS = 300_000;
export const PLOT_HEIGHT = 120;
export const GRID_STROKE = 'var(--line)';
/** Around text that lies on top of lines and areas; so wide that it fills what is between two words. */
export const HALO = {
  stroke: 'var(--panel)',
  strokeWidth: 7,
  strokeLinejoin: 'round',
  paintOrder: 'stroke',
} as const;

/** Where the grid lines are: bottom, two between, top. */
export function thirds(ceiling: number): number[] {
  return [0, ceiling / 3, (ceiling / 3) * 2, ceiling];
}

/** Holds "1.6k" and "160k", the longest there are. */
export const AXIS_WIDTH = 38;

/**
 * Labels have a column of their own at the right, beside their grid line: what is newest is drawn where the
 * plot ends and must not lie under them. Those at top and bottom would be cut off and are left out.
 */
export const VALUE_AXIS = {
  orientation: 'right',
  axisLine: false,
  tickLine: false,
  tickSize: 0,
  tickMargin: 7,
  interval: 0,
  tick: { fill: 'var(--muted)', fontSize: 11 },
  tickFormatter: (value: number, index: number) => (index === 0 || index === 3 ? '' : formatCompact(value)),
  width: AXIS_WIDTH,
} as const;

export interface Period {
  from: number;
  to: number;
}

interface ChartFrameProps {
  title: string;
  /** Names of the series, after the title. */
  legend?: ReactNode;
  value: ReactNode;
  /** Under the title, for what holds of another period than the plot; `summary` has to say it too. */
  note?: string;
  /** What is counted, for the tooltip of the title. */
  counts?: string;
  /** One sentence with the numbers, for those who cannot see the plot. */
  summary: string;
  className?: string;
  children: (widthPx: number) => ReactNode;
}

export function ChartFrame(props: ChartFrameProps) {
  const { title, legend, value, note, counts, summary, className = '', children } = props;
  const [plot, width] = useBoxWidth<HTMLDivElement>();
  return (
    <section
      className={`flex min-w-0 flex-col overflow-hidden rounded-lg border border-line bg-panel pb-3 max-[1099px]:pb-2 ${className}`}
      aria-label={title}
    >
      <header className="relative flex h-11 items-center justify-between gap-2 px-3">
        <h2 className="truncate font-semibold text-text" title={counts}>
          {title}
          {legend === undefined ? null : (
            <span className="font-medium text-muted max-[1099px]:text-xs max-[799px]:hidden"> {legend}</span>
          )}
        </h2>
        <p className="flex shrink-0 items-baseline gap-1 text-muted">{value}</p>
        {note === undefined || note === '' ? null : (
          <p
            aria-hidden="true"
            className="absolute inset-x-3 bottom-0.5 truncate text-2xs text-muted leading-3 max-[799px]:hidden"
          >
            {note}
          </p>
        )}
      </header>
      <p className="sr-only">{summary}</p>
      <div ref={plot} aria-hidden="true" className="ml-3" style={{ height: PLOT_HEIGHT }}>
        {width > 0 ? children(width) : null}
      </div>
    </section>
  );
}
