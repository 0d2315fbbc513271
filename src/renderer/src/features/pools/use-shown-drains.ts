// The drains that have a panel: under way, or seen under way by this window and not yet put away since
// nothing was left. A drain that ended before is only a word in its row.
import { useEffect, useState } from 'react';
import type { BackendStatus, DrainStatus, PoolStatus } from '#shared/status.ts';

export interface ShownDrains {
  of: (backend: BackendStatus) => DrainStatus | undefined;
  dismiss: (backend: BackendStatus) => void;
}

/** By pool, backend and start: the next drain of the same backend shows again. Outlive the board. */
const seen = new Set<string>();
const dismissed = new Set<string>();

function idOf(pool: string, backend: string, { since }: DrainStatus): string {
  return `${pool}/${backend} ${since}`;
}

export function useShownDrains(pool: PoolStatus): ShownDrains {
  const [, setRound] = useState(0);
  useEffect(() => {
    for (const { name, drain, inFlight } of pool.backends) {
      if (drain !== null && inFlight > 0) seen.add(idOf(pool.name, name, drain));
    }
  }, [pool]);
  return {
    of: ({ name, drain, inFlight }) => {
      if (drain === null) return undefined;
      if (inFlight > 0) return drain;
      const id = idOf(pool.name, name, drain);
      return seen.has(id) && !dismissed.has(id) ? drain : undefined;
    },
    dismiss: ({ name, drain }) => {
      if (drain === null) return;
      dismissed.add(idOf(pool.name, name, drain));
      setRound((round) => round + 1);
    },
  };
}
