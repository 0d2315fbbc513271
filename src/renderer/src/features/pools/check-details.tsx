// What happened to one backend, lately or in one time: its incidents, and its single probes, newest first.
import { formatClock, formatDateClock } from '../../lib/format.ts';
import { useQuery } from '../../live/hooks.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { IncidentList } from './incident-list.tsx';
import { ProbeList } from './probe-list.tsx';
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
    period === undefined
      ? { pool, backend, limit: LIMIT }
      : { pool, backend, from: period.from, to: period.to, limit: PERIOD_LIMIT },
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
        <ProbeList checks={data.checks} period={period} />
      )}
    </Dialog>
  );
}
