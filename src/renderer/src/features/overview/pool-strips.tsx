// A strip per pool: state, who serves, address, traffic, latency, errors and the last hour at a glance.
// The whole strip leads to the pool's board. Columns leave by priority as the window narrows.
import type { Config } from '#shared/config/config.ts';
import type { BackendStatus, PoolStatus } from '#shared/status.ts';
import { cn } from '../../lib/class-names.ts';
import { useNow } from '../../lib/clock.ts';
import { formatMs, formatPct, formatRate, NO_VALUE } from '../../lib/format.ts';
import { noServiceText } from '../../lib/no-service.ts';
import { leadingListeners, poolUrls } from '../../lib/pool-urls.ts';
import { type RetriedStatuses, reachedPct, retriedStatuses } from '../../lib/reached-clients.ts';
import { hrefOf } from '../../lib/route.ts';
import { serverErrorPct } from '../../lib/share.ts';
import { isProblem, poolMark, stateText } from '../../lib/state-marks.ts';
import { useCeiling } from '../../lib/use-ceiling.ts';
import { useConfig, useListeners } from '../../live/hooks.ts';
import { useTraffic } from '../../live/samples.ts';
import { useUnserved } from '../../live/shown-pools.ts';
import { Panel } from '../../ui/panel.tsx';
import { Sparkline } from '../../ui/sparkline.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { HourRibbon } from './hour-ribbon.tsx';

/** The figure beside it stays; the line is what a narrow window can do without. */
const LEAVES_FIRST = 'max-[1180px]:hidden';
/** In a window so narrow the name needs the room. */
const LEAVES_NEXT = 'max-[799px]:hidden';

export function PoolStrips({ pools }: { pools: readonly PoolStatus[] }) {
  const config = useConfig()?.config;
  return (
    <Panel label="Pools" className="overflow-hidden">
      <table className="w-full table-fixed border-collapse text-left">
        <thead>
          <tr className="h-8 text-xs text-muted [&>th]:font-normal [&>th]:whitespace-nowrap">
            <th className="pl-3.5">Pool</th>
            <th className="w-[100px] px-2">Serving</th>
            <th className="w-[68px] px-2 text-right">Req/s</th>
            <th className={cn('w-[172px] px-2', LEAVES_FIRST)}>
              <span className="sr-only">Requests per second, last 2 min</span>
            </th>
            <th className={cn('w-[68px] px-2 text-right', LEAVES_NEXT)}>p95 ms</th>
            <th
              className="w-[76px] px-2 text-right max-[799px]:w-[84px] max-[799px]:pr-3.5"
              title="5xx answers and failures of backends over the last 60 s, percent of the attempts: those another backend answered afterwards are counted too. Requests no backend could take failed as well."
            >
              Errors %
            </th>
            <th className={cn('w-[212px] pr-3.5 pl-4', LEAVES_NEXT)}>Worst health · 60 min</th>
          </tr>
        </thead>
        <tbody>
          {pools.map((pool) => (
            <Strip key={pool.name} pool={pool} config={config} />
          ))}
        </tbody>
      </table>
    </Panel>
  );
}

function Strip({ pool, config }: { pool: PoolStatus; config: Config | undefined }) {
  const mark = poolMark(pool.state);
  const errors = serverErrorPct(pool, useUnserved().get(pool.name));
  return (
    <tr className="relative h-[52px] border-t border-line transition-colors hover:bg-raised">
      <th scope="row" className="pl-3.5 font-normal">
        <div className="flex items-center gap-2.5">
          <StateMark shape={mark.shape} tone={mark.tone} title={mark.word} />
          <div className="min-w-0 flex-1 py-1.5">
            {/* The address takes what the name leaves; where that is too little, it wraps out of sight. */}
            <div className="flex h-5 flex-wrap items-baseline gap-x-2 gap-y-4 overflow-hidden">
              <a
                href={hrefOf({ page: 'pool', pool: pool.name })}
                title={pool.name}
                className="max-w-full truncate rounded-sm font-semibold focus-visible:-outline-offset-2 after:absolute after:inset-0 after:content-['']"
              >
                {pool.name}
              </a>
              <PoolUrl pool={pool.name} config={config} />
            </div>
            <Troubles pool={pool} />
          </div>
        </div>
      </th>
      <td className="px-2 whitespace-nowrap">{servingText(pool)}</td>
      <td className="px-2 text-right font-semibold">{formatRate(pool.requestsPerS)}</td>
      <td className={cn('px-2', LEAVES_FIRST)}>
        <Traffic pool={pool.name} />
      </td>
      <td className={cn('px-2 text-right', LEAVES_NEXT)}>{formatMs(pool.latencyMs.p95)}</td>
      <td className="px-2 text-right max-[799px]:pr-3.5">
        <Errors pool={pool} pct={errors} statuses={retriedStatuses(config, pool.name)} />
      </td>
      <td className={cn('pr-3.5 pl-4', LEAVES_NEXT)}>
        <HourRibbon pool={pool.name} />
      </td>
    </tr>
  );
}

