// The left rail: places, the pools with their marks, the system's pages. What is selected follows the
// route; the numbers follow the engine.
import { ArrowLeftRight, History, LayoutDashboard, Plus, Settings } from 'lucide-react';
import type { ReactNode } from 'react';
import { cn } from '../../lib/class-names.ts';
import { hrefOf, type Route, wholePage } from '../../lib/route.ts';
import { poolCount, poolMark } from '../../lib/state-marks.ts';
import { useRoute } from '../../lib/use-route.ts';
import { openDialog } from '../../live/dialogs.ts';
import { useListeners, useLive } from '../../live/hooks.ts';
import { latestRevision } from '../../live/live-state.ts';
import { useShownPools } from '../../live/shown-pools.ts';
import { StateMark } from '../../ui/state-mark.tsx';

export function Rail() {
  const revision = useLive(latestRevision);
  return (
    <nav
      aria-label="Main"
      className="flex min-h-0 flex-col overflow-y-auto border-r border-line bg-panel px-2 py-2.5"
    >
      <Entry to={{ page: 'overview' }} icon={<LayoutDashboard />}>
        Overview
      </Entry>
      <ListenersEntry />
      <Heading>Pools</Heading>
      <PoolEntries />
      <button
        type="button"
        onClick={() => openDialog({ kind: 'pool-form' })}
        className={cn(ENTRY_CLASSES, 'w-full')}
      >
        <span className={ICON_CLASSES}>
          <Plus aria-hidden="true" />
        </span>
        New pool
      </button>
      <Heading>System</Heading>
      <Entry to={{ page: 'revisions' }} icon={<History />} aside={revision > 0 ? `r${revision}` : undefined}>
        Revisions
      </Entry>
      <Entry to={{ page: 'settings' }} icon={<Settings />}>
        Settings
      </Entry>
    </nav>
  );
}

function ListenersEntry() {
  const listeners = useListeners();
  const failed = listeners.filter((listener) => listener.state === 'failed').length;
  return (
    <Entry
      to={{ page: 'listeners' }}
      icon={<ArrowLeftRight />}
      aside={
        failed > 0 ? (
          <span className="inline-flex items-center gap-1 text-down">
            <StateMark shape="square" tone="down" size={9} />
            {failed} failed
          </span>
        ) : (
          listeners.length || undefined
        )
      }
    >
      Listeners
    </Entry>
  );
}

function PoolEntries() {
  return useShownPools().map((pool) => {
    const mark = poolMark(pool.state);
    return (
      <Entry
        key={pool.name}
        to={{ page: 'pool', pool: pool.name }}
        icon={<StateMark shape={mark.shape} tone={mark.tone} title={mark.word} size={10} />}
        aside={poolCount(pool)}
      >
        {pool.name}
      </Entry>
    );
  });
}

function Heading({ children }: { children: ReactNode }) {
  return (
    <h2 className="px-2 pt-4 pb-1.5 text-2xs font-medium tracking-wide text-faint uppercase">{children}</h2>
  );
}

const ENTRY_CLASSES =
  'flex h-[29px] shrink-0 items-center gap-2 rounded-md px-2 text-left text-sm text-muted transition-colors hover:bg-raised hover:text-text';
const ICON_CLASSES = 'inline-flex w-3.5 shrink-0 justify-center [&>svg]:max-w-3.5';

interface EntryProps {
  to: Route;
  icon: ReactNode;
  aside?: ReactNode;
  children: ReactNode;
}

function Entry({ to, icon, aside, children }: EntryProps) {
  const href = hrefOf(to);
  const current = hrefOf(wholePage(useRoute())) === href;
  return (
    <a
      href={href}
      aria-current={current ? 'page' : undefined}
      className={cn(ENTRY_CLASSES, current && 'bg-raised font-semibold text-text')}
    >
      <span className={ICON_CLASSES}>{icon}</span>
      <span className="min-w-0 flex-1 truncate normal-nums">{children}</span>
      {aside !== undefined && (
        <span
          className={cn('shrink-0 text-2xs font-normal text-faint', current && 'font-semibold text-text')}
        >
          {aside}
        </span>
      )}
    </a>
  );
}
