// Asks before an older revision becomes the newest again, listing what that changes. Mounted by
// app-dialogs.tsx for the dialog kind "confirm-rollback".
import { useState } from 'react';
import { rollback } from '../../live/actions.ts';
import type { DialogOf } from '../../live/dialogs.ts';
import { useLive, useQuery } from '../../live/hooks.ts';
import { type LiveState, latestRevision } from '../../live/live-state.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { ChangeList } from './change-list.tsx';
import { changesText } from './change-text.ts';

interface ConfirmRollbackProps {
  request: DialogOf<'confirm-rollback'>;
  onClose: () => void;
}

const selectRevision = (state: LiveState): number => latestRevision(state);

export function ConfirmRollback({ request, onClose }: ConfirmRollbackProps) {
  const target = request.revision;
  const latest = useLive(selectRevision);
  const { data } = useQuery('revisions.compare', { from: latest, to: target });
  const [pending, setPending] = useState(false);

  const changes = data?.changes ?? [];
  const run = async () => {
    setPending(true);
    await rollback(target);
    onClose();
  };

  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Roll back to r${target}?`}
      confirmLabel={`Roll back to r${target}`}
      tone="primary"
      pending={pending}
      onConfirm={() => void run()}
    >
      <p>
        Saves the config of r{target} as a new revision after r{latest} and runs it. Drains and disables made
        by hand stay as they are. Undo returns to r{latest}.
      </p>
      {changes.length > 0 && (
        <>
          <p className="text-text">{changesText(changes)}:</p>
          <ChangeList changes={changes} />
        </>
      )}
    </ConfirmDialog>
  );
}
