// The row of three charts over the last five minutes. Draws when a second of traffic ends, not with
// every Status; axes keep their height until a value no longer fits.
import { useMemo } from 'react';
import { seriesColour } from '../../../lib/colours.ts';
import { formatLatency, formatMs, formatRate } from '../../../lib/format.ts';
import { useCeiling } from '../../../lib/use-ceiling.ts';
import { useConfig } from '../../../live/hooks.ts';
import { useTraffic } from '../../../live/samples.ts';
import { type LastMinute, poolRetriedText, retriedLegend } from '../retried-text.ts';
import {
  BY_BACKEND_LIMIT,
  type ChartMarker,
  chartSeries,
  errorsRows,
  latencyRange,
  latencyRows,
  OTHERS,
  requestsRows,
} from '../traffic-rows.ts';
import { CHART_SPAN_MS, ChartFrame, type Period } from './chart-frame.tsx';
import { ErrorsChart } from './errors-chart.tsx';
import { LatencyChart } from './latency-chart.tsx';
import { RequestsChart, type SeriesColour } from './requests-chart.tsx';

interface TrafficChartsProps {
  pool: string;
  /** Backend names in pool order, stable while the pool has the same backends. */
  backends: readonly string[];
  markers: readonly ChartMarker[];
  requestsPerS: number;
  p95Ms: number | null;
  minute: LastMinute;
}

const ERRORS_COUNTED =
  'Attempts at backends: a request that another backend answered afterwards counts too. Requests no backend could take are among the 5xx.';
const SPAN_S = CHART_SPAN_MS / 1000;

export function TrafficCharts(props: TrafficChartsProps) {
  const { pool, backends, markers, requestsPerS, p95Ms, minute } = props;
  const seconds = useTraffic(pool, SPAN_S, { byBackend: backends.length <= BY_BACKEND_LIMIT });
  const end = seconds.at(-1)?.at ?? 0;
  const period = useMemo<Period>(() => ({ from: end - CHART_SPAN_MS, to: end }), [end]);
  const series = useMemo(() => chartSeries(seconds, backends), [seconds, backends]);
  const colours = useMemo(
    () => series.map((name, i): SeriesColour => ({ key: `s${i}`, colour: colourOf(name, series, backends) })),
    [series, backends],
  );
  const requests = useMemo(() => requestsRows(seconds, series), [seconds, series]);
  const latency = useMemo(() => latencyRows(seconds), [seconds]);
  const range = useMemo(() => latencyRange(latency), [latency]);
  const errors = useMemo(() => errorsRows(seconds), [seconds]);

  const requestsCeiling = useCeiling(pool, Math.max(...seconds.map(({ total }) => total?.requests ?? 0)), 3);
  const latencyCeiling = useCeiling(pool, range.most, 3);
  const errorsCeiling = useCeiling(pool, Math.max(...errors.map((row) => row.server + row.client)), 3);
  // The line leaves the plot there: how far is said in words.
  const peak = range.peak === null ? '' : `peak ${withUnit(formatLatency(range.peak))}`;
  const failing = errors.at(-1)?.server ?? 0;
  const refused = errors.at(-1)?.client ?? 0;
  const statuses = useConfig()?.config.pools.find(({ name }) => name === pool)?.retries.statuses;
  const retried = retriedLegend(minute, statuses);
  const retriedSentence = poolRetriedText(minute, statuses);

  return (
    <div className="grid grid-cols-[442fr_339fr_340fr] gap-3">
      <ChartFrame
        title="Requests / s"
        value={<Figure text={formatRate(requestsPerS)} />}
        summary={`${formatRate(requestsPerS)} requests per second now.`}
      >
        {(width) => (
          <RequestsChart
            rows={requests}
            colours={colours}
            markers={markers}
            period={period}
            ceiling={requestsCeiling}
            width={width}
          />
        )}
      </ChartFrame>
      <ChartFrame
        title="Latency"
        legend={
          <>
            <span className="max-[1099px]:hidden">p50 · p95 · p99</span>
            <span className="max-[999px]:hidden min-[1100px]:hidden">{peak === '' ? 'p50–p99' : peak}</span>
            {peak !== '' && <span className="max-[1099px]:hidden"> · {peak}</span>}
          </>
        }
        value={<Figure text={formatMs(p95Ms)} unit="ms p95" />}
        summary={`95th percentile of the last minute: ${formatMs(p95Ms)} ms.${peak === '' ? '' : ` The ${peak}.`}`}
      >
        {(width) => <LatencyChart rows={latency} period={period} ceiling={latencyCeiling} width={width} />}
      </ChartFrame>
      <ChartFrame
        title="Errors"
        legend={
          <>
            <span className={retried === '' ? undefined : 'max-[1099px]:hidden'}>
              5xx · 4xx{retried !== '' && ' · '}
            </span>
            {retried}
          </>
        }
        counts={joined(retriedSentence, ERRORS_COUNTED)}
        value={<Figure text={formatRate(failing + refused)} unit="/s" alarming={failing > 0} />}
        summary={joined(
          `${formatRate(failing)} server errors and ${formatRate(refused)} client errors per second now.`,
          retriedSentence,
        )}
      >
        {(width) => <ErrorsChart rows={errors} period={period} ceiling={errorsCeiling} width={width} />}
      </ChartFrame>
    </div>
  );
}

function colourOf(name: string, series: readonly string[], backends: readonly string[]): string {
  if (name !== OTHERS) return seriesColour(backends.indexOf(name));
  return series.length === 1 ? 'var(--accent)' : 'var(--muted)';
}

function joined(...sentences: string[]): string {
  return sentences.filter((sentence) => sentence !== '').join(' ');
}

/** Long times have their unit already. */
function withUnit(latency: string): string {
  return latency.endsWith(' s') ? latency : `${latency} ms`;
}

function Figure({ text, unit, alarming = false }: { text: string; unit?: string; alarming?: boolean }) {
  return (
    <>
      <span className={`font-bold text-xl ${alarming ? 'text-down' : 'text-text'}`}>{text}</span>
      {unit === undefined ? null : (
        <span className="font-semibold text-muted text-xs max-[799px]:hidden">{unit}</span>
      )}
    </>
  );
}
