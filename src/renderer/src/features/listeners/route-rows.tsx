// The routes of one listener in the order they are tried. ↑ and ↓ (or Alt with the arrow keys) move
// one; the order on screen changes when the core has saved it, and the focus stays with the route.
import { ArrowDown, ArrowUp, Pencil, TriangleAlert, X } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import type { ListenerConfig, RouteConfig } from '#shared/config/listener.ts';
import { cn } from '../../lib/class-names.ts';
import { hrefOf } from '../../lib/route.ts';
import { poolMark } from '../../lib/state-marks.ts';
import { unreachableRoutes } from '../../lib/unreachable-routes.ts';
import { recordRevisionUndo } from '../../live/actions.ts';
import { openDialog } from '../../live/dialogs.ts';
import { useShownPools } from '../../live/shown-pools.ts';
import { useCommand } from '../../live/use-command.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { NARROW_ROW } from './narrow-row.ts';
import { matchText, movedIndex } from './route-text.ts';

type Step = -1 | 1;

export function RouteRows({ listener }: { listener: ListenerConfig }) {
  const { routes } = listener;
  const update = useCommand('routes.update');
  const rows = useRef(new Map<string, HTMLTableRowElement>());
  const moved = useRef<{ name: string; step: Step } | null>(null);
  const shadowed = unreachableRoutes(routes);

  // biome-ignore lint/correctness/useExhaustiveDependencies: runs when the saved order arrives
  useEffect(() => {
    if (moved.current) focusMove(rows.current.get(moved.current.name), moved.current.step);
    moved.current = null;
  }, [routes]);

  const move = async (route: RouteConfig, index: number, step: Step) => {
    const next = movedIndex(index, step, routes.length);
    if (next === undefined || update.pending) return;
    moved.current = { name: route.name, step };
    const result = await update.run({ listener: listener.name, name: route.name, route, index: next });
    if (result.ok) recordRevisionUndo(`Moved route ${route.name} ${step < 0 ? 'up' : 'down'}`, result.value);
    else moved.current = null;
  };

  // A redirecting listener needs none, and its row says where it sends everything.
  if (routes.length === 0 && listener.redirectToHttps) return null;
  if (routes.length === 0) {
    return (
      <tr className={cn('h-9 border-t border-line', NARROW_ROW)}>
        <td colSpan={6} className="pl-[35px] text-muted">
          No route: every request to it gets 404.
        </td>
      </tr>
    );
  }
  return routes.map((route, i) => (
    <RouteRow
      key={route.name}
      listener={listener.name}
      route={route}
      index={i}
      count={routes.length}
      shadowedBy={shadowed.get(route.name)}
      used={listener.redirectToHttps === undefined}
      onMove={(step) => void move(route, i, step)}
      register={(row) => {
        if (row) rows.current.set(route.name, row);
        else rows.current.delete(route.name);
      }}
    />
  ));
}

/** The same button again; at the end of the list, where it no longer works, the other one. */
function focusMove(row: HTMLTableRowElement | undefined, step: Step): void {
  const wanted = row?.querySelector<HTMLButtonElement>(`[data-move="${step}"]:enabled`);
  (wanted ?? row?.querySelector<HTMLButtonElement>('[data-move]:enabled'))?.focus();
}

interface RouteRowProps {
  listener: string;
  route: RouteConfig;
  index: number;
  count: number;
  /** The earlier route that takes every request this one would match. */
  shadowedBy: string | undefined;
  /** False below a listener that sends every request to https, as its own row says. */
  used: boolean;
  onMove: (step: Step) => void;
  register: (row: HTMLTableRowElement | null) => void;
}

function RouteRow({ listener, route, index, count, shadowedBy, used, onMove, register }: RouteRowProps) {
  const onKeyDown = (event: KeyboardEvent) => {
    if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
    event.preventDefault();
    onMove(event.key === 'ArrowUp' ? -1 : 1);
  };
  return (
    <tr
      ref={register}
      onKeyDown={onKeyDown}
      className={cn('h-9 border-t border-line transition-colors hover:bg-raised', NARROW_ROW)}
    >
      <td className="pl-[35px]">
        <span className="flex items-baseline gap-2">
          <span className="w-4 text-right text-xs text-muted">{index + 1}</span>
          <span className={cn('truncate', !used && 'text-muted')}>{route.name}</span>
        </span>
      </td>
      <td className="px-2 py-1.5">
        <span className="flex flex-wrap items-center gap-x-2">
          <MatchText route={route} used={used} />
          {!used && <span className="text-xs text-muted">not used</span>}
          {used && shadowedBy !== undefined && (
            <span className="inline-flex items-center gap-1 text-xs text-warn">
              <TriangleAlert className="size-3" aria-hidden="true" />
              never reached: route “{shadowedBy}” comes first
            </span>
          )}
        </span>
      </td>
      <td colSpan={3} className="px-2">
        <PoolLink name={route.pool} used={used} />
      </td>
      <td className="pr-2.5 max-[979px]:ml-auto">
        <div className="flex justify-end gap-0.5">
          <IconButton
            label={`Move ${route.name} up`}
            className="size-6"
            data-move={-1}
            disabled={index === 0}
            onClick={() => onMove(-1)}
          >
            <ArrowUp aria-hidden="true" />
          </IconButton>
          <IconButton
            label={`Move ${route.name} down`}
            className="size-6"
            data-move={1}
            disabled={index === count - 1}
            onClick={() => onMove(1)}
          >
            <ArrowDown aria-hidden="true" />
          </IconButton>
          <IconButton
            label={`Edit route ${route.name}`}
            className="size-6"
            onClick={() => openDialog({ kind: 'route-form', listener, route: route.name })}
          >
            <Pencil aria-hidden="true" />
          </IconButton>
          <IconButton
            label={`Remove route ${route.name}`}
            className="size-6"
            onClick={() =>
              openDialog({ kind: 'confirm-remove', target: { type: 'route', listener, route: route.name } })
            }
          >
            <X aria-hidden="true" />
          </IconButton>
        </div>
      </td>
    </tr>
  );
}

function MatchText({ route, used }: { route: RouteConfig; used: boolean }) {
  const text = matchText(route.match);
  return text === 'everything' ? (
    <span className="text-muted">everything</span>
  ) : (
    <span className={cn('truncate font-mono text-xs', !used && 'text-muted')}>{text}</span>
  );
}

/** The state of a pool that nothing is sent to from here would look like traffic. */
function PoolLink({ name, used }: { name: string; used: boolean }) {
  const pool = useShownPools().find((each) => each.name === name);
  const mark = pool && poolMark(pool.state);
  return (
    <a
      href={hrefOf({ page: 'pool', pool: name })}
      className="inline-flex max-w-full items-center gap-2 rounded-sm hover:underline"
    >
      <span className="text-muted" aria-hidden="true">
        →
      </span>
      {used && mark && <StateMark shape={mark.shape} tone={mark.tone} title={mark.word} />}
      <span className={cn('truncate', !used && 'text-muted')}>{name}</span>
    </a>
  );
}
