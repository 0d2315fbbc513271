// The keys that work on every page.

import { useEffect, useRef } from 'react';
import { useShortcut } from '../../lib/keyboard.ts';
import type { Route } from '../../lib/route.ts';
import { navigate, useRoute } from '../../lib/use-route.ts';
import { usePools } from '../../live/hooks.ts';
import { redoLast, undoLast } from '../../live/undo.ts';

export interface FrameActs {
  openPalette: () => void;
  openHelp: () => void;
}

export function useFrameShortcuts({ openPalette, openHelp }: FrameActs): void {
  const poolJump = usePoolJump();
  useShortcut('mod+k', openPalette, { label: 'Search or run a command', whileTyping: true });
  useShortcut('?', openHelp, { label: 'Show these shortcuts' });
  useShortcut('mod+z', () => void undoLast(), { label: 'Undo the last change' });
  useShortcut('mod+shift+z', () => void redoLast(), { label: 'Redo what was undone' });
  useShortcut('g o', () => navigate({ page: 'overview' }), { label: 'Go to the overview' });
  useShortcut('g l', () => navigate({ page: 'listeners' }), { label: 'Go to the listeners' });
  useShortcut('g p', () => navigate(poolJump), { label: 'Go to the pool last looked at' });
  useShortcut('g r', () => navigate({ page: 'revisions' }), { label: 'Go to the revisions' });
  useShortcut('g s', () => navigate({ page: 'settings' }), { label: 'Go to the settings' });
}

/** The pool looked at last while it exists, else the first one. */
function usePoolJump(): Route {
  const pools = usePools();
  const route = useRoute();
  const last = useRef<string | null>(null);
  const shown = route.page === 'pool' ? route.pool : null;
  useEffect(() => {
    if (shown !== null) last.current = shown;
  }, [shown]);
  const pool = pools.find(({ name }) => name === last.current) ?? pools[0];
  return pool ? { page: 'pool', pool: pool.name } : { page: 'overview' };
}
