// Keeps the page's colour scheme equal to the setting. The last choice is remembered in the page, so the
// first frame is already right; the core's word replaces it a moment later.
import type { Settings } from '#shared/contract.ts';
import { call } from './connection.ts';
import { getLiveState, watchLive } from './store.ts';
import { recordUndo } from './undo.ts';
import { showError } from './use-command.ts';

type Theme = Settings['theme'];
const REMEMBERED_KEY = 'sluice-theme';

export function startTheme(): void {
  const remembered = localStorage.getItem(REMEMBERED_KEY);
  if (remembered === 'dark' || remembered === 'light') show(remembered);
  watchLive(() => {
    const theme = getLiveState().settings?.theme;
    if (theme !== undefined) show(theme);
  });
}

/** The system's scheme is CSS's own business: then the attribute is absent. */
function show(theme: Theme): void {
  const { dataset } = document.documentElement;
  if ((dataset.theme ?? 'system') === theme) return;
  if (theme === 'system') {
    delete dataset.theme;
    localStorage.removeItem(REMEMBERED_KEY);
  } else {
    dataset.theme = theme;
    localStorage.setItem(REMEMBERED_KEY, theme);
  }
}

/** Saves the choice; the page follows when the core confirms it. */
export async function setTheme(theme: Theme): Promise<void> {
  const before = getLiveState().settings?.theme ?? 'system';
  if (before === theme) return;
  const result = await call('settings.set', { theme });
  if (!result.ok) {
    showError(result.error);
    return;
  }
  recordUndo({
    label: theme === 'system' ? 'Theme follows the system' : `Theme set to ${theme}`,
    undo: () => call('settings.set', { theme: before }),
    redo: () => call('settings.set', { theme }),
  });
}
