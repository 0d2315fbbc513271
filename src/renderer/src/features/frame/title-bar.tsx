// The top row: name, where we are, the palette's box, and whether the engine runs what was saved.

import { hrefOf, type Route } from '../../lib/route.ts';
import { useRoute } from '../../lib/use-route.ts';
import { useLive } from '../../live/hooks.ts';
import type { LiveState } from '../../live/live-state.ts';
import { Kbd } from '../../ui/kbd.tsx';
import { Pill } from '../../ui/pill.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { Tooltip } from '../../ui/tooltip.tsx';
import { engineVerdict } from './engine-verdict.ts';
import { Logo } from './logo.tsx';

export function TitleBar({ onOpenPalette }: { onOpenPalette: () => void }) {
  return (
    <header className="col-span-2 grid grid-cols-[216px_minmax(0,1fr)_auto] items-center border-b border-line bg-panel pr-3.5">
      <a
        href={hrefOf({ page: 'overview' })}
        className="flex w-fit items-center gap-2 rounded-md px-3.5 font-semibold"
      >
        <Logo />
        Sluice
      </a>
      <Breadcrumb />
      <div className="flex min-w-0 items-center gap-3.5">
        <button
          type="button"
          onClick={onOpenPalette}
          // A press leaves the focus where it is: the palette gives it back to there.
          onMouseDown={(event) => event.preventDefault()}
          aria-keyshortcuts="Control+K"
          className="flex h-7 w-80 min-w-0 items-center justify-between rounded-md border border-line bg-raised pr-2 pl-2.5 text-sm text-faint transition-colors hover:border-line-strong max-[1100px]:w-60 max-[799px]:w-32"
        >
          <span className="truncate">Search or run a command</span>
          <Kbd keys="mod+k" />
        </button>
        {/* As wide as its longest sentence, so that a new one does not move the search. */}
        <div className="flex w-80 justify-end max-[799px]:w-[220px]">
          <EnginePill />
        </div>
      </div>
    </header>
  );
}

function Breadcrumb() {
  const route = useRoute();
  return (
    <p className="truncate text-sm font-semibold normal-nums">
      {route.page === 'pool' ? (
        <>
          <span className="text-muted max-[799px]:hidden">Pools / </span>
          {route.pool}
        </>
      ) : (
        TITLES[route.page]
      )}
    </p>
  );
}

const TITLES: Readonly<Record<Exclude<Route['page'], 'pool'>, string>> = {
  overview: 'Overview',
  listeners: 'Listeners',
  revisions: 'Revisions',
  settings: 'Settings',
  unknown: 'Not found',
};

const selectEngineText = (state: LiveState) => JSON.stringify(engineVerdict(state));

function EnginePill() {
  // As text, because the store compares by identity.
  const state = JSON.parse(useLive(selectEngineText)) as ReturnType<typeof engineVerdict>;
  return (
    <Tooltip content={<span className="whitespace-pre-line">{state.detail}</span>}>
      <a
        href={hrefOf(state.pool === undefined ? { page: 'listeners' } : { page: 'pool', pool: state.pool })}
        className="min-w-0 rounded-full"
      >
        <Pill tone={state.tone} className="max-w-full">
          <StateMark shape={state.shape} tone={state.tone} size={9} />
          <span role="status" className="min-w-0 truncate">
            {state.text}
          </span>
        </Pill>
      </a>
    </Tooltip>
  );
}
