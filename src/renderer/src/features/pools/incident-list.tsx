// The times one backend was down, above its probes: from when to when and why. Each leads to the probes
// around its beginning.
import { useLive, useQuery } from '../../live/hooks.ts';
import type { LiveState } from '../../live/live-state.ts';
import { Button } from '../../ui/button.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { incidentsAsked, incidentTime, periodOf } from './backend-incidents.ts';
import type { ChecksPeriod } from './use-checks-dialog.ts';

interface IncidentListProps {
  pool: string;
  backend: string;
  period: ChecksPeriod | undefined;
  onPeriod: (period: ChecksPeriod) => void;
}

const selectNewestTransition = (state: LiveState) => state.transitions[0]?.at ?? 0;

export function IncidentList({ pool, backend, period, onPeriod }: IncidentListProps) {
  const changed = useLive(selectNewestTransition);
  const { data } = useQuery('incidents.list', incidentsAsked(pool, backend, period), { deps: [changed] });
  if (data === undefined) return null;
  const { incidents } = data;
  return (
    <section aria-label={`Incidents of ${backend}`} className="mb-4">
      <h3 className="mb-1 font-semibold">Incidents</h3>
      {incidents.length === 0 ? (
        <p className="text-muted">
          {period === undefined ? 'None is recorded.' : 'It was not down in this time.'}
        </p>
      ) : (
        <ul className="divide-y divide-line rounded-md border border-line">
          {incidents.map((incident) => (
            <li
              key={incident.start}
              aria-current={period?.began === incident.start}
              className="flex items-center gap-2.5 px-3 py-1.5 aria-[current=true]:bg-raised"
            >
              <StateMark
                shape={incident.end === null ? 'square' : 'ring'}
                tone={incident.end === null ? 'down' : 'off'}
              />
              <div className="min-w-0 flex-1">
                <p>{incidentTime(incident)}</p>
                <p className="text-muted text-xs wrap-break-word">{incident.cause}</p>
              </div>
              <Button size="sm" onClick={() => onPeriod(periodOf(incident))}>
                How it began
              </Button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
