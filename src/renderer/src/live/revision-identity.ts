// Which revisions hold the same Config because one was made from the other by a rollback. Lets a chain
// of undos go on although every undo makes a new revision number.

const originals = new Map<number, number>();

/** Notes that `revision` was made by going back to `original`. */
export function sameContent(revision: number, original: number): void {
  originals.set(revision, canonicalRevision(original));
}

/** The oldest revision known to hold the same Config. */
export function canonicalRevision(revision: number): number {
  return originals.get(revision) ?? revision;
}
