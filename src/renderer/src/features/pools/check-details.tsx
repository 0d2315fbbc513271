// What happened to one backend, lately or in one time: its incidents, and its single probes, newest
// first: when, what came back, how long it took and which assertion failed.
import { formatClock, formatDateClock } from '../../lib/format.ts';
import { useQuery } from '../../live/hooks.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { IncidentList } from './incident-list.tsx';
import type { ChecksPeriod } from './use-checks-dialog.ts';

const LIMIT = 100;
const PERIOD_LIMIT = 1000;
const REFRESH_MS = 5000;

interface CheckDetailsProps {
  pool: string;
  backend: string;
  /** Only this time; undefined: the newest ones. */
  period: ChecksPeriod | undefined;
  onPeriod: (period: ChecksPeriod | undefined) => void;
  onClose: () => void;
}

export function CheckDetails({ pool, backend, period, onPeriod, onClose }: CheckDetailsProps) {
  const { data, error } = useQuery(
    'checks.list',
    { pool, backend, ...period, limit: period === undefined ? LIMIT : PERIOD_LIMIT },
    { refreshMs: REFRESH_MS },
  );
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Checks of ${backend}`}
      description={
        period === undefined
          ? `Incidents and the last ${LIMIT} probes, newest first`
          : `${formatDateClock(period.from)} to ${formatClock(period.to)}, newest first`
      }
      size="lg"
    >
      <IncidentList pool={pool} backend={backend} period={period} onPeriod={onPeriod} />
      <div className="mb-1 flex h-6 items-center justify-between">
        <h3 className="font-semibold">Probes</h3>
        {period === undefined ? null : (
          <Button size="sm" onClick={() => onPeriod(undefined)}>
            Show the newest
          </Button>
        )}
      </div>
      {data === undefined ? (
        <p className="h-24 text-muted">{error?.message ?? ''}</p>
      ) : data.checks.length === 0 ? (
        <p className="text-muted">
          {period === undefined
            ? 'No probe has been made. The pool may have no health check.'
            : 'No probe is recorded in this time.'}
        </p>
      ) : (
        <table className="w-full">
          <thead>
            <tr className="text-left text-muted text-xs">
              <th className="pb-2 font-normal">Time</th>
              <th className="pb-2 font-normal">Result</th>
              <th className="pb-2 text-right font-normal">Took</th>
            </tr>
          </thead>
          <tbody>
            {data.checks.map((check) => (
              <tr key={check.at} className="border-line border-t align-baseline">
                <td className="py-1.5 pr-4 font-mono text-xs">{formatClock(check.at)}</td>
                <td className="py-1.5 pr-4">
                  <span className="flex items-center gap-1.5">
                    <StateMark shape={check.ok ? 'dot' : 'square'} tone={check.ok ? 'up' : 'down'} />
                    <span className="sr-only">{check.ok ? 'passed' : 'failed'}</span>
                    {check.code}
                  </span>
                  {check.detail === '' ? null : (
                    <span className="block pl-[17px] text-muted text-xs">{check.detail}</span>
                  )}
                </td>
                <td className="py-1.5 text-right font-mono text-xs">{`${Math.round(check.tookMs)} ms`}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Dialog>
  );
}
