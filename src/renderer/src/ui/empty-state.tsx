// What a place says when there is nothing in it: what belongs here and the act that brings it.
import type { ReactNode } from 'react';
import { cn } from '../lib/class-names.ts';

export interface EmptyStateProps {
  icon?: ReactNode;
  title: ReactNode;
  children?: ReactNode;
  /** Buttons. */
  actions?: ReactNode;
  className?: string;
}

export function EmptyState({ icon, title, children, actions, className }: EmptyStateProps) {
  return (
    <div className={cn('flex flex-col items-center justify-center gap-2 px-6 py-12 text-center', className)}>
      {icon && <div className="mb-1 text-muted [&>svg]:size-7">{icon}</div>}
      <p className="text-base font-semibold">{title}</p>
      {children && <div className="max-w-[46ch] text-sm text-muted">{children}</div>}
      {actions && <div className="mt-3 flex flex-wrap justify-center gap-2">{actions}</div>}
    </div>
  );
}
