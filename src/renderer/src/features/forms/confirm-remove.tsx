// Asks before something is removed, saying in full what that does. Mounted by app-dialogs.tsx for the dialog
// kind "confirm-remove".
import { useState } from 'react';
import type { Config } from '#shared/config/config.ts';
import type { Saved } from '#shared/contract.ts';
import type { Result } from '#shared/errors.ts';
import { plural } from '../../lib/format.ts';
import { parseRoute } from '../../lib/route.ts';
import { navigate } from '../../lib/use-route.ts';
import { editConfig, recordRevisionUndo } from '../../live/actions.ts';
import { call } from '../../live/connection.ts';
import type { DialogOf, RemoveTarget } from '../../live/dialogs.ts';
import { useBackend, usePools } from '../../live/hooks.ts';
import { showError } from '../../live/use-command.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { type RemovalFacts, removalFacts, withoutBackends, withoutPool } from './removal.ts';
import { useNewestConfig } from './use-edited.ts';

interface ConfirmRemoveProps {
  request: DialogOf<'confirm-remove'>;
  onClose: () => void;
}

export function ConfirmRemove({ request, onClose }: ConfirmRemoveProps) {
  const config = useNewestConfig();
  return config ? <ConfirmRemoval target={request.target} config={config} onClose={onClose} /> : null;
}

interface ConfirmRemovalProps {
  target: RemoveTarget;
  config: Config;
  onClose: () => void;
}

function ConfirmRemoval({ target, config, onClose }: ConfirmRemovalProps) {
  const [pending, setPending] = useState(false);
  const pools = usePools();
  // Read once: the Config without it must not rewrite the question while the dialog leaves.
  const [facts] = useState(() => removalFacts(target, config, pools));

  const remove = async () => {
    setPending(true);
    const result = await sendRemoval(target, facts);
    setPending(false);
    if (result.ok) {
      recordRevisionUndo(facts.what, result.value);
      leaveRemovedPool(target);
    } else showError(result.error);
    onClose();
  };

  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={facts.title}
      confirmLabel={confirmLabel(target, facts)}
      pending={pending}
      onConfirm={() => void remove()}
    >
      {facts.consequences.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      {target.type === 'backends' && target.backends.length === 1 && (
        <InFlight pool={target.pool} backend={target.backends[0] ?? ''} />
      )}
      <p>Undo brings it back as a new revision.</p>
    </ConfirmDialog>
  );
}

/** The board of a pool that is gone has nothing to show. */
function leaveRemovedPool(target: RemoveTarget): void {
  const shown = parseRoute(window.location.hash);
  if (target.type === 'pool' && shown.page === 'pool' && shown.pool === target.pool) {
    navigate({ page: 'overview' });
  }
}

function InFlight({ pool, backend }: { pool: string; backend: string }) {
  const inFlight = useBackend(pool, backend)?.inFlight ?? 0;
  return inFlight > 0 ? (
    <p>{plural(inFlight, 'request')} in flight now. Draining first shows them end.</p>
  ) : null;
}

function confirmLabel(target: RemoveTarget, facts: RemovalFacts): string {
  switch (target.type) {
    case 'backends':
      return target.backends.length === 1 ? 'Remove backend' : `Remove ${target.backends.length} backends`;
    case 'pool':
      return facts.routes.length === 0
        ? 'Remove pool'
        : `Remove pool and ${plural(facts.routes.length, 'route')}`;
    case 'listener':
      return 'Remove listener';
    case 'route':
      return 'Remove route';
  }
}

/** One revision whatever is removed, so that one undo brings all of it back. */
function sendRemoval(target: RemoveTarget, facts: RemovalFacts): Promise<Result<Saved>> {
  switch (target.type) {
    case 'backends': {
      const { pool, backends } = target;
      const [only] = backends;
      return backends.length === 1 && only !== undefined
        ? call('backends.remove', { pool, backend: only })
        : editConfig(`remove ${backends.join(', ')} from ${pool}`, (config) =>
            withoutBackends(config, pool, backends),
          );
    }
    case 'pool':
      return facts.routes.length === 0
        ? call('pools.remove', { name: target.pool })
        : editConfig(`remove pool ${target.pool} and its routes`, (config) =>
            withoutPool(config, target.pool),
          );
    case 'listener':
      return call('listeners.remove', { name: target.listener });
    case 'route':
      return call('routes.remove', { listener: target.listener, name: target.route });
  }
}
