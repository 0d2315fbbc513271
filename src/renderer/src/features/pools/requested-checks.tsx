// The checks of a backend asked for by name, whatever page is shown. Mounted by app-dialogs.tsx for the dialog
// kind "checks"; the board opens its own, which gives the focus back to the row.
import { useState } from 'react';
import type { DialogOf } from '../../live/dialogs.ts';
import { CheckDetails } from './check-details.tsx';
import type { ChecksPeriod } from './use-checks-dialog.ts';

interface RequestedChecksProps {
  request: DialogOf<'checks'>;
  onClose: () => void;
}

export function RequestedChecks({ request, onClose }: RequestedChecksProps) {
  const [period, setPeriod] = useState<ChecksPeriod>();
  const { pool, backend } = request;
  return (
    <CheckDetails pool={pool} backend={backend} period={period} onPeriod={setPeriod} onClose={onClose} />
  );
}
