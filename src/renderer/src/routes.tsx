// Route → page. Waits for the first snapshot: a page never shows an empty core that is only unknown.
import { lazy, Suspense } from 'react';
import { FirstRun } from './features/first-run/first-run.tsx';
import { UnknownPage, UnknownPool } from './features/frame/unknown-page.tsx';
import { ListenersPage } from './features/listeners/listeners-page.tsx';
import { OverviewPage } from './features/overview/overview-page.tsx';
import { RevisionsPage } from './features/revisions/revisions-page.tsx';
import { SettingsPage } from './features/settings/settings-page.tsx';
import type { Route } from './lib/route.ts';
import { useRoute } from './lib/use-route.ts';
import { useLive } from './live/hooks.ts';
import type { LiveState } from './live/live-state.ts';

/** Brings the charts, the largest part of the program, only when a board is opened. */
const PoolPage = lazy(() =>
  import('./features/pools/pool-page.tsx').then((module) => ({ default: module.PoolPage })),
);

const selectKnown = (state: LiveState) => state.status !== null;
const selectNothingYet = (state: LiveState) =>
  state.status?.pools.length === 0 && state.status.listeners.length === 0;
const selectPoolNames = (state: LiveState) => state.status?.pools.map((pool) => pool.name).join('\n') ?? '';

export function CurrentPage() {
  const route = useRoute();
  const known = useLive(selectKnown);
  if (!known) return null;
  return (
    <Suspense fallback={null}>
      <Page route={route} />
    </Suspense>
  );
}

function Page({ route }: { route: Route }) {
  const nothingYet = useLive(selectNothingYet);
  const pools = useLive(selectPoolNames).split('\n');
  switch (route.page) {
    case 'overview':
      return nothingYet ? <FirstRun /> : <OverviewPage />;
    case 'listeners':
      return <ListenersPage />;
    case 'pool':
      // The key starts every board with its own selection, sorting and charts.
      return pools.includes(route.pool) ? (
        <PoolPage key={route.pool} name={route.pool} />
      ) : (
        <UnknownPool name={route.pool} />
      );
    case 'revisions':
      return <RevisionsPage />;
    case 'settings':
      return <SettingsPage />;
    case 'unknown':
      return <UnknownPage path={route.path} />;
  }
}
