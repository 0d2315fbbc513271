// The bottom row: what the whole engine does and what it costs.

import { formatBytes, formatMs, formatRate, formatSpan, plural } from '../../lib/format.ts';
import { useLive, useSystem } from '../../live/hooks.ts';
import type { LiveState } from '../../live/live-state.ts';
import { useCommand } from '../../live/use-command.ts';
import { StateMark } from '../../ui/state-mark.tsx';
import { trafficTotals } from './traffic-totals.ts';

const selectTotals = (state: LiveState) => JSON.stringify(trafficTotals(state.status?.pools ?? []));

export function StatusBar() {
  const totals = JSON.parse(useLive(selectTotals)) as ReturnType<typeof trafficTotals>;
  const system = useSystem();
  return (
    <footer className="col-span-2 flex items-center gap-[18px] overflow-hidden border-t border-line bg-panel px-3.5 text-xs whitespace-nowrap text-muted">
      <span className="inline-flex items-center gap-1.5">
        <StateMark
          shape={system?.engineWorkers === 0 ? 'square' : 'dot'}
          tone={system?.engineWorkers === 0 ? 'down' : 'off'}
          size={9}
        />
        {system && `engine ${plural(system.engineWorkers, 'worker')} · `}
        {formatRate(totals.requestsPerS)} req/s
      </span>
      <span title="The highest p95 of all pools over the last minute">
        worst pool p95 {formatMs(totals.p95Ms)} ms
      </span>
      <span>{totals.inFlight} in flight</span>
      {system && (
        <>
          <span>
            CPU {Math.round(system.cpuPct)}% · {formatBytes(system.memoryBytes)}
          </span>
          {system.demoRunning && <DemoChip />}
          <span className="ml-auto" title="Size of the history on disk · what is older than this is removed">
            history {formatBytes(system.historyBytes)}
            <span className="max-[799px]:hidden"> · keeps {formatSpan(system.retentionS)}</span>
          </span>
        </>
      )}
    </footer>
  );
}

function DemoChip() {
  const stop = useCommand('demo.stop');
  return (
    <span className="inline-flex items-center gap-1.5">
      demo running
      <button
        type="button"
        aria-busy={stop.pending || undefined}
        onClick={() => !stop.pending && void stop.run({})}
        className="rounded-sm text-accent-text hover:underline"
      >
        Stop demo
      </button>
    </span>
  );
}
