// The single probes of one backend, newest first: when, what came back, how long it took and which
// assertion failed.
import { formatClock } from '../../lib/format.ts';
import { useQuery } from '../../live/hooks.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { StateMark } from '../../ui/state-mark.tsx';

const LIMIT = 100;
const REFRESH_MS = 5000;

interface CheckDetailsProps {
  pool: string;
  backend: string;
  onClose: () => void;
}

export function CheckDetails({ pool, backend, onClose }: CheckDetailsProps) {
  const { data, error } = useQuery('checks.list', { pool, backend, limit: LIMIT }, { refreshMs: REFRESH_MS });
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Checks of ${backend}`}
      description={`The last ${LIMIT} probes, newest first`}
      size="lg"
    >
      {data === undefined ? (
        <p className="h-24 text-muted">{error?.message ?? ''}</p>
      ) : data.checks.length === 0 ? (
        <p className="text-muted">No probe has been made. The pool may have no health check.</p>
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
