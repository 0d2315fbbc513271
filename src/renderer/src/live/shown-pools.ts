// Pools with the state to show for each, and what they turned away: whoever shows a pool's state takes it
// from here, so that rail, overview and board agree with the title bar.
import type { PoolStatus } from '#shared/status.ts';
import { useLive, usePools } from './hooks.ts';
import { shownState, type Unserved, unservedLastMinute } from './unserved.ts';

export function useUnserved(): Unserved {
  return useLive(unservedLastMinute);
}

export function useShownPools(): readonly PoolStatus[] {
  const unserved = useUnserved();
  return usePools().map((pool) => {
    const state = shownState(pool, unserved);
    return state === pool.state ? pool : { ...pool, state };
  });
}
