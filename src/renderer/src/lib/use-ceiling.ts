// The height of an axis over time. Called by the charts of the pool board and the lines of the overview.
import { useRef } from 'react';
import { stableCeiling } from './axis-ceiling.ts';

/** Kept from second to second, started anew for another pool. */
export function useCeiling(pool: string, largest: number, least: number): number {
  const kept = useRef({ pool, ceiling: 0 });
  if (kept.current.pool !== pool) kept.current = { pool, ceiling: 0 };
  kept.current.ceiling = stableCeiling(kept.current.ceiling, largest, least);
  return kept.current.ceiling;
}
