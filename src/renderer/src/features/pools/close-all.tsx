// Asks before everything a draining backend still has is ended: it breaks what clients are waiting for
// and nothing brings it back.
import type { BackendStatus } from '#shared/status.ts';
import { plural } from '../../lib/format.ts';
import { showToast } from '../../lib/toasts.ts';
import { useCommand } from '../../live/use-command.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { kindsText, type LeftConnections } from './drain-text.ts';

interface CloseAllProps {
  pool: string;
  backend: BackendStatus;
  left: LeftConnections | undefined;
  onClosed: () => void;
  onLeave: () => void;
}

export function CloseAll({ pool, backend, left, onClosed, onLeave }: CloseAllProps) {
  const command = useCommand('connections.closeAll');
  const closeAll = async () => {
    const result = await command.run({ pool, backend: backend.name });
    if (result.ok) {
      showToast({ title: `Closed ${plural(result.value.closed, 'connection')} of ${backend.name}` });
      onClosed();
    }
    onLeave();
  };
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onLeave()}
      title={`Close what ${backend.name} still has?`}
      confirmLabel="Close all now"
      pending={command.pending}
      onConfirm={() => void closeAll()}
    >
      <p>
        {backend.inFlight === 0 ? 'Nothing is left by now.' : `Now under way: ${kindsText(backend, left)}.`}
      </p>
      <p>Their clients see the connection break or get an error. This cannot be undone.</p>
    </ConfirmDialog>
  );
}
