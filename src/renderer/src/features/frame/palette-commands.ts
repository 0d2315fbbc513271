// Everything the palette can do, as data, from what the core says now: places, acts on backends, adding,
// theme, undo. An act that would change nothing is left out.
import type { AdminState } from '#shared/config/backend.ts';
import type { Settings } from '#shared/contract.ts';
import type { PoolStatus } from '#shared/status.ts';
import type { Route } from '../../lib/route.ts';
import type { Mark } from '../../lib/state-marks.ts';
import { backendMark, poolMark } from '../../lib/state-marks.ts';
import type { DialogRequest } from '../../live/dialogs.ts';

export interface PaletteCommand {
  /** Stable, for the list of recent ones. */
  id: string;
  label: string;
  /** Further words that find it. */
  keywords: string;
  group: 'Go to' | 'Backends' | 'Add' | 'Change' | 'Window';
  /** Key that does the same. */
  shortcut?: string;
  mark?: Mark;
  /** Quiet text at the right. */
  aside?: string;
  run: () => void;
}

/** What the commands may do; handed in, so that the list is data. */
export interface PaletteActs {
  go: (route: Route) => void;
  dialog: (request: DialogRequest) => void;
  setState: (pool: string, backend: string, state: AdminState) => void;
  setTheme: (theme: Settings['theme']) => void;
  undo: () => void;
  redo: () => void;
  help: () => void;
  /** To the filter of the board on screen. */
  filter: () => void;
}

export interface PaletteInput {
  pools: readonly PoolStatus[];
  listeners: readonly { name: string }[];
  theme: Settings['theme'];
  /** The pool on screen, whose acts come first. */
  shownPool: string | null;
  /** Newest revision; going back is possible from 2 on. */
  revision: number;
  undoLabel: string | null;
  redoLabel: string | null;
}

export function paletteCommands(input: PaletteInput, acts: PaletteActs): PaletteCommand[] {
  const pools = [...input.pools].sort(
    (a, b) => Number(b.name === input.shownPool) - Number(a.name === input.shownPool),
  );
  return [
    ...placeCommands(input.pools, acts),
    ...changeCommands(input, acts),
    ...addCommands(pools, input, acts),
    ...filterCommands(input, acts),
    ...pools.flatMap((pool) => backendCommands(pool, acts)),
    ...windowCommands(input, acts),
  ];
}

function placeCommands(pools: readonly PoolStatus[], acts: PaletteActs): PaletteCommand[] {
  const place = (
    label: string,
    page: 'overview' | 'listeners' | 'revisions' | 'settings',
    shortcut: string,
  ): PaletteCommand => ({
    id: `go ${page}`,
    label,
    keywords: 'go open show page',
    group: 'Go to',
    shortcut,
    run: () => acts.go({ page }),
  });
  return [
    place('Overview', 'overview', 'g o'),
    place('Listeners', 'listeners', 'g l'),
    ...pools.map(
      (pool): PaletteCommand => ({
        id: `go pool ${pool.name}`,
        label: `Pool ${pool.name}`,
        keywords: `go open show board ${poolMark(pool.state).word}`,
        group: 'Go to',
        mark: poolMark(pool.state),
        aside: `${pool.serving}/${pool.backends.length}`,
        run: () => acts.go({ page: 'pool', pool: pool.name }),
      }),
    ),
    place('Revisions', 'revisions', 'g r'),
    place('Settings', 'settings', 'g s'),
  ];
}

const STATE_VERBS: readonly { state: AdminState; verb: string; keywords: string }[] = [
  { state: 'draining', verb: 'Drain', keywords: 'empty finish take out' },
  { state: 'disabled', verb: 'Disable', keywords: 'off stop take out' },
  { state: 'enabled', verb: 'Enable', keywords: 'on start undrain bring back' },
];

/** The board of a pool without backends has no filter, nor has another page. */
function filterCommands({ pools, shownPool }: PaletteInput, acts: PaletteActs): PaletteCommand[] {
  const shown = pools.find(({ name }) => name === shownPool);
  if (shown === undefined || shown.backends.length === 0) return [];
  return [
    {
      id: 'filter',
      label: 'Filter the backends',
      keywords: 'search find narrow problems',
      group: 'Backends',
      shortcut: '/',
      aside: shown.name,
      run: acts.filter,
    },
  ];
}

function backendCommands(pool: PoolStatus, acts: PaletteActs): PaletteCommand[] {
  return pool.backends.flatMap((backend) => {
    const mark = backendMark(backend.state);
    const common = { group: 'Backends' as const, mark, aside: pool.name };
    const keywords = `${pool.name} ${backend.address} ${mark.word}`;
    return [
      ...STATE_VERBS.filter(({ state }) => state !== backend.admin).map(
        ({ state, verb, keywords: more }): PaletteCommand => ({
          ...common,
          id: `${state} ${pool.name}/${backend.name}`,
          label: `${verb} ${backend.name}`,
          keywords: `${keywords} ${more}`,
          run: () => acts.setState(pool.name, backend.name, state),
        }),
      ),
      {
        ...common,
        id: `checks ${pool.name}/${backend.name}`,
        label: `Checks of ${backend.name}`,
        keywords: `${keywords} health incidents probes history`,
        run: () => acts.dialog({ kind: 'checks', pool: pool.name, backend: backend.name }),
      },
      {
        ...common,
        id: `weight ${pool.name}/${backend.name}`,
        label: `Set the weight of ${backend.name}…`,
        keywords: `${keywords} change share split`,
        run: () =>
          acts.dialog({ kind: 'backend-form', pool: pool.name, backend: backend.name, focus: 'weight' }),
      },
      {
        ...common,
        id: `edit ${pool.name}/${backend.name}`,
        label: `Edit ${backend.name}`,
        keywords: `${keywords} address weight change`,
        run: () => acts.dialog({ kind: 'backend-form', pool: pool.name, backend: backend.name }),
      },
      {
        ...common,
        id: `remove ${pool.name}/${backend.name}`,
        label: `Remove ${backend.name}…`,
        keywords: `${keywords} delete`,
        run: () =>
          acts.dialog({
            kind: 'confirm-remove',
            target: { type: 'backends', pool: pool.name, backends: [backend.name] },
          }),
      },
    ];
  });
}

