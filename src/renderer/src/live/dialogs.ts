// The one dialog that is open, as data: a page or the palette asks for it here, app.tsx mounts it, so no
// feature imports another’s dialog. Every component takes `{ request: DialogOf<kind>; onClose }`; for their
// names and files see app-dialogs.tsx.
import { useSyncExternalStore } from 'react';

export type RemoveTarget =
  | { type: 'backends'; pool: string; backends: readonly string[] }
  | { type: 'pool'; pool: string }
  | { type: 'listener'; listener: string }
  | { type: 'route'; listener: string; route: string };

/** A name given means edit that one; left out means add a new one. */
export type DialogRequest =
  | { kind: 'backend-form'; pool: string; backend?: string }
  | { kind: 'pool-form'; pool?: string }
  | { kind: 'listener-form'; listener?: string }
  /** `pool`: where a new route leads unless another one is chosen. */
  | { kind: 'route-form'; listener: string; route?: string; pool?: string }
  | { kind: 'confirm-remove'; target: RemoveTarget }
  | { kind: 'confirm-rollback'; revision: number }
  | { kind: 'import-config' };

export type DialogOf<K extends DialogRequest['kind']> = Extract<DialogRequest, { kind: K }>;

let current: DialogRequest | null = null;
const watchers = new Set<() => void>();

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

function watch(onChange: () => void): () => void {
  watchers.add(onChange);
  return () => watchers.delete(onChange);
}

function publish(): void {
  for (const onChange of [...watchers]) onChange();
}
