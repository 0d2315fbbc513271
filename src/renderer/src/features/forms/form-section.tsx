// A part of a form that can be folded away: advanced settings keep their defaults out of sight. It
// opens by itself when one of its fields was refused, so no error is ever hidden.
import { ChevronRight } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { useHasError } from './form-fields.tsx';

export interface FormSectionProps {
  title: string;
  /** What it holds in a few words, shown beside the title. */
  summary: string;
  /** Paths of its fields. */
  paths: readonly string[];
  startOpen?: boolean;
  children: ReactNode;
}

export function FormSection({ title, summary, paths, startOpen = false, children }: FormSectionProps) {
  const [open, setOpen] = useState(startOpen);
  const refused = useHasError(paths);
  useEffect(() => {
    if (refused) setOpen(true);
  }, [refused]);
  return (
    <details
      open={open}
      onToggle={(event) => setOpen(event.currentTarget.open)}
      className="group rounded-md border border-line"
    >
      <summary className="flex h-9 cursor-default list-none items-center gap-2 rounded-md px-3 hover:bg-raised [&::-webkit-details-marker]:hidden">
        <ChevronRight
          aria-hidden="true"
          className="size-3.5 shrink-0 text-muted transition-transform group-open:rotate-90"
        />
        <span className="font-medium">{title}</span>
        <span className="min-w-0 flex-1 truncate text-right text-xs text-muted">{summary}</span>
      </summary>
      <div className="flex flex-col gap-3.5 border-t border-line px-3 pt-3 pb-3.5">{children}</div>
    </details>
  );
}
