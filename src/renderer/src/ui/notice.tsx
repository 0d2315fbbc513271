// A sentence inside a dialog that must not be missed, with the act that settles it. Shape and word
// carry the meaning beside the colour.
import type { ReactNode } from 'react';
import { cn } from '../lib/class-names.ts';
import { StateMark } from './state-mark.tsx';

export interface NoticeProps {
  tone: 'down' | 'warn';
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}

export function Notice({ tone, title, children, action }: NoticeProps) {
  return (
    <div
      role="alert"
      className={cn(
        'flex items-start gap-2.5 rounded-md border bg-raised px-3 py-2.5 text-sm',
        tone === 'down' ? 'border-down/50' : 'border-warn/50',
      )}
    >
      <span className="mt-1">
        <StateMark shape={tone === 'down' ? 'square' : 'half'} tone={tone} />
      </span>
      <div className="min-w-0 flex-1">
        <p className="font-medium">{title}</p>
        {children && <div className="mt-0.5 text-muted wrap-break-word">{children}</div>}
      </div>
      {action}
    </div>
  );
}
