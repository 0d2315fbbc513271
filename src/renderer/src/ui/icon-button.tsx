// A square button with only an icon; its label is its name for assistive tools and its tooltip.
import type { ComponentProps } from 'react';
import { cn } from '../lib/class-names.ts';
import { Tooltip } from './tooltip.tsx';

export interface IconButtonProps extends Omit<ComponentProps<'button'>, 'aria-label'> {
  label: string;
  /** Key that does the same, shown in the tooltip. */
  shortcut?: string;
}

export function IconButton({ label, shortcut, className, children, ...rest }: IconButtonProps) {
  return (
    <Tooltip content={label} shortcut={shortcut}>
      <button
        type="button"
        {...rest}
        aria-label={label}
        className={cn(
          'inline-flex size-7 shrink-0 items-center justify-center rounded-md text-muted transition-colors hover:bg-raised hover:text-text disabled:pointer-events-none disabled:opacity-50 [&>svg]:size-4',
          className,
        )}
      >
        {children}
      </button>
    </Tooltip>
  );
}
