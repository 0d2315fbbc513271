// Text and number fields. Invalid ones are marked through aria-invalid, which also draws them.
import type { ComponentProps } from 'react';
import { cn } from '../lib/class-names.ts';

const FIELD_CLASSES =
  'w-full min-w-0 rounded-md border border-line bg-raised px-2.5 text-sm text-text transition-colors placeholder:text-faint hover:border-line-strong focus-visible:outline-offset-0 disabled:opacity-50 aria-invalid:border-down';

export interface InputProps extends ComponentProps<'input'> {
  /** Addresses, paths and codes. */
  mono?: boolean;
}

export function Input({ mono, className, ...rest }: InputProps) {
  return (
    <input
      type="text"
      spellCheck={false}
      autoComplete="off"
      {...rest}
      className={cn(FIELD_CLASSES, 'h-8', mono && 'font-mono text-xs', className)}
    />
  );
}

export interface NumberInputProps extends InputProps {
  /** Shown inside at the right: "ms". */
  unit?: string;
}

export function NumberInput({ unit, className, ...rest }: NumberInputProps) {
  return (
    <span className="relative flex">
      <Input
        inputMode="numeric"
        {...rest}
        className={cn('text-right tabular-nums', unit && 'pr-9', className)}
      />
      {unit && (
        <span
          aria-hidden="true"
          className="pointer-events-none absolute inset-y-0 right-2.5 flex items-center text-xs text-muted"
        >
          {unit}
        </span>
      )}
    </span>
  );
}

export interface TextAreaProps extends ComponentProps<'textarea'> {
  mono?: boolean;
}

export function TextArea({ mono, className, ...rest }: TextAreaProps) {
  return (
    <textarea
      spellCheck={false}
      {...rest}
      className={cn(FIELD_CLASSES, 'min-h-20 resize-y py-1.5', mono && 'font-mono text-xs', className)}
    />
  );
}
