// The commands used last, newest first, remembered in the page across starts.
const KEY = 'sluice-recent-commands';
const KEPT = 5;

export function recentCommands(): string[] {
  const text = localStorage.getItem(KEY);
  return text ? text.split('\n') : [];
}

export function rememberCommand(id: string): void {
  const ids = [id, ...recentCommands().filter((other) => other !== id)].slice(0, KEPT);
  localStorage.setItem(KEY, ids.join('\n'));
}