function addCommands(pools: readonly PoolStatus[], input: PaletteInput, acts: PaletteActs): PaletteCommand[] {
  return [
    {
      id: 'add pool',
      label: 'New pool',
      keywords: 'add create',
      group: 'Add',
      run: () => acts.dialog({ kind: 'pool-form' }),
    },
    {
      id: 'add listener',
      label: 'Add listener',
      keywords: 'new create port',
      group: 'Add',
      run: () => acts.dialog({ kind: 'listener-form', pool: input.shownPool ?? undefined }),
    },
    ...pools.map(
      (pool): PaletteCommand => ({
        id: `add backend ${pool.name}`,
        label: `Add backend to ${pool.name}`,
        keywords: 'new create server upstream',
        group: 'Add',
        ...(pool.name === input.shownPool ? { shortcut: 'a' } : {}),
        run: () => acts.dialog({ kind: 'backend-form', pool: pool.name }),
      }),
    ),
    ...input.listeners.map(
      (listener): PaletteCommand => ({
        id: `add route ${listener.name}`,
        label: `Add route to ${listener.name}`,
        keywords: 'new create match path host',
        group: 'Add',
        run: () => acts.dialog({ kind: 'route-form', listener: listener.name }),
      }),
    ),
    ...pools.map(
      (pool): PaletteCommand => ({
        id: `edit pool ${pool.name}`,
        label: `Edit pool ${pool.name}`,
        keywords: 'change policy health check tls retries queue drain timeouts rename',
        group: 'Change',
        run: () => acts.dialog({ kind: 'pool-form', pool: pool.name }),
      }),
    ),
    ...input.listeners.map(
      (listener): PaletteCommand => ({
        id: `edit listener ${listener.name}`,
        label: `Edit listener ${listener.name}`,
        keywords: 'change port host https tls certificate redirect proxies limits',
        group: 'Change',
        run: () => acts.dialog({ kind: 'listener-form', listener: listener.name }),
      }),
    ),
    ...pools.map(
      (pool): PaletteCommand => ({
        id: `remove pool ${pool.name}`,
        label: `Remove pool ${pool.name}…`,
        keywords: 'delete',
        group: 'Change',
        run: () => acts.dialog({ kind: 'confirm-remove', target: { type: 'pool', pool: pool.name } }),
      }),
    ),
    ...input.listeners.map(
      (listener): PaletteCommand => ({
        id: `remove listener ${listener.name}`,
        label: `Remove listener ${listener.name}…`,
        keywords: 'delete port',
        group: 'Change',
        run: () =>
          acts.dialog({ kind: 'confirm-remove', target: { type: 'listener', listener: listener.name } }),
      }),
    ),
    {
      id: 'import',
      label: 'Import config…',
      keywords: 'file paste json load',
      group: 'Add',
      run: () => acts.dialog({ kind: 'import-config' }),
    },
    {
      id: 'export',
      label: 'Export config…',
      keywords: 'file copy save download json backup',
      group: 'Add',
      run: () => acts.dialog({ kind: 'export-config' }),
    },
  ];
}

function changeCommands(input: PaletteInput, acts: PaletteActs): PaletteCommand[] {
  const commands: PaletteCommand[] = [];
  if (input.undoLabel !== null) {
    commands.push({
      id: 'undo',
      label: `Undo: ${input.undoLabel}`,
      keywords: 'back revert',
      group: 'Change',
      shortcut: 'mod+z',
      run: acts.undo,
    });
  }
  if (input.redoLabel !== null) {
    commands.push({
      id: 'redo',
      label: `Redo: ${input.redoLabel}`,
      keywords: 'again',
      group: 'Change',
      shortcut: 'mod+shift+z',
      run: acts.redo,
    });
  }
  if (input.revision > 1) {
    const previous = input.revision - 1;
    commands.push({
      id: 'rollback',
      label: `Roll back to r${previous}…`,
      keywords: 'revert restore revision undo',
      group: 'Change',
      run: () => acts.dialog({ kind: 'confirm-rollback', revision: previous }),
    });
  }
  return commands;
}

const THEMES: readonly { theme: Settings['theme']; label: string }[] = [
  { theme: 'dark', label: 'Dark theme' },
  { theme: 'light', label: 'Light theme' },
  { theme: 'system', label: 'Theme of the system' },
];

function windowCommands(input: PaletteInput, acts: PaletteActs): PaletteCommand[] {
  return [
    ...THEMES.filter(({ theme }) => theme !== input.theme).map(
      ({ theme, label }): PaletteCommand => ({
        id: `theme ${theme}`,
        label,
        keywords: 'appearance colour color mode',
        group: 'Window',
        run: () => acts.setTheme(theme),
      }),
    ),
    {
      id: 'trust',
      label: 'Trust the local authority',
      keywords: 'certificate https tls ca browser warning save',
      group: 'Window',
      run: () => acts.go({ page: 'settings', part: 'authority' }),
    },
    {
      id: 'help',
      label: 'Keyboard shortcuts',
      keywords: 'help keys',
      group: 'Window',
      shortcut: '?',
      run: acts.help,
    },
  ];
}
