// A tick box on Radix; `indeterminate` for "some of them".

import { Check, Minus } from 'lucide-react';
import { Checkbox as RadixCheckbox } from 'radix-ui';
import type { ComponentProps } from 'react';
import { cn } from '../lib/class-names.ts';

export interface CheckboxProps extends ComponentProps<typeof RadixCheckbox.Root> {
  label?: string;
}

export function Checkbox({ label, className, ...rest }: CheckboxProps) {
  return (
    <RadixCheckbox.Root
      aria-label={label}
      {...rest}
      className={cn(
        'inline-flex size-4 shrink-0 items-center justify-center rounded-sm border border-line-strong bg-raised text-on-accent hover:border-muted disabled:opacity-50 data-[state=checked]:border-accent data-[state=checked]:bg-accent data-[state=indeterminate]:border-accent data-[state=indeterminate]:bg-accent',
        className,
      )}
    >
      <RadixCheckbox.Indicator>
        {rest.checked === 'indeterminate' ? (
          <Minus className="size-3" strokeWidth={3} aria-hidden="true" />
        ) : (
          <Check className="size-3" strokeWidth={3} aria-hidden="true" />
        )}
      </RadixCheckbox.Indicator>
    </RadixCheckbox.Root>
  );
}
