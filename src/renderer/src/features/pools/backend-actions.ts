// What one backend can be asked to do, as a menu and as keys: the row's button, its context menu and
// the shortcuts all read this list, so they cannot disagree.
import type { BackendStatus } from '#shared/status.ts';
import { copyText } from '../../lib/copy-text.ts';
import { setBackendState, setBackendStates } from '../../live/actions.ts';
import type { MenuItem } from '../../ui/menu.tsx';
import { openEditBackend, openRemoveBackends } from './pool-dialogs.ts';

/** The switch: on takes new requests, off drains first and cuts nobody off. */
export function toggleBackend(pool: string, backend: Pick<BackendStatus, 'name' | 'admin'>): void {
  void setBackendState(pool, backend.name, backend.admin === 'enabled' ? 'draining' : 'enabled');
}

/** The same for several as one act: on only when all of them are off. */
export function toggleBackends(
  pool: string,
  backends: readonly Pick<BackendStatus, 'name' | 'admin'>[],
): void {
  if (backends.length === 0) return;
  const names = backends.map(({ name }) => name);
  const on = backends.some(({ admin }) => admin === 'enabled');
  void setBackendStates(pool, names, on ? 'draining' : 'enabled');
}

export function backendItems(
  pool: string,
  backend: Pick<BackendStatus, 'name' | 'admin' | 'address'>,
  showChecks: (backend: string) => void,
): MenuItem[] {
  const { name, admin, address } = backend;
  return [
    {
      label: 'Enable',
      shortcut: admin === 'enabled' ? undefined : 'space',
      disabled: admin === 'enabled',
      onSelect: () => void setBackendState(pool, name, 'enabled'),
    },
    {
      label: 'Drain',
      shortcut: 'd',
      disabled: admin === 'draining',
      onSelect: () => void setBackendState(pool, name, 'draining'),
    },
    {
      label: 'Disable',
      shortcut: 'shift+d',
      disabled: admin === 'disabled',
      onSelect: () => void setBackendState(pool, name, 'disabled'),
    },
    'separator',
    { label: 'Edit…', shortcut: 'e', onSelect: () => openEditBackend(pool, name) },
    { label: 'Check details', shortcut: 'enter', onSelect: () => showChecks(name) },
    { label: `Copy ${address}`, onSelect: () => copyText(address) },
    'separator',
    { label: 'Remove…', shortcut: 'del', tone: 'danger', onSelect: () => openRemoveBackends(pool, [name]) },
  ];
}
