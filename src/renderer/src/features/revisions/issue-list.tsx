// Every problem of an imported Config as the core reports it, with its line, the names of the parts it is in,
// its path, and what was likely meant.
import type { Issue } from '#shared/errors.ts';
import { plural } from '../../lib/format.ts';
import { meantField, partOf } from './issue-place.ts';
import { lineOf } from './json-line.ts';

interface IssueListProps {
  issues: readonly Issue[];
  /** What was checked, as it was typed and as it was read. */
  text: string;
  config: unknown;
}

export function IssueList({ issues, text, config }: IssueListProps) {
  return (
    <section aria-label="Problems" className="rounded-md border border-down/50">
      <h3 className="border-b border-line px-3 py-2 text-sm font-medium text-down">
        {plural(issues.length, 'problem')}; nothing was changed
      </h3>
      <ul className="divide-y divide-line">
        {issues.map((issue) => {
          const meant = meantField(issue);
          const part = partOf(issue.path, config);
          return (
            <li key={`${issue.path} ${issue.code}`} className="selectable px-3 py-1.5 text-sm">
              <span className="flex flex-wrap gap-x-2 text-xs text-muted">
                <span>{`Line ${lineOf(text, issue.path)}${part === '' ? '' : `, ${part}`}`}</span>
                <span className="font-mono wrap-anywhere">{issue.path === '' ? 'config' : issue.path}</span>
              </span>
              <span className="block">
                {issue.message}
                {meant !== undefined && (
                  <>
                    . Perhaps <span className="font-mono text-xs">{meant}</span> is meant.
                  </>
                )}
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
