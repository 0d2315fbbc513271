// What differs between two configs, in the core's sentences, for whoever is about to put one in the place of
// the other. What goes away comes first and has a minus sign. Mounted by confirm-rollback and import-changes.
import { isRemoval, removalsFirst } from './change-text.ts';

interface ChangeListProps {
  changes: readonly string[];
}

const MOST_CHANGES = 10;

export function ChangeList({ changes }: ChangeListProps) {
  const hidden = changes.length - MOST_CHANGES;
  const ordered = removalsFirst(changes);
  return (
    <>
      <ul className="list-disc space-y-0.5 pl-4 wrap-anywhere">
        {ordered.slice(0, hidden === 1 ? changes.length : MOST_CHANGES).map((change) =>
          isRemoval(change) ? (
            <li key={change} className="-indent-4 list-none text-down">
              <span aria-hidden="true" className="inline-block w-4 indent-0">
                −{' '}
              </span>
              {change}
            </li>
          ) : (
            <li key={change}>{change}</li>
          ),
        )}
      </ul>
      {hidden > 1 && <p>and {hidden} more changes</p>}
    </>
  );
}
