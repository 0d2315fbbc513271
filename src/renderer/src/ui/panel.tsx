// The bordered box everything on a page sits in. `title` is its heading, `aside` the quiet text or the
// controls at the right of it.
import type { ReactNode, Ref } from 'react';
import { cn } from '../lib/class-names.ts';

export interface PanelProps {
  title?: ReactNode;
  aside?: ReactNode;
  /** Names the region where there is no title. */
  label?: string;
  className?: string;
  /** For a panel that can be led to; it takes the focus then. */
  ref?: Ref<HTMLElement>;
  children?: ReactNode;
}

export function Panel({ title, aside, label, className, ref, children }: PanelProps) {
  return (
    <section
      ref={ref}
      tabIndex={ref === undefined ? undefined : -1}
      aria-label={label ?? (typeof title === 'string' ? title : undefined)}
      className={cn('min-w-0 rounded-lg border border-line bg-panel', className)}
    >
      {(title !== undefined || aside !== undefined) && (
        <header className="flex items-baseline justify-between gap-4 px-3.5 pt-3">
          <h2 className="text-sm font-semibold">{title}</h2>
          {aside !== undefined && <div className="min-w-0 text-sm text-muted">{aside}</div>}
        </header>
      )}
      {children}
    </section>
  );
}
