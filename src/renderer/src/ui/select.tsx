// One of a few, on Radix. `label` names it for assistive tools where no <label> points at `id`.

import { Check, ChevronDown } from 'lucide-react';
import { Select as RadixSelect } from 'radix-ui';
import { cn } from '../lib/class-names.ts';

export interface SelectOption<T extends string = string> {
  value: T;
  label: string;
  hint?: string;
  disabled?: boolean;
}

export interface SelectProps<T extends string = string> {
  value: T;
  onValueChange: (value: T) => void;
  options: readonly SelectOption<T>[];
  id?: string;
  label?: string;
  placeholder?: string;
  disabled?: boolean;
  invalid?: boolean;
  describedBy?: string;
  className?: string;
}

export function Select<T extends string>(props: SelectProps<T>) {
  const { value, onValueChange, options, id, label, placeholder, disabled, invalid, describedBy, className } =
    props;
  return (
    <RadixSelect.Root value={value} onValueChange={(next) => onValueChange(next as T)} disabled={disabled}>
      <RadixSelect.Trigger
        id={id}
        aria-label={label}
        aria-invalid={invalid || undefined}
        aria-describedby={describedBy}
        className={cn(
          'inline-flex h-8 w-full min-w-0 items-center justify-between gap-2 rounded-md border border-line bg-raised px-2.5 text-sm hover:border-line-strong disabled:opacity-50 aria-invalid:border-down data-[placeholder]:text-faint',
          className,
        )}
      >
        <span className="truncate">
          <RadixSelect.Value placeholder={placeholder} />
        </span>
        <RadixSelect.Icon>
          <ChevronDown className="size-3.5 text-muted" aria-hidden="true" />
        </RadixSelect.Icon>
      </RadixSelect.Trigger>
      <RadixSelect.Portal>
        <RadixSelect.Content
          position="popper"
          sideOffset={4}
          className="animate-fade-in z-60 max-h-[min(320px,var(--radix-select-content-available-height))] min-w-(--radix-select-trigger-width) overflow-hidden rounded-md border border-line bg-panel p-1 shadow-float"
        >
          <RadixSelect.Viewport>
            {options.map((option) => (
              <RadixSelect.Item
                key={option.value}
                value={option.value}
                disabled={option.disabled}
                className="relative flex items-center gap-2 rounded-sm py-1.5 pr-2.5 pl-7 text-sm outline-none data-[disabled]:opacity-50 data-[highlighted]:bg-hover"
              >
                <RadixSelect.ItemIndicator className="absolute left-2">
                  <Check className="size-3.5 text-accent-text" aria-hidden="true" />
                </RadixSelect.ItemIndicator>
                <span>
                  <RadixSelect.ItemText>{option.label}</RadixSelect.ItemText>
                  {option.hint && <span className="block text-xs text-muted">{option.hint}</span>}
                </span>
              </RadixSelect.Item>
            ))}
          </RadixSelect.Viewport>
        </RadixSelect.Content>
      </RadixSelect.Portal>
    </RadixSelect.Root>
  );
}
