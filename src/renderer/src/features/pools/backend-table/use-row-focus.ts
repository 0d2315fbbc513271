// Which row is the current one and how the focus gets there. One row is in the tab order at a time;
// a row that is scrolled out of a long list is brought in first and focused when it appears.
import { type RefObject, useCallback, useRef, useState } from 'react';

export interface RowFocus {
  /** The current row; null in an empty table. */
  active: string | null;
  setActive: (name: string) => void;
  focusRow: (name: string) => void;
  /** By `delta` from the current row, stopping at both ends. Returns the new row. */
  moveBy: (delta: number) => string | null;
  appeared: (name: string, element: HTMLElement) => void;
}

export function useRowFocus(
  order: readonly string[],
  grid: RefObject<HTMLElement | null>,
  reveal: RefObject<((name: string) => void) | null>,
): RowFocus {
  const [chosen, setActive] = useState<string | null>(null);
  const waiting = useRef<string | null>(null);
  const latestOrder = useRef(order);
  latestOrder.current = order;
  const active = chosen !== null && order.includes(chosen) ? chosen : (order[0] ?? null);
  const latestActive = useRef(active);
  latestActive.current = active;

  const focusRow = useCallback(
    (name: string) => {
      setActive(name);
      latestActive.current = name;
      const row = grid.current?.querySelector<HTMLElement>(`[data-row="${CSS.escape(name)}"]`);
      if (row) {
        row.focus();
        return;
      }
      waiting.current = name;
      reveal.current?.(name);
    },
    [grid, reveal],
  );
  const moveBy = useCallback(
    (delta: number) => {
      const names = latestOrder.current;
      const current = latestActive.current === null ? -1 : names.indexOf(latestActive.current);
      const next = names[Math.min(names.length - 1, Math.max(0, current + delta))];
      if (next === undefined) return null;
      focusRow(next);
      return next;
    },
    [focusRow],
  );
  const appeared = useCallback((name: string, element: HTMLElement) => {
    if (waiting.current !== name) return;
    waiting.current = null;
    element.focus();
  }, []);
  return { active, setActive, focusRow, moveBy, appeared };
}
