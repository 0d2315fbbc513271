// The cells of a backend's row that only show something. Each takes what it shows and nothing else.
import { useMemo, useRef } from 'react';
import type { BackendStatus, CheckResult } from '#shared/status.ts';
import { cn } from '../../../lib/class-names.ts';
import { toneTextClass } from '../../../lib/colours.ts';
import { formatAge, formatClock, formatPct, NO_VALUE } from '../../../lib/format.ts';
import { reachedPct } from '../../../lib/reached-clients.ts';
import { backendMark, stateText } from '../../../lib/state-marks.ts';
import { Ribbon } from '../../../ui/ribbon.tsx';
import { StateMark } from '../../../ui/state-mark.tsx';
import { checkCells, ribbonPeriod, ribbonSummary } from '../checks-ribbon.ts';
import { retriedText } from '../retried-text.ts';
import { type ChecksSource, useChecks } from '../use-checks.ts';
import type { ChecksPeriod } from '../use-checks-dialog.ts';
import { useRetriedStatuses } from '../use-retried-statuses.ts';
import { reachedText, servedText, servedTitle } from './served-text.ts';

/** Name, and beside it the address where both fit. A click on the name is the row's business: it finds it by `data-name`. */
export function BackendNames({ backend, withAddress }: { backend: BackendStatus; withAddress: boolean }) {
  const { name, address } = backend;
  return (
    <div className="flex min-w-0 flex-1 items-baseline gap-x-[5px]">
      <b
        data-name={name}
        className="selectable cursor-pointer truncate font-semibold normal-nums hover:underline"
        title={name}
      >
        {name}
      </b>
      {withAddress && <Address address={address} />}
    </div>
  );
}

function Address({ address }: { address: string }) {
  return (
    <span className="selectable block min-w-0 truncate font-mono text-2xs text-muted" title={address}>
      {address}
    </span>
  );
}

interface SecondLineProps {
  pool: string;
  backend: BackendStatus;
  withAddress: boolean;
}

/**
 * Under the row, as wide as the table: why a backend is not healthy, or which failures of a healthy one reached
 * clients and what it has served. The address comes first where it does not fit beside the name, so that it is whole at every width.
 */
export function SecondLine({ pool, backend, withAddress }: SecondLineProps) {
  const statuses = useRetriedStatuses(pool);
  const healthy = backend.cause === '';
  const reached = healthy ? reachedText(backend, statuses) : '';
  const text = healthy ? servedText(backend) : causeOf(backend);
  return (
    <div className="flex items-baseline gap-2 leading-4">
      {withAddress && (
        <span className="max-w-[50%] shrink-0">
          <Address address={backend.address} />
        </span>
      )}
      <span
        className="selectable line-clamp-2 min-w-0 text-muted text-xs leading-4"
        title={healthy ? servedTitle(backend) : text}
      >
        {reached === '' ? null : (
          <>
            <span className="text-down" title={REACHED_TITLE}>
              {reached}
            </span>
            {' · '}
          </>
        )}
        {text}
      </span>
    </div>
  );
}

const REACHED_TITLE =
  'Answers 5xx and attempts that failed, without those that were retried on another backend';

function causeOf({ role, cause }: BackendStatus): string {
  return role === 'backup' ? `backup · ${cause}` : cause;
}

export function StateText({ backend, now }: { backend: BackendStatus; now: number }) {
  const mark = backendMark(backend.state);
  const text = stateText(backend, now);
  const title = `${mark.word} for ${formatAge(now - backend.since)}${backend.cause === '' ? '' : `: ${backend.cause}`}`;
  return (
    <span className={cn('flex min-w-0 items-center gap-1.5', toneTextClass(mark.tone))} title={title}>
      <StateMark shape={mark.shape} tone={mark.tone} />
      <span className="truncate">{text}</span>
    </span>
  );
}

/** Percent of server errors: red when what reached clients is more than a trickle or has just grown. */
export function ServerErrors({ pool, backend }: { pool: string; backend: BackendStatus }) {
  const pct = backend.serverErrorPct;
  const statuses = useRetriedStatuses(pool);
  const reached = reachedPct(pct, backend, statuses);
  const growing = useGrowing(reached);
  const alarming = growing || (reached !== null && reached >= ALARMING_PCT);
  const notes = [retriedText(backend, statuses), growing ? 'grew within the last 10 s' : ''].filter(
    (note) => note !== '',
  );
  return (
    <span
      className={alarming ? 'font-medium text-down' : undefined}
      title={notes.length === 0 ? undefined : notes.join(' · ')}
    >
      {formatPct(pct)}
    </span>
  );
}

const ALARMING_PCT = 1;
const GROWTH_PCT = 0.05;
/** Statuses come about once a second. */
const GROWTH_STATUSES = 10;

function useGrowing(pct: number | null): boolean {
  const seen = useRef<{ pct: number | null; left: number }>({ pct, left: 0 });
  if (seen.current.pct !== pct) {
    const grew = pct !== null && seen.current.pct !== null && pct > seen.current.pct + GROWTH_PCT;
    seen.current = { pct, left: grew ? GROWTH_STATUSES : Math.max(0, seen.current.left - 1) };
  }
  return seen.current.left > 0;
}

interface ChecksCellProps {
  pool: string;
  backend: BackendStatus;
  /** The pool's answer; null when each row asks for itself. */
  checks: ChecksSource | undefined | null;
  onPick: (period: ChecksPeriod) => void;
}

export function ChecksCell({ pool, backend, checks, onPick }: ChecksCellProps) {
  const own = useChecks(pool, backend.name, checks === null);
  const source = checks ?? own;
  const { name, health, state, since } = backend;
  const { cells, label, periods } = useMemo(() => {
    const from = source?.from ?? ribbonPeriod(since).from;
    const list = checkCells(source?.health.get(name), { from }, { health, state, since });
    return {
      label: ribbonSummary(list),
      periods: list.map(({ from, to }) => ({ from, to })),
      cells: list.map((cell) => ({
        tone: cell.tone,
        title: `${formatClock(cell.from).slice(0, 5)}–${formatClock(cell.to).slice(0, 5)} ${cell.word}`,
      })),
    };
  }, [source, name, health, state, since]);
  if (source === undefined) return null;
  return (
    <Ribbon
      cells={cells}
      label={label}
      width={105}
      height={13}
      onPick={(index) => {
        const period = periods[index];
        if (period !== undefined) onPick(period);
      }}
    />
  );
}

export function LastCheck({ check }: { check: CheckResult | null }) {
  if (check === null) return <span className="text-muted">{NO_VALUE}</span>;
  const took = `${Math.round(check.tookMs)} ms`;
  return (
    <span
      className="block truncate pr-1.5 font-mono text-2xs text-muted"
      title={`${check.code} · ${took} · ${formatClock(check.at)}${check.detail === '' ? '' : ` · ${check.detail}`}`}
    >
      {`${check.code} · ${took}`}
    </span>
  );
}
