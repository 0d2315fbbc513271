// The command palette: everything by name, Ctrl K. Recent commands on top while nothing is typed. Afterwards
// the focus is where the command led: in a dialog, on a page, else where it was before.
import { Command } from 'cmdk';
import { Search } from 'lucide-react';
import { Dialog as RadixDialog } from 'radix-ui';
import { useRef, useState } from 'react';
import { runShortcut } from '../../lib/keyboard.ts';
import { navigate, useRoute } from '../../lib/use-route.ts';
import { setBackendState } from '../../live/actions.ts';
import { openDialog } from '../../live/dialogs.ts';
import { useListeners, useLive, useSettings } from '../../live/hooks.ts';
import { latestRevision } from '../../live/live-state.ts';
import { useShownPools } from '../../live/shown-pools.ts';
import { setTheme } from '../../live/theme.ts';
import { redoLast, undoLast, useRedoLabel, useUndoLabel } from '../../live/undo.ts';
import { Kbd } from '../../ui/kbd.tsx';
import { ReturnFocus } from '../../ui/return-focus.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { type PaletteCommand, paletteCommands } from './palette-commands.ts';
import { rankCommands } from './palette-rank.ts';
import { recentCommands, rememberCommand } from './recent-commands.ts';

/** More would only be scrolled past; typing narrows. */
const SHOWN = 40;

export interface PaletteProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onHelp: () => void;
}

export function Palette({ open, onOpenChange, onHelp }: PaletteProps) {
  return (
    <RadixDialog.Root open={open} onOpenChange={onOpenChange}>
      <RadixDialog.Portal>
        <RadixDialog.Overlay className="animate-fade-in fixed inset-0 z-40 bg-scrim" />
        <RadixDialog.Content
          aria-describedby={undefined}
          className="animate-rise-in fixed inset-x-4 top-[9vh] z-50 mx-auto max-w-[600px] overflow-hidden rounded-lg border border-line bg-panel shadow-float focus:outline-none"
          onCloseAutoFocus={(event) => event.preventDefault()}
        >
          <RadixDialog.Title className="sr-only">Search or run a command</RadixDialog.Title>
          <PaletteBody onClose={() => onOpenChange(false)} onHelp={onHelp} />
        </RadixDialog.Content>
      </RadixDialog.Portal>
    </RadixDialog.Root>
  );
}

function PaletteBody({ onClose, onHelp }: { onClose: () => void; onHelp: () => void }) {
  const [query, setQuery] = useState('');
  /** Where the chosen command leads the focus once the palette is gone; null gives it back. */
  const destination = useRef<() => Element | null>(() => null);
  const commands = useCommands(onHelp, (to) => {
    destination.current = to;
  });
  const groups = groupsOf(commands, query);

  const run = (command: PaletteCommand) => {
    rememberCommand(command.id);
    onClose();
    command.run();
  };

  return (
    <Command shouldFilter={false} loop label="Commands">
      <ReturnFocus instead={() => destination.current()} />
      <div className="flex items-center gap-2.5 border-b border-line px-3.5">
        <Search className="size-4 shrink-0 text-muted" aria-hidden="true" />
        <Command.Input
          autoFocus
          value={query}
          onValueChange={setQuery}
          placeholder="Search or run a command"
          className="h-11 w-full bg-transparent text-base outline-none placeholder:text-faint"
        />
        <Kbd keys="esc" />
      </div>
      <Command.List className="max-h-[min(420px,60vh)] overflow-y-auto p-1.5">
        <Command.Empty className="px-3 py-8 text-center text-sm text-muted">
          Nothing is called “{query}”.
        </Command.Empty>
        {groups.map(([heading, items]) => (
          <Command.Group
            key={heading}
            heading={heading}
            className="[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-2xs [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-faint"
          >
            {items.map((command) => (
              <Command.Item
                key={command.id}
                value={`${heading} ${command.id}`}
                onSelect={() => run(command)}
                className="flex h-8 items-center gap-2.5 rounded-md px-2 text-sm data-[selected=true]:bg-hover"
              >
                <span className="inline-flex w-3.5 justify-center">
                  {command.mark && (
                    <StateMark shape={command.mark.shape} tone={command.mark.tone} size={10} />
                  )}
                </span>
                <span className="min-w-0 flex-1 truncate">{command.label}</span>
                {command.aside && <span className="text-xs text-muted">{command.aside}</span>}
                {command.shortcut && <Kbd keys={command.shortcut} />}
              </Command.Item>
            ))}
          </Command.Group>
        ))}
      </Command.List>
    </Command>
  );
}

/** The board puts the focus into its filter itself. */
function toFilter(): Element | null {
  runShortcut('/');
  return document.activeElement;
}

function useCommands(onHelp: () => void, onLeave: (to: () => Element | null) => void): PaletteCommand[] {
  const route = useRoute();
  const input = {
    pools: useShownPools(),
    listeners: useListeners(),
    theme: useSettings()?.theme ?? 'system',
    shownPool: route.page === 'pool' ? route.pool : null,
    revision: useLive(latestRevision),
    undoLabel: useUndoLabel(),
    redoLabel: useRedoLabel(),
  } as const;
  return paletteCommands(input, {
    go: (to) => {
      onLeave(() => document.querySelector('main'));
      navigate(to);
    },
    dialog: openDialog,
    setState: (pool, backend, state) => void setBackendState(pool, backend, state),
    setTheme: (theme) => void setTheme(theme),
    undo: () => void undoLast(),
    redo: () => void redoLast(),
    help: onHelp,
    filter: () => onLeave(toFilter),
  });
}

/** While nothing is typed: the recent ones, then places and acts by group. Typed: one list, best first. */
function groupsOf(commands: readonly PaletteCommand[], query: string): [string, PaletteCommand[]][] {
  if (query.trim() !== '') {
    const found = rankCommands(commands, query, SHOWN);
    return found.length === 0 ? [] : [['Results', found]];
  }
  const recent = recentCommands().flatMap((id) => commands.find((command) => command.id === id) ?? []);
  const rest = commands.filter((command) => !recent.includes(command)).slice(0, SHOWN);
  const groups: [string, PaletteCommand[]][] = [...Map.groupBy(rest, (command) => command.group)];
  return recent.length === 0 ? groups : [['Recent', recent], ...groups];
}
