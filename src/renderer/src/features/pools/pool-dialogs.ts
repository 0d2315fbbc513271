// What the board and the palette open for a pool. The dialogs themselves live in features/forms.
import type { Config } from '#shared/config/config.ts';
import { openDialog } from '../../live/dialogs.ts';

export function openAddBackend(pool: string): void {
  openDialog({ kind: 'backend-form', pool });
}

export function openEditBackend(pool: string, backend: string): void {
  openDialog({ kind: 'backend-form', pool, backend });
}

export function openRemoveBackends(pool: string, backends: readonly string[]): void {
  openDialog({ kind: 'confirm-remove', target: { type: 'backends', pool, backends } });
}

/** A route needs a listener: without one a listener comes first, with several the form asks which. */
export function openAddRoute(pool: string, config: Config): void {
  const [only, ...more] = config.listeners;
  if (only === undefined) openDialog({ kind: 'listener-form', pool });
  else if (more.length === 0) openDialog({ kind: 'route-form', listener: only.name, pool });
  else openDialog({ kind: 'route-form', pool });
}

export function openEditPool(pool: string): void {
  openDialog({ kind: 'pool-form', pool });
}
