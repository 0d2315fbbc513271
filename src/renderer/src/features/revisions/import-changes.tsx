// What an import adds, changes and removes against the newest config, before it is saved, and what in it is
// hardly meant. Mounted by import-config once the config is found valid.
import { TriangleAlert } from 'lucide-react';
import { cn } from '../../lib/class-names.ts';
import { useConfig, useQuery } from '../../live/hooks.ts';
import { ChangeList } from './change-list.tsx';
import { describeConfig } from './config-size.ts';
import { importWarnings } from './import-warnings.ts';

export interface ImportComparison {
  /** The revision it is compared with. */
  from: number | undefined;
  /** Undefined before the first answer, and when the core gives none. */
  changes: readonly string[] | undefined;
  outdated: boolean;
}

/** Asks only while `valid`. */
export function useImportComparison(config: unknown, valid: boolean): ImportComparison {
  const from = useConfig()?.revision;
  const { data, error, outdated } = useQuery(
    'revisions.compare',
    { from: from ?? 0, config },
    { enabled: valid && from !== undefined },
  );
  return { from, changes: error === undefined ? data?.changes : undefined, outdated };
}

export function ImportWarnings({ config }: { config: unknown }) {
  const warnings = importWarnings(config);
  if (warnings.length === 0) return null;
  return (
    <ul aria-label="Warnings" className="selectable space-y-0.5 text-sm text-warn">
      {warnings.map((warning) => (
        <li key={warning} className="flex items-start gap-1.5 wrap-anywhere">
          <TriangleAlert className="mt-[3px] size-3 shrink-0" aria-hidden="true" />
          <span>{warning}</span>
        </li>
      ))}
    </ul>
  );
}

export function ImportChanges({ config, comparison }: { config: unknown; comparison: ImportComparison }) {
  const { from, changes, outdated } = comparison;
  if (changes === undefined) return null;
  return (
    <section
      aria-label="Changes"
      aria-busy={outdated}
      className={cn('selectable space-y-1 text-sm text-muted', outdated && 'opacity-60')}
    >
      <h3 className="font-medium text-text">
        Changes: <span className="font-normal text-muted">then there are {describeConfig(config)}</span>
      </h3>
      {changes.length === 0 ? (
        <p>{outdated ? 'Comparing…' : `None: r${from} is this config.`}</p>
      ) : (
        <ChangeList changes={changes} />
      )}
    </section>
  );
}
