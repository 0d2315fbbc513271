// The button of the window. `shortcut` shows the key that does the same; it does not bind it.
import { cva, type VariantProps } from 'class-variance-authority';
import type { ComponentProps } from 'react';
import { cn } from '../lib/class-names.ts';
import { Kbd } from './kbd.tsx';

const buttonClasses = cva(
  'inline-flex shrink-0 items-center justify-center gap-2 rounded-md border font-medium whitespace-nowrap transition-colors disabled:pointer-events-none disabled:opacity-50 aria-busy:opacity-70',
  {
    variants: {
      variant: {
        primary:
          'border-accent bg-accent font-semibold text-on-accent hover:brightness-110 active:brightness-95',
        secondary: 'border-line bg-raised text-text hover:border-line-strong hover:bg-hover active:bg-raised',
        ghost: 'border-transparent text-muted hover:bg-raised hover:text-text',
        danger: 'border-down bg-down font-semibold text-on-down hover:brightness-110 active:brightness-95',
      },
      size: { sm: 'h-6 px-2 text-xs', md: 'h-7 px-2.5 text-sm' },
    },
    defaultVariants: { variant: 'secondary', size: 'md' },
  },
);

export interface ButtonProps extends ComponentProps<'button'>, VariantProps<typeof buttonClasses> {
  shortcut?: string;
  /** Says that what it started is on its way; it stays focusable and ignores presses. */
  pending?: boolean;
}

export function Button({
  variant,
  size,
  shortcut,
  pending,
  className,
  children,
  onClick,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      aria-busy={pending || undefined}
      onClick={pending ? (event) => event.preventDefault() : onClick}
      className={cn(buttonClasses({ variant, size }), className)}
    >
      {children}
      {shortcut && <Kbd keys={shortcut} tone={variant === 'primary' ? 'on-accent' : 'plain'} />}
    </button>
  );
}
