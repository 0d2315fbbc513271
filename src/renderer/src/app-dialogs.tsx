// Mounts the dialog somebody asked for through live/dialogs.ts. The key gives every request fresh fields.
import { BackendForm } from './features/forms/backend-form.tsx';
import { ConfirmRemove } from './features/forms/confirm-remove.tsx';
import { ListenerForm } from './features/forms/listener-form.tsx';
import { PoolForm } from './features/forms/pool-form.tsx';
import { RouteForm } from './features/forms/route-form.tsx';
import { RequestedChecks } from './features/pools/requested-checks.tsx';
import { ConfirmRollback } from './features/revisions/confirm-rollback.tsx';
import { ExportDialog } from './features/revisions/export-dialog.tsx';
import { ImportConfig } from './features/revisions/import-config.tsx';
import { closeDialog, type DialogRequest, useDialog } from './live/dialogs.ts';
import { Button } from './ui/button.tsx';
import { Dialog } from './ui/dialog.tsx';
import { ErrorBoundary } from './ui/error-boundary.tsx';

export function AppDialogs() {
  const request = useDialog();
  if (request === null) return null;
  const key = JSON.stringify(request);
  return (
    <ErrorBoundary resetKey={key} fallback={(error) => <BrokenDialog error={error} />}>
      <OpenDialog key={key} request={request} />
    </ErrorBoundary>
  );
}

function OpenDialog({ request }: { request: DialogRequest }) {
  switch (request.kind) {
    case 'backend-form':
      return <BackendForm request={request} onClose={closeDialog} />;
    case 'pool-form':
      return <PoolForm request={request} onClose={closeDialog} />;
    case 'listener-form':
      return <ListenerForm request={request} onClose={closeDialog} />;
    case 'route-form':
      return <RouteForm request={request} onClose={closeDialog} />;
    case 'confirm-remove':
      return <ConfirmRemove request={request} onClose={closeDialog} />;
    case 'confirm-rollback':
      return <ConfirmRollback request={request} onClose={closeDialog} />;
    case 'import-config':
      return <ImportConfig request={request} onClose={closeDialog} />;
    case 'export-config':
      return <ExportDialog onClose={closeDialog} />;
    case 'checks':
      return <RequestedChecks request={request} onClose={closeDialog} />;
  }
}

function BrokenDialog({ error }: { error: Error }) {
  return (
    <Dialog
      open
      size="sm"
      onOpenChange={closeDialog}
      title="This dialog could not be shown"
      footer={<Button onClick={closeDialog}>Close</Button>}
    >
      <p className="text-muted">It is a fault of this window. What was saved before it is under Revisions.</p>
      <p className="selectable mt-2 font-mono text-xs break-words">{error.message}</p>
    </Dialog>
  );
}
