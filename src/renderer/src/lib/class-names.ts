// Joins Tailwind class lists; a later class wins over an earlier one that sets the same property, so
// a caller of a ui component can override its looks.
import { cx } from 'class-variance-authority';
import { twMerge } from 'tailwind-merge';

export function cn(...classes: Parameters<typeof cx>): string {
  return twMerge(cx(...classes));
}
