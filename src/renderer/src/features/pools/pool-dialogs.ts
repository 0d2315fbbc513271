// What the board and the palette open for a pool. The dialogs themselves live in features/forms.
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

export function openEditPool(pool: string): void {
  openDialog({ kind: 'pool-form', pool });
}
