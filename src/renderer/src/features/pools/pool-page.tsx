// The board of one pool: what it is, how its traffic is split, what came of it, and every backend
// live. Mounted by the route of the pool, once per pool.
import { Plus, Server } from 'lucide-react';
import { useMemo } from 'react';
import type { PoolStatus } from '#shared/status.ts';
import { useShortcut } from '../../lib/keyboard.ts';
import { navigate } from '../../lib/use-route.ts';
import { splitByWeight } from '../../live/actions.ts';
import { usePool, useSystem } from '../../live/hooks.ts';
import { useCommand } from '../../live/use-command.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { BackendTable } from './backend-table/backend-table.tsx';
import { BoardHeader, FailedListenersOf } from './board-header.tsx';
import { TrafficCharts } from './charts/traffic-charts.tsx';
import { openAddBackend } from './pool-dialogs.ts';
import { SplitPanel } from './split/split-panel.tsx';
import { useSplitDraft } from './split/use-split-draft.ts';
import { useMarkers } from './use-markers.ts';

export function PoolPage({ name }: { name: string }) {
  const pool = usePool(name);
  if (pool === undefined) return null;
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-3">
      <BoardHeader pool={pool} />
      <FailedListenersOf pool={pool.name} />
      {pool.backends.length === 0 ? <EmptyBoard pool={pool.name} /> : <Board pool={pool} />}
    </div>
  );
}

function Board({ pool }: { pool: PoolStatus }) {
  const draft = useSplitDraft(pool);
  const markers = useMarkers(pool);
  const names = pool.backends.map((backend) => backend.name).join('\n');
  const backends = useMemo(() => names.split('\n'), [names]);
  return (
    <>
      <SplitPanel pool={pool} draft={draft} onUseWeights={() => void splitByWeight(pool.name)} />
      <TrafficCharts
        pool={pool.name}
        backends={backends}
        markers={markers}
        requestsPerS={pool.requestsPerS}
        p95Ms={pool.latencyMs.p95}
        minute={pool}
      />
      <BackendTable pool={pool} draft={draft} />
    </>
  );
}

function EmptyBoard({ pool }: { pool: string }) {
  const demo = useCommand('demo.start');
  const demoRunning = useSystem()?.demoRunning ?? false;
  useShortcut('a', () => openAddBackend(pool), { group: 'Pool board', label: 'Add backend' });
  const startDemo = async () => {
    const started = await demo.run({});
    if (started.ok) navigate({ page: 'pool', pool: started.value.pool });
  };
  return (
    <section className="flex flex-1 items-center justify-center rounded-lg border border-line border-dashed bg-panel">
      <EmptyState
        icon={<Server aria-hidden="true" />}
        title={`${pool} has no backends yet`}
        actions={
          <>
            <Button variant="primary" shortcut="a" onClick={() => openAddBackend(pool)}>
              <Plus className="size-3.5" strokeWidth={2.5} aria-hidden="true" />
              Add backend
            </Button>
            {demoRunning ? null : (
              <Button pending={demo.pending} onClick={() => void startDemo()}>
                Start the demo
              </Button>
            )}
          </>
        }
      >
        Add the address of a server, such as 127.0.0.1:3001. It is checked first and gets requests as soon as
        it answers. Or start the demo: three backends with traffic, in a pool of their own.
      </EmptyState>
    </section>
  );
}
