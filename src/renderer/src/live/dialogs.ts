// The one dialog that is open, as data: a page or the palette asks for it here, app-dialogs.tsx mounts it, so
// no feature imports another’s dialog. Every component takes `{ request: DialogOf<kind>; onClose }`; for
// their names and files see there.
import { useSyncExternalStore } from 'react';
import { createWatchers } from '../lib/watchers.ts';

export type RemoveTarget =
  | { type: 'backends'; pool: string; backends: readonly string[] }
  | { type: 'pool'; pool: string }
  | { type: 'listener'; listener: string }
  | { type: 'route'; listener: string; route: string };

/** A name given means edit that one; left out means add a new one. */
export type DialogRequest =
  /** `focus`: the field that has the focus first; default the address. */
  | { kind: 'backend-form'; pool: string; backend?: string; focus?: 'weight' }
  | { kind: 'pool-form'; pool?: string }
  /** `pool`: where the first route of a new one leads unless another one is chosen. */
  | { kind: 'listener-form'; listener?: string; pool?: string }
  /**
   * Without a listener the form asks for it; a route that is edited names its own. `pool`: where a new one
   * leads unless another one is chosen.
   */
  | { kind: 'route-form'; listener: string; route?: string; pool?: string }
  | { kind: 'route-form'; listener?: undefined; route?: undefined; pool: string }
  | { kind: 'confirm-remove'; target: RemoveTarget }
  | { kind: 'confirm-rollback'; revision: number }
  | { kind: 'import-config' }
  | { kind: 'export-config' }
  | { kind: 'checks'; pool: string; backend: string };

export type DialogOf<K extends DialogRequest['kind']> = Extract<DialogRequest, { kind: K }>;

let current: DialogRequest | null = null;
const { watch, publish } = createWatchers();

export function openDialog(request: DialogRequest): void {
  current = request;
  publish();
}

export function closeDialog(): void {
  current = null;
  publish();
}

export function useDialog(): DialogRequest | null {
  return useSyncExternalStore(watch, () => current);
}
