// For how long the pool's target shares have been what they are. Before this window saw them change,
// the youngest backend state and the last revision are the best witnesses.
import { useRef } from 'react';
import type { PoolStatus } from '#shared/status.ts';
import { useLive } from '../../../live/hooks.ts';
import type { LiveState } from '../../../live/live-state.ts';

const selectAt = (state: LiveState) => state.status?.at ?? 0;
const selectRevisionAt = (state: LiveState) => state.lastRevision?.at ?? 0;

export function useTargetAge(pool: PoolStatus): number {
  const at = useLive(selectAt);
  const revisionAt = useLive(selectRevisionAt);
  const targets = `${pool.name}\n${pool.backends.map(({ name, targetShare }) => `${name}=${targetShare}`).join(' ')}`;
  const seen = useRef<{ targets: string; pool: string; since: number } | null>(null);
  if (seen.current === null || seen.current.pool !== pool.name) {
    const youngest = Math.max(0, revisionAt, ...pool.backends.map(({ since }) => since));
    seen.current = { targets, pool: pool.name, since: youngest };
  } else if (seen.current.targets !== targets) {
    seen.current = { targets, pool: pool.name, since: at };
  }
  return Math.max(0, at - seen.current.since);
}
