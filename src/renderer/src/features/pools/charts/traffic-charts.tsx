// The row of three charts over the last five minutes. Draws when a second of traffic ends, not with
// every Status; axes keep their height until a value no longer fits.
import { Fragment, useMemo } from 'react';
import { seriesColour } from '../../../lib/colours.ts';
import { formatLatency, formatMs, formatRate } from '../../../lib/format.ts';
import type { LastMinute } from '../../../lib/reached-clients.ts';
import { useCeiling } from '../../../lib/use-ceiling.ts';
import { useTraffic } from '../../../live/samples.ts';
import { retriedNote, retriedText } from '../retried-text.ts';
import {
  BY_BACKEND_LIMIT,
  type ChartMarker,
  chartSeries,
  errorsRows,
  latencyRange,
  latencyRows,
  OTHERS,
  REMOVED,
  requestsRows,
  UNSERVED,
  unservedOf,
} from '../traffic-rows.ts';
import { useRetriedStatuses } from '../use-retried-statuses.ts';
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
  const requests = useMemo(() => requestsRows(seconds, series, backends), [seconds, series, backends]);
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
  const lastSecond = seconds.at(-1);
  const unserved = lastSecond === undefined ? 0 : unservedOf(lastSecond);
  const statuses = useRetriedStatuses(pool);
  const retried = retriedText(minute, statuses);
  const retriedSentence = retried === '' ? '' : `${retried}.`;

  return (
    <div className="grid grid-cols-[442fr_339fr_340fr] gap-3">
      <ChartFrame
        title="Requests / s"
        legend={<BandNames series={series} />}
        value={<Figure text={formatRate(requestsPerS)} />}
        summary={joined(
          `${formatRate(requestsPerS)} requests per second now.`,
          unserved === 0 ? '' : `${formatRate(unserved)} found no backend in the last second.`,
        )}
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
        legend="5xx · 4xx"
        note={retriedNote(minute, statuses)}
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
  if (name === OTHERS && series.length === 1) return 'var(--accent)';
  return BAND_COLOURS[name] ?? seriesColour(backends.indexOf(name));
}

/** Those no row of the table stands for. */
const BAND_COLOURS: Readonly<Record<string, string>> = {
  [OTHERS]: 'var(--muted)',
  [REMOVED]: 'var(--muted)',
  [UNSERVED]: 'var(--down)',
};

const NAMED_BANDS = [
  { band: REMOVED, name: 'removed', textClass: 'text-muted' },
  { band: UNSERVED, name: 'no backend', textClass: 'text-down' },
];

/** The names of bands that no row of the table has; empty as a rule. */
function BandNames({ series }: { series: readonly string[] }) {
  return NAMED_BANDS.filter(({ band }) => series.includes(band)).map(({ name, textClass }, i) => (
    <Fragment key={name}>
      {i > 0 && ' · '}
      <span className={textClass}>{name}</span>
    </Fragment>
  ));
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
