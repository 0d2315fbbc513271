// The list of revisions in pages: the newest page follows every new revision, older pages are asked for
// once and kept, for a revision never changes.
import { useCallback, useMemo, useState } from 'react';
import type { RevisionSummary } from '#shared/contract.ts';
import { useLive, useQuery } from '../../live/hooks.ts';
import { type LiveState, latestRevision } from '../../live/live-state.ts';
import { useCommand } from '../../live/use-command.ts';
import { mergeRevisions } from './merge-revisions.ts';

export const PAGE_SIZE = 50;

const selectRevision = (state: LiveState): number => latestRevision(state);

export interface Revisions {
  /** Newest first; undefined until the first answer. */
  list: readonly RevisionSummary[] | undefined;
  /** There are older ones to load. */
  more: boolean;
  loading: boolean;
  loadMore: () => Promise<void>;
}

export function useRevisions(): Revisions {
  const latest = useLive(selectRevision);
  const { data } = useQuery('revisions.list', { limit: PAGE_SIZE }, { deps: [latest] });
  const older = useCommand('revisions.list');
  const [pages, setPages] = useState<readonly RevisionSummary[]>([]);
  const list = useMemo(() => data && mergeRevisions(data.revisions, pages), [data, pages]);
  const oldest = list?.at(-1)?.revision;

  const { run, pending } = older;
  const loadMore = useCallback(async () => {
    if (oldest === undefined) return;
    const result = await run({ limit: PAGE_SIZE, before: oldest });
    if (result.ok) setPages((known) => mergeRevisions(known, result.value.revisions));
  }, [oldest, run]);

  return { list, more: oldest !== undefined && oldest > 1, loading: pending, loadMore };
}
