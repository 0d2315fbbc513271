// Label, control, hint and error in one block. Give the control `id={htmlFor}` and
// `aria-describedby={fieldDescription(htmlFor)}` so that hint and error are read with it. `data-field` marks
// what comes into view as a whole when the field is refused.
import type { ReactNode } from 'react';

export interface FieldProps {
  label: ReactNode;
  /** What it means and what its default is. */
  hint?: ReactNode;
  /** What is accepted and yet hardly meant. */
  warning?: ReactNode;
  /** What is wrong and how to mend it. */
  error?: ReactNode;
  htmlFor: string;
  children: ReactNode;
}

/** The id of the block that holds a field's hint and error. */
export function fieldDescription(htmlFor: string): string {
  return `${htmlFor}-description`;
}

export function Field({ label, hint, warning, error, htmlFor, children }: FieldProps) {
  return (
    <div data-field className="flex scroll-my-4 flex-col gap-1">
      <label htmlFor={htmlFor} className="text-xs font-medium text-text">
        {label}
      </label>
      {children}
      <div id={fieldDescription(htmlFor)} className="text-xs">
        {error && (
          <p className="text-down" role="alert">
            {error}
          </p>
        )}
        {warning && (
          <p className="text-warn" role="status">
            {warning}
          </p>
        )}
        {hint && <p className="text-muted">{hint}</p>}
      </div>
    </div>
  );
}
