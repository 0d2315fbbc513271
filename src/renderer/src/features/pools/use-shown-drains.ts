// The drains that have a panel: under way, or seen to finish here and not yet put away. A drain that
// was over before the board opened needs no panel, its row says "Drained".
import { useState } from 'react';
import type { PoolStatus } from '#shared/status.ts';
import { type DrainProgress, drainKey } from '../../live/drain-progress.ts';
import { useDrains } from '../../live/drain-tracker.ts';

export interface ShownDrains {
  of: (backend: string) => DrainProgress | undefined;
  dismiss: (backend: string) => void;
}

export function useShownDrains(pool: PoolStatus): ShownDrains {
  const drains = useDrains();
  // By backend and start: the next drain of the same backend shows again.
  const [dismissed, setDismissed] = useState<ReadonlySet<string>>(new Set());
  const idOf = (backend: string, { startedAt }: DrainProgress) => `${backend} ${startedAt}`;
  return {
    of: (backend) => {
      const progress = drains.get(drainKey(pool.name, backend));
      if (progress === undefined || dismissed.has(idOf(backend, progress))) return undefined;
      const seenFromStart = progress.startCount !== null && progress.startCount > 0;
      return progress.drainedAt === null || seenFromStart ? progress : undefined;
    },
    dismiss: (backend) => {
      const progress = drains.get(drainKey(pool.name, backend));
      if (progress !== undefined) setDismissed((before) => new Set([...before, idOf(backend, progress)]));
    },
  };
}
