// Shows a shortcut written as in lib/keys.ts: "mod+k" as Ctrl K. Decoration: the text of the control
// says what it does, so assistive tools skip the keys.
import { cn } from '../lib/class-names.ts';
import { keysLabel } from '../lib/keys.ts';

const MAC = /Mac/.test(navigator.platform);

export interface KbdProps {
  keys: string;
  tone?: 'plain' | 'on-accent';
  className?: string;
}

export function Kbd({ keys, tone = 'plain', className }: KbdProps) {
  return (
    <span
      aria-hidden="true"
      className={cn(
        'inline-flex h-[18px] items-center rounded-sm border px-1.5 font-sans text-2xs font-medium whitespace-nowrap',
        tone === 'plain' ? 'border-line bg-panel text-muted' : 'border-on-accent/40 text-on-accent',
        className,
      )}
    >
      {keysLabel(keys, MAC)}
    </span>
  );
}