interface ErrorsProps {
  pool: PoolStatus;
  pct: number | null;
  statuses: RetriedStatuses;
}

/** Red is what reached clients. */
function Errors({ pool, pct, statuses }: ErrorsProps) {
  const reached = reachedPct(pct, pool, statuses);
  const allRetried = pct !== null && pct > 0 && reached === 0;
  return (
    <>
      <span className={cn(allRetried && 'text-muted', reached !== null && reached >= 1 && 'text-down')}>
        {formatPct(pct)}
      </span>
      {allRetried && <span className="block text-2xs leading-3 text-muted">all retried</span>}
    </>
  );
}

function PoolUrl({ pool, config }: { pool: string; config: Config | undefined }) {
  const listeners = useListeners();
  if (config === undefined) return null;
  const [first, ...more] = poolUrls(pool, config, listeners);
  return (
    <span className="min-w-[110px] flex-1 basis-0 truncate font-mono text-xs text-muted">
      {first ?? <span className="font-sans">{noUrlText(pool, config)}</span>}
      {more.length > 0 && ` +${more.length}`}
    </span>
  );
}

function noUrlText(pool: string, config: Config): string {
  const names = leadingListeners(pool, config);
  const leading = config.listeners.filter(({ name }) => names.includes(name));
  if (leading.length === 0) return 'no listener routes here';
  return leading.every(({ redirectToHttps }) => redirectToHttps !== undefined)
    ? 'its listener only redirects to https'
    : 'its listener failed';
}

const MOST_TROUBLES = 2;

/** What to look at, with its cause; nothing while all is well. */
function Troubles({ pool }: { pool: PoolStatus }) {
  const now = useNow();
  const troubled = pool.backends.filter((backend) => isProblem(backend.state));
  // Causes of single backends would explain the wrong thing.
  if (isOut(pool) && !troubled.some(({ admin }) => admin === 'enabled')) {
    const reason = noServiceText(pool);
    return (
      <p className="truncate text-xs text-muted normal-nums" title={reason}>
        {reason}
      </p>
    );
  }
  if (troubled.length === 0) return null;
  const shown = troubled.slice(0, MOST_TROUBLES).map((backend) => troubleText(backend, now));
  const rest = troubled.length - shown.length;
  return (
    <p className="truncate text-xs text-muted normal-nums">
      {shown.join(' · ')}
      {rest > 0 && ` · ${rest} more`}
    </p>
  );
}

/** Takes no request, and for another reason than health that is not known yet. */
function isOut({ state, backends }: PoolStatus): boolean {
  return state === 'down' || (state === 'off' && backends.length > 0);
}

function troubleText(backend: BackendStatus, now: number): string {
  const text = `${backend.name} ${stateText(backend, now).toLowerCase()}`;
  return backend.cause === '' ? text : `${text}, ${backend.cause}`;
}

function servingText(pool: PoolStatus): string {
  if (pool.state === 'off') return 'off';
  if (pool.backends.length === 0) return 'empty';
  return `${pool.serving} of ${pool.backends.length}`;
}

const TRAFFIC_SECONDS = 120;
/** A request now and then is no mountain. */
const LEAST_CEILING = 3;

function Traffic({ pool }: { pool: string }) {
  const seconds = useTraffic(pool, TRAFFIC_SECONDS);
  const values = seconds.map((second) => second.total?.requests ?? null);
  const largest = Math.max(...values.map((value) => value ?? 0));
  const ceiling = useCeiling(pool, largest, LEAST_CEILING);
  return largest > 0 ? (
    <Sparkline values={values} ceiling={ceiling} label={`Requests per second of ${pool}, last 2 minutes`} />
  ) : (
    <span className="text-faint" title="no requests in the last 2 minutes">
      {NO_VALUE}
    </span>
  );
}
