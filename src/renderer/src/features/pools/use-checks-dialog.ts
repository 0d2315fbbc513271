// Whose checks are shown and of which time, and the way back: closing gives the focus to that backend's
// row, also when the dialog was opened from a menu that is gone by then.
import { useCallback, useEffect, useRef, useState } from 'react';

export interface ChecksPeriod {
  /** ms since the epoch. */
  from: number;
  to: number;
  /** Start of the incident whose beginning is looked for. */
  began?: number;
}

interface ShownChecks {
  backend: string;
  /** Undefined: the newest ones. */
  period: ChecksPeriod | undefined;
}

export interface ChecksDialog {
  shown: ShownChecks | null;
  show: (backend: string, period?: ChecksPeriod) => void;
  setPeriod: (period: ChecksPeriod | undefined) => void;
  close: () => void;
}

export function useChecksDialog(focusRow: (backend: string) => void): ChecksDialog {
  const [shown, setShown] = useState<ShownChecks | null>(null);
  const before = useRef<ShownChecks | null>(null);
  useEffect(() => {
    const last = before.current;
    before.current = shown;
    if (shown === null && last !== null) focusRow(last.backend);
  }, [shown, focusRow]);
  const show = useCallback((backend: string, period?: ChecksPeriod) => setShown({ backend, period }), []);
  const setPeriod = useCallback(
    (period: ChecksPeriod | undefined) => setShown((current) => current && { ...current, period }),
    [],
  );
  const close = useCallback(() => setShown(null), []);
  return { shown, show, setPeriod, close };
}
