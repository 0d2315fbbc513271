// Where a link leads that names something which is not there: says what is, and how to get it.
import { Compass, SearchX } from 'lucide-react';
import { hrefOf } from '../../lib/route.ts';
import { poolMark } from '../../lib/state-marks.ts';
import { navigate } from '../../lib/use-route.ts';
import { openDialog } from '../../live/dialogs.ts';
import { useShownPools } from '../../live/shown-pools.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Panel } from '../../ui/panel.tsx';
import { StateMark } from '../../ui/state-mark.tsx';

const POOLS_OFFERED = 8;

export function UnknownPool({ name }: { name: string }) {
  const pools = useShownPools().slice(0, POOLS_OFFERED);
  return (
    <Panel label="Unknown pool" className="flex flex-1 flex-col justify-center">
      <EmptyState
        icon={<SearchX aria-hidden="true" />}
        title={<h1>There is no pool called “{name}”</h1>}
        actions={
          <>
            <Button variant="primary" onClick={() => openDialog({ kind: 'pool-form' })}>
              New pool
            </Button>
            <Button onClick={() => navigate({ page: 'overview' })}>Overview</Button>
          </>
        }
      >
        <p>It was removed or renamed, or the link is from another Sluice.</p>
        {pools.length > 0 && (
          <ul className="mt-3 flex flex-wrap justify-center gap-x-4 gap-y-1">
            {pools.map((pool) => (
              <li key={pool.name}>
                <a
                  href={hrefOf({ page: 'pool', pool: pool.name })}
                  className="inline-flex items-center gap-1.5 rounded-sm text-text hover:underline"
                >
                  <StateMark {...poolMark(pool.state)} title={poolMark(pool.state).word} />
                  {pool.name}
                </a>
              </li>
            ))}
          </ul>
        )}
      </EmptyState>
    </Panel>
  );
}

export function UnknownPage({ path }: { path: string }) {
  return (
    <Panel label="Unknown page" className="flex flex-1 flex-col justify-center">
      <EmptyState
        icon={<Compass aria-hidden="true" />}
        title={<h1>There is nothing at “{path}”</h1>}
        actions={
          <Button variant="primary" onClick={() => navigate({ page: 'overview' })}>
            Overview
          </Button>
        }
      >
        <p>The link may be from a newer version of Sluice.</p>
      </EmptyState>
    </Panel>
  );
}
