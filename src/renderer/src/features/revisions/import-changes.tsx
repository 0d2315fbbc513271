// What an import adds, changes and removes against the newest config, before it is saved. Mounted by
// import-config once the config is found valid.

import { cn } from '../../lib/class-names.ts';
import { useConfig, useQuery } from '../../live/hooks.ts';
import { ChangeList } from './change-list.tsx';

export function ImportChanges({ config }: { config: unknown }) {
  const from = useConfig()?.revision;
  const { data, error, outdated } = useQuery(
    'revisions.compare',
    { from: from ?? 0, config },
    { enabled: from !== undefined },
  );
  if (data === undefined || error !== undefined) return null;
  return (
    <section
      aria-label="Changes"
      aria-busy={outdated}
      className={cn('selectable space-y-2 text-sm text-muted', outdated && 'opacity-60')}
    >
      <h3 className="font-medium text-text">Changes:</h3>
      {data.changes.length === 0 ? (
        <p>{outdated ? 'Comparing…' : `None: r${from} is this config.`}</p>
      ) : (
        <ChangeList changes={data.changes} />
      )}
    </section>
  );
}
