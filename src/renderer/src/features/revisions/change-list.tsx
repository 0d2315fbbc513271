// What differs between two configs, in the core's sentences, for whoever is about to put one in the place of
// the other. Mounted by confirm-rollback and import-changes.

interface ChangeListProps {
  changes: readonly string[];
}

const MOST_CHANGES = 10;

export function ChangeList({ changes }: ChangeListProps) {
  const hidden = changes.length - MOST_CHANGES;
  return (
    <>
      <ul className="list-disc space-y-0.5 pl-4 wrap-anywhere">
        {changes.slice(0, hidden === 1 ? changes.length : MOST_CHANGES).map((change) => (
          <li key={change}>{change}</li>
        ))}
      </ul>
      {hidden > 1 && <p>and {hidden} more changes</p>}
    </>
  );
}
