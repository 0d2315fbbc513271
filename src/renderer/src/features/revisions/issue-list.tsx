// Every problem of a Config with the path of what is wrong, as the core reports them.
import type { Issue } from '#shared/errors.ts';
import { plural } from '../../lib/format.ts';

export function IssueList({ issues }: { issues: readonly Issue[] }) {
  return (
    <section aria-label="Problems" className="rounded-md border border-down/50">
      <h3 className="border-b border-line px-3 py-2 text-sm font-medium text-down">
        {plural(issues.length, 'problem')}; nothing was changed
      </h3>
      <ul className="divide-y divide-line">
        {issues.map((issue) => (
          <li key={`${issue.path} ${issue.code}`} className="selectable px-3 py-1.5 text-sm">
            <span className="font-mono text-xs text-muted">{issue.path === '' ? 'config' : issue.path}</span>
            <span className="block">{issue.message}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
