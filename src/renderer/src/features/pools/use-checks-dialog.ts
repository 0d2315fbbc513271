// Whose checks are shown, and the way back: closing gives the focus to that backend's row, also when
// the dialog was opened from a menu that is gone by then.
import { useEffect, useRef, useState } from 'react';

export function useChecksDialog(
  focusRow: (backend: string) => void,
): [string | null, (backend: string | null) => void] {
  const [backend, setBackend] = useState<string | null>(null);
  const shown = useRef<string | null>(null);
  useEffect(() => {
    const before = shown.current;
    shown.current = backend;
    if (backend === null && before !== null) focusRow(before);
  }, [backend, focusRow]);
  return [backend, setBackend];
}
