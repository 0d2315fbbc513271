// Joins pages of revisions into one list, newest first, each once. Pure.
import type { RevisionSummary } from '#shared/contract.ts';

export function mergeRevisions(
  newer: readonly RevisionSummary[],
  older: readonly RevisionSummary[],
): readonly RevisionSummary[] {
  const known = new Map<number, RevisionSummary>();
  for (const each of [...newer, ...older]) if (!known.has(each.revision)) known.set(each.revision, each);
  return [...known.values()].toSorted((a, b) => b.revision - a.revision);
}
