// What an import adds, changes and removes against the newest config, before it is saved. Mounted by
// import-config once the config is found valid.
import { useConfig, useQuery } from '../../live/hooks.ts';
import { ChangeList } from './change-list.tsx';

export function ImportChanges({ config }: { config: unknown }) {
  const from = useConfig()?.revision ?? 0;
  const { data, error } = useQuery('revisions.compare', { from, config });
  // An older answer is about an older text.
  if (data === undefined || error !== undefined) return null;
  return (
    <section aria-label="Changes" className="selectable space-y-2 text-sm text-muted">
      <h3 className="font-medium text-text">Changes:</h3>
      {data.changes.length === 0 ? (
        <p>Nothing: r{from} is the same config.</p>
      ) : (
        <ChangeList changes={data.changes} />
      )}
    </section>
  );
}
