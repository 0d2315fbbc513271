// The head of the board: the pool's state, where it answers, how it balances, and what can be done to
// the pool as a whole.
import { MoreHorizontal, Plus } from 'lucide-react';
import type { Config } from '#shared/config/config.ts';
import type { PoolStatus } from '#shared/status.ts';
import { copyText } from '../../lib/copy-text.ts';
import { plural } from '../../lib/format.ts';
import { leadingListeners, poolUrls } from '../../lib/pool-urls.ts';
import { poolMark, type Tone } from '../../lib/state-marks.ts';
import { setBackendStates } from '../../live/actions.ts';
import { openDialog } from '../../live/dialogs.ts';
import { useConfig, useListeners } from '../../live/hooks.ts';
import { useUnserved } from '../../live/shown-pools.ts';
import { shownState } from '../../live/unserved.ts';
import { Button } from '../../ui/button.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { Menu, type MenuItem } from '../../ui/menu.tsx';
import { Pill } from '../../ui/pill.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { FailedListeners } from './failed-listeners.tsx';
import { openAddBackend, openAddRoute, openEditPool } from './pool-dialogs.ts';

export function BoardHeader({ pool }: { pool: PoolStatus }) {
  const state = shownState(pool, useUnserved());
  const mark = poolMark(state);
  return (
    <header className="flex h-7 items-center gap-2.5">
      <StateMark shape={mark.shape} tone={mark.tone} title={mark.word} />
      {/* The name also stands in the title bar; the address is here to be copied. */}
      <h1 title={pool.name} className="selectable min-w-0 truncate font-semibold text-lg normal-nums">
        {pool.name}
      </h1>
      <PoolUrls pool={pool.name} />
      <Pill title="How the next backend is chosen" className="max-[1099px]:hidden">
        {pool.policy.replaceAll('-', ' ')}
      </Pill>
      {pool.backends.length === 0 ? null : (
        <Pill
          tone={servingTone({ ...pool, state })}
          className="max-[799px]:hidden"
        >{`${pool.serving} of ${pool.backends.length} serving`}</Pill>
      )}
      <div className="ml-auto flex shrink-0 items-center gap-2.5">
        <Menu items={poolItems(pool)}>
          <IconButton label={`More for ${pool.name}`}>
            <MoreHorizontal aria-hidden="true" />
          </IconButton>
        </Menu>
        <Button className="max-[799px]:hidden" onClick={() => openEditPool(pool.name)}>
          Edit pool
        </Button>
        <Button variant="primary" shortcut="a" onClick={() => openAddBackend(pool.name)}>
          <Plus className="size-3.5" strokeWidth={2.5} aria-hidden="true" />
          Add backend
        </Button>
      </div>
    </header>
  );
}

function servingTone(pool: PoolStatus): Tone {
  if (pool.state === 'off') return 'off';
  if (pool.serving === pool.backends.length) return 'up';
  return pool.serving === 0 ? 'down' : 'warn';
}

/** What leads here. The first is shown; more are one press away. */
function PoolUrls({ pool }: { pool: string }) {
  const saved = useConfig();
  const listeners = useListeners();
  if (saved === undefined) return null;
  const [first, ...more] = poolUrls(pool, saved.config, listeners);
  if (first === undefined) return <NoUrl pool={pool} config={saved.config} />;
  const items: MenuItem[] = [first, ...more].map((url) => ({
    label: `Copy ${url}`,
    onSelect: () => copyText(url),
  }));
  return (
    <>
      <button
        type="button"
        className="max-w-[45%] shrink-0 truncate rounded-sm font-mono text-muted text-xs hover:text-text max-[799px]:max-w-[30%]"
        title={`Copy ${first}`}
        onClick={() => copyText(first)}
      >
        {first}
      </button>
      {more.length === 0 ? null : (
        <Menu items={items} align="start">
          <button
            type="button"
            aria-label={`${plural(more.length, 'more address', 'more addresses')}`}
            className="shrink-0 rounded-sm px-1 text-muted text-xs hover:bg-raised hover:text-text"
          >
            {`+${more.length}`}
          </button>
        </Menu>
      )}
    </>
  );
}

/** A failed listener has a line of its own below the head. */
function NoUrl({ pool, config }: { pool: string; config: Config }) {
  const leading = leadingListeners(pool, config);
  if (leading.length === 0) {
    return (
      <>
        <span className="shrink-0 text-muted text-xs">no listener routes here</span>
        <Button size="sm" onClick={() => openAddRoute(pool, config)}>
          Add route
        </Button>
      </>
    );
  }
  const redirects = config.listeners.every(
    ({ name, redirectToHttps }) => !leading.includes(name) || redirectToHttps !== undefined,
  );
  return redirects ? (
    <span className="shrink-0 text-muted text-xs">its listener only redirects to https</span>
  ) : null;
}

/** Listeners that should lead to the pool and do not accept connections. */
export function FailedListenersOf({ pool }: { pool: string }) {
  const config = useConfig()?.config;
  const listeners = useListeners();
  if (config === undefined) return null;
  const leading = leadingListeners(pool, config);
  return (
    <FailedListeners
      listeners={listeners.filter(({ name, state }) => state === 'failed' && leading.includes(name))}
    />
  );
}

function poolItems(pool: PoolStatus): MenuItem[] {
  const names = pool.backends.map(({ name }) => name);
  const all = `all ${names.length}`;
  return [
    { label: 'Edit…', onSelect: () => openEditPool(pool.name) },
    'separator',
    {
      label: `Enable ${all}`,
      onSelect: () => void setBackendStates(pool.name, names, 'enabled'),
      disabled: names.length === 0,
    },
    {
      label: `Drain ${all}`,
      onSelect: () => void setBackendStates(pool.name, names, 'draining'),
      disabled: names.length === 0,
    },
    'separator',
    {
      label: 'Remove pool…',
      tone: 'danger',
      onSelect: () => openDialog({ kind: 'confirm-remove', target: { type: 'pool', pool: pool.name } }),
    },
  ];
}
