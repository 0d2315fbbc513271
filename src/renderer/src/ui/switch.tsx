// On or off, on Radix. `pending` keeps showing what is true while a change is on its way.
import { Switch as RadixSwitch } from 'radix-ui';
import type { ComponentProps } from 'react';
import { cn } from '../lib/class-names.ts';

export interface SwitchProps extends ComponentProps<typeof RadixSwitch.Root> {
  label?: string;
  pending?: boolean;
}

export function Switch({ label, pending, className, ...rest }: SwitchProps) {
  return (
    <RadixSwitch.Root
      aria-label={label}
      aria-busy={pending || undefined}
      {...rest}
      className={cn(
        'inline-flex h-4 w-[30px] shrink-0 items-center rounded-full border border-line-strong bg-hover px-px transition-colors disabled:opacity-50 aria-busy:opacity-60 data-[state=checked]:border-accent data-[state=checked]:bg-accent',
        className,
      )}
    >
      <RadixSwitch.Thumb className="block size-3 rounded-full bg-muted transition-transform data-[state=checked]:translate-x-3.5 data-[state=checked]:bg-white" />
    </RadixSwitch.Root>
  );
}
