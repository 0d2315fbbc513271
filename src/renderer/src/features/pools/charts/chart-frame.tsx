// What the three traffic charts share: a card with title and current value, a measured plot of fixed
// height, and the time axis of the last five minutes. Called by the charts in this folder.
import { type ReactNode, useLayoutEffect, useRef, useState } from 'react';

export const CHART_SPAN_MS = 300_000;
export const PLOT_HEIGHT = 120;
export const GRID_STROKE = 'var(--line)';
export const AXIS_TICK = { fill: 'var(--muted)', fontSize: 11 };

/** Right-hand labels sit inside the plot, above their grid line, so the plot keeps its full width. */
export const VALUE_AXIS = {
  orientation: 'right',
  mirror: true,
  axisLine: false,
  tickLine: false,
  tick: AXIS_TICK,
  width: 40,
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
  /** One sentence with the numbers, for those who cannot see the plot. */
  summary: string;
  className?: string;
  children: (widthPx: number) => ReactNode;
}

export function ChartFrame({ title, legend, value, summary, className = '', children }: ChartFrameProps) {
  const plot = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const element = plot.current;
    if (element === null) return;
    setWidth(element.clientWidth);
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return (
    <section
      className={`flex min-w-0 flex-col overflow-hidden rounded-panel border border-line bg-panel ${className}`}
      aria-label={title}
    >
      <header className="flex h-11 items-center justify-between gap-3 px-3">
        <h2 className="truncate font-semibold text-text">
          {title}
          {legend === undefined ? null : <span className="font-medium text-text-dim"> {legend}</span>}
        </h2>
        <p className="flex shrink-0 items-baseline gap-1 text-text-dim">{value}</p>
      </header>
      <p className="sr-only">{summary}</p>
      <div ref={plot} aria-hidden="true" className="ml-3" style={{ height: PLOT_HEIGHT }}>
        {width > 0 ? children(width) : null}
      </div>
    </section>
  );
}
