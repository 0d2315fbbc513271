// Single probes of one backend, newest first: when, what came back, how long it took and which assertion
// failed. Asked how an incident began, it marks the probes that took the backend down and brings them in view.
import { type Ref, useEffect, useRef } from 'react';
import type { CheckResult } from '#shared/status.ts';
import { cn } from '../../lib/class-names.ts';
import { formatClock } from '../../lib/format.ts';
import { StateMark } from '../../ui/state-mark.tsx';
import { type Beginning, beginningOf } from './backend-incidents.ts';
import type { ChecksPeriod } from './use-checks-dialog.ts';

interface ProbeListProps {
  checks: readonly CheckResult[];
  period: ChecksPeriod | undefined;
}

export function ProbeList({ checks, period }: ProbeListProps) {
  const began = period?.began;
  // The answer for the period before stays until the next one has come.
  const answered = period !== undefined && checks.every(({ at }) => at >= period.from && at <= period.to);
  const beginning = began === undefined || !answered ? null : beginningOf(checks, began);
  const brought = useRef<ChecksPeriod | undefined>(undefined);
  const decidedRow = useRef<HTMLTableRowElement>(null);
  useEffect(() => {
    // Once for each time it is asked for.
    if (beginning === null || brought.current === period) return;
    brought.current = period;
    decidedRow.current?.scrollIntoView({ block: 'center' });
  });
  return (
    <table className="w-full">
      <thead>
        <tr className="text-left text-muted text-xs">
          <th className="pb-2 font-normal">Time</th>
          <th className="pb-2 font-normal">Result</th>
          <th className="pb-2 text-right font-normal">Took</th>
        </tr>
      </thead>
      <tbody>
        {checks.map((check) => (
          <Probe
            key={check.at}
            check={check}
            says={beginning === null ? '' : partOf(check.at, beginning)}
            rowRef={check.at === beginning?.decided ? decidedRow : undefined}
          />
        ))}
      </tbody>
    </table>
  );
}

/** What a probe had to do with the beginning; empty: nothing. */
function partOf(at: number, { firstFailure, decided }: Beginning): string {
  if (at === decided) return 'went down here';
  if (at === firstFailure) return 'first failure';
  return '';
}

interface ProbeProps {
  check: CheckResult;
  says: string;
  rowRef: Ref<HTMLTableRowElement> | undefined;
}

function Probe({ check, says, rowRef }: ProbeProps) {
  return (
    <tr ref={rowRef} className={cn('border-line border-t align-baseline', says !== '' && 'bg-down/10')}>
      <td className="py-1.5 pr-4 font-mono text-xs">{formatClock(check.at)}</td>
      <td className="py-1.5 pr-4">
        <span className="flex items-center gap-1.5">
          <StateMark shape={check.ok ? 'dot' : 'square'} tone={check.ok ? 'up' : 'down'} />
          <span className="sr-only">{check.ok ? 'passed' : 'failed'}</span>
          {check.code}
          {says === '' ? null : <b className="font-medium text-down text-xs">{says}</b>}
        </span>
        {check.detail === '' ? null : (
          <span className="block pl-[17px] text-muted text-xs">{check.detail}</span>
        )}
      </td>
      <td className="py-1.5 text-right font-mono text-xs">{`${Math.round(check.tookMs)} ms`}</td>
    </tr>
  );
}
