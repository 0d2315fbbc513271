// Screen 1: everything at a glance. What cannot accept connections comes first, then the pools with
// problems, then the calm ones; one sentence says how it all is.
import { Plus } from 'lucide-react';
import type { PoolStatus } from '#shared/status.ts';
import { useNow } from '../../lib/clock.ts';
import { openDialog } from '../../live/dialogs.ts';
import { useListeners, useLive, useQuery } from '../../live/hooks.ts';
import type { LiveState } from '../../live/live-state.ts';
import { useShownPools } from '../../live/shown-pools.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Panel } from '../../ui/panel.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { FailedListeners } from './failed-listeners.tsx';
import { lastIncident, problemsFirst, summarizePools } from './overview-order.ts';
import { PoolStrips } from './pool-strips.tsx';

/** One of them is named: those of removed backends are passed over. */
const NEWEST_INCIDENTS = 50;

const selectLastTransitionAt = (state: LiveState): number => state.transitions[0]?.at ?? 0;

export function OverviewPage() {
  const pools = useShownPools();
  const failed = useListeners().filter((listener) => listener.state === 'failed');
  return (
    <div className="flex flex-col gap-3">
      <header className="flex h-7 items-center gap-2.5">
        <h1 className="font-semibold text-lg">Overview</h1>
        <SummaryLine pools={pools} failed={failed.length} />
        <div className="ml-auto flex shrink-0 gap-2.5">
          <Button onClick={() => openDialog({ kind: 'listener-form' })}>Add listener</Button>
          <Button variant="primary" onClick={() => openDialog({ kind: 'pool-form' })}>
            <Plus className="size-3.5" strokeWidth={2.5} aria-hidden="true" />
            New pool
          </Button>
        </div>
      </header>
      {failed.length > 0 && <FailedListeners listeners={failed} />}
      {pools.length > 0 ? <PoolStrips pools={problemsFirst(pools)} /> : <NoPools />}
    </div>
  );
}

function SummaryLine({ pools, failed }: { pools: readonly PoolStatus[]; failed: number }) {
  const lastTransition = useLive(selectLastTransitionAt);
  const { data } = useQuery('incidents.list', { limit: NEWEST_INCIDENTS }, { deps: [lastTransition] });
  const summary = summarizePools(pools, failed, lastIncident(data?.incidents ?? [], pools), useNow());
  return (
    <p role="status" className="flex min-w-0 items-center gap-2 text-muted">
      <StateMark shape={summary.calm ? 'dot' : 'square'} tone={summary.calm ? 'up' : 'down'} />
      <span className="truncate">{summary.text}</span>
    </p>
  );
}

function NoPools() {
  return (
    <Panel label="Pools">
      <EmptyState
        title="No pool yet"
        actions={
          <Button variant="primary" onClick={() => openDialog({ kind: 'pool-form' })}>
            New pool
          </Button>
        }
      >
        A pool is a set of backends that serve the same thing. Routes of a listener lead to it.
      </EmptyState>
    </Panel>
  );
}
