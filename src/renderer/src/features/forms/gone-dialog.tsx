// Shown instead of a form whose subject was removed while it was asked for.

import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';

export function GoneDialog({ what, onClose }: { what: string; onClose: () => void }) {
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`${what} is gone`}
      size="sm"
      footer={<Button onClick={onClose}>Close</Button>}
    >
      <p className="text-muted">It was removed or renamed by another change; Revisions says which.</p>
    </Dialog>
  );
}
