// What the core's sentences about a change amount to: how many there are and which take something away. Pure;
// called by the dialogs that replace one config by another.
import { plural } from '../../lib/format.ts';

/** "remove pool x": the core puts the act first. */
export function isRemoval(change: string): boolean {
  return change.startsWith('remove ');
}

/** A list that is cut short or scrolled must not hide what goes away. */
export function removalsFirst(changes: readonly string[]): readonly string[] {
  return [...changes.filter(isRemoval), ...changes.filter((change) => !isRemoval(change))];
}

/** "7 changes, 2 of them remove something". */
export function changesText(changes: readonly string[]): string {
  const removals = changes.filter(isRemoval).length;
  if (changes.length === 0) return 'No changes';
  const count = plural(changes.length, 'change');
  if (removals === 0) return `${count}, none removes anything`;
  if (changes.length === 1) return `${count}, which removes something`;
  if (removals === changes.length) return `${count}, all of them remove something`;
  return `${count}, ${removals} of them ${removals === 1 ? 'removes' : 'remove'} something`;
}
