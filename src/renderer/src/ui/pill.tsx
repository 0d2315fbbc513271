// A short fact in an outlined capsule: a policy, "3 of 5 serving".
import type { ReactNode } from 'react';
import { cn } from '../lib/class-names.ts';
import type { Tone } from '../lib/state-marks.ts';

const TONES: Readonly<Record<Tone, string>> = {
  up: 'border-up/50 text-up',
  warn: 'border-warn/50 text-warn',
  down: 'border-down/50 text-down',
  drain: 'border-drain/50 text-drain',
  accent: 'border-accent/60 text-accent-text',
  off: 'border-line text-muted',
  neutral: 'border-line text-muted',
};

export interface PillProps {
  tone?: Tone;
  title?: string;
  className?: string;
  children: ReactNode;
}

export function Pill({ tone = 'neutral', title, className, children }: PillProps) {
  return (
    <span
      title={title}
      className={cn(
        'inline-flex h-[22px] shrink-0 items-center gap-1.5 rounded-full border px-2 text-xs whitespace-nowrap',
        TONES[tone],
        className,
      )}
    >
      {children}
    </span>
  );
}
