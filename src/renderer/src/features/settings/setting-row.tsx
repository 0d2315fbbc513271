// A line of the settings: what it is at the left, its meaning below, the control at the right.
import type { ReactNode } from 'react';

export interface SettingRowProps {
  label: ReactNode;
  hint?: ReactNode;
  /** Id of the hint, for the control's aria-describedby. */
  hintId?: string;
  children: ReactNode;
}

export function SettingRow({ label, hint, hintId, children }: SettingRowProps) {
  return (
    <div className="flex min-h-11 items-center gap-6 px-3.5 py-2.5">
      <div className="max-w-[60%] shrink-0">
        {label}
        {hint && (
          <p id={hintId} className="text-xs text-muted">
            {hint}
          </p>
        )}
      </div>
      <div className="flex min-w-0 flex-1 items-center justify-end text-right">{children}</div>
    </div>
  );
}
