// One row per revision: number, when, who, why and what changed. The newest and the one the engine
// runs are marked; normally they are the same. In a window too narrow for columns a row takes two lines.
import { Undo2 } from 'lucide-react';
import type { Author, RevisionSummary } from '#shared/contract.ts';
import { useNow } from '../../lib/clock.ts';
import { formatAge, formatDateTime } from '../../lib/format.ts';
import { openDialog } from '../../live/dialogs.ts';
import { useLive } from '../../live/hooks.ts';
import type { LiveState } from '../../live/live-state.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Pill } from '../../ui/pill.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { PAGE_SIZE, useRevisions } from './use-revisions.ts';

const selectNewest = (state: LiveState): number => state.status?.revision ?? 0;
const selectApplied = (state: LiveState): number => state.status?.appliedRevision ?? 0;

export function RevisionList() {
  const { list, more, loading, loadMore } = useRevisions();
  const newest = useLive(selectNewest);
  const applied = useLive(selectApplied);
  if (list === undefined) return <Panel label="Revisions" className="h-40" />;
  if (list.length === 0) {
    return (
      <Panel label="Revisions">
        <EmptyState title="No revision yet">The first change you make is saved here.</EmptyState>
      </Panel>
    );
  }
  return (
    <Panel label="Revisions" className="overflow-hidden">
      <table className="w-full border-collapse text-left max-[959px]:block">
        <thead className="max-[959px]:sr-only">
          <tr className="h-8 text-xs text-muted [&>th]:font-normal">
            <th className="w-[150px] pl-3.5">Revision</th>
            <th className="w-[176px] px-2">When</th>
            <th className="w-[84px] px-2">Who</th>
            <th className="px-2">What changed</th>
            <th className="w-[104px] pr-3.5">
              <span className="sr-only">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody className="max-[959px]:block max-[959px]:[&>tr:first-child]:border-t-0">
          {list.map((each) => (
            <RevisionRow
              key={each.revision}
              revision={each}
              newest={each.revision === newest}
              applied={each.revision === applied}
            />
          ))}
        </tbody>
      </table>
      {more && (
        <div className="flex justify-center border-t border-line py-2">
          <Button variant="ghost" pending={loading} onClick={() => void loadMore()}>
            Load {PAGE_SIZE} older
          </Button>
        </div>
      )}
    </Panel>
  );
}

/** In columns; the cells of a narrow window follow each other, with what changed below them. */
const ROW_CLASSES =
  'h-11 border-t border-line align-top transition-colors hover:bg-raised max-[959px]:flex max-[959px]:h-auto max-[959px]:flex-wrap max-[959px]:items-center max-[959px]:gap-x-3 max-[959px]:gap-y-1 max-[959px]:px-3.5 max-[959px]:py-2 max-[959px]:[&>*]:p-0';

interface RevisionRowProps {
  revision: RevisionSummary;
  newest: boolean;
  applied: boolean;
}

function RevisionRow({ revision, newest, applied }: RevisionRowProps) {
  const name = `r${revision.revision}`;
  return (
    <tr className={ROW_CLASSES}>
      <th scope="row" className="pt-[11px] pl-3.5 font-normal">
        <span className="flex h-[22px] items-center gap-2">
          <span className="min-w-7 font-semibold">{name}</span>
          <Standing newest={newest} applied={applied} />
        </span>
      </th>
      <td className="px-2 pt-[13px] whitespace-nowrap">
        <When at={revision.at} />
      </td>
      <td className="px-2 pt-[13px] text-muted">{AUTHORS[revision.author]}</td>
      <td className="px-2 pt-[13px] pb-3 max-[959px]:order-last max-[959px]:basis-full">
        <Changes revision={revision} />
      </td>
      <td className="pt-2.5 pr-2.5 text-right max-[959px]:ml-auto">
        {!newest && (
          <Button
            size="sm"
            aria-label={`Roll back to ${name}`}
            onClick={() => openDialog({ kind: 'confirm-rollback', revision: revision.revision })}
          >
            <Undo2 className="size-3" aria-hidden="true" />
            Roll back
          </Button>
        )}
      </td>
    </tr>
  );
}

const AUTHORS: Readonly<Record<Author, string>> = {
  window: 'Window',
  api: 'API',
  cli: 'CLI',
  file: 'File',
  tray: 'Tray',
  demo: 'Demo',
  system: 'Sluice',
};

function Standing({ newest, applied }: { newest: boolean; applied: boolean }) {
  if (applied) {
    return (
      <Pill tone="up" title={newest ? 'The newest, and what the engine runs' : 'What the engine still runs'}>
        <StateMark shape="dot" tone="up" size={8} />
        {newest ? 'current' : 'running'}
      </Pill>
    );
  }
  return newest ? (
    <Pill tone="warn" title="Saved; the engine has not confirmed that it runs it">
      <StateMark shape="half" tone="warn" size={9} />
      applying
    </Pill>
  ) : null;
}

function When({ at }: { at: number }) {
  const now = useNow();
  return (
    <>
      {formatDateTime(at)} <span className="text-xs text-muted">{formatAge(now - at)} ago</span>
    </>
  );
}

const CHANGES_SHOWN = 4;

function Changes({ revision }: { revision: RevisionSummary }) {
  const { note } = revision;
  const changes = [...new Set(revision.changes)];
  const hidden = changes.length - CHANGES_SHOWN;
  return (
    <div className="selectable wrap-anywhere">
      {note !== '' && <p className="font-medium">{note}</p>}
      {changes.slice(0, hidden === 1 ? changes.length : CHANGES_SHOWN).map((change) => (
        <p key={change} className={note === '' ? '' : 'text-muted'}>
          {change}
        </p>
      ))}
      {hidden > 1 && (
        <details>
          <summary className="w-fit rounded-sm text-muted hover:text-text">{hidden} more changes</summary>
          {changes.slice(CHANGES_SHOWN).map((change) => (
            <p key={change} className="text-muted">
              {change}
            </p>
          ))}
        </details>
      )}
      {note === '' && changes.length === 0 && <p className="text-muted">no change</p>}
    </div>
  );
}
